"""演示企业: plausible enterprises by seed and place, the same ones every time; nobody of them exists.

Each part of 2,000 is made by itself, so that a load begins again where it was stopped. Of some facts nothing is
known, of some it is known that there is nothing, and some have expired, as it is with real registers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yueban.flows.made_mix import Mix, code_of, name_of, number_of
from yueban.parties.services import BulkEnterprise, BulkFacts

PART: Final = 2_000
AS_OF: Final = date(2026, 10, 31)
FIRST_YEAR: Final = 1990
REGISTER: Final = "市场监督管理部门登记信息（演示）"
STATISTICS: Final = "统计部门名录（演示）"
TAX: Final = "税务部门申报信息（演示）"
STAFF: Final = "社会保险经办机构参保信息（演示）"
SCIENCE: Final = "科技部门认定和统计（演示）"
INDUSTRY: Final = "经信部门认定和统计（演示）"
CREDIT: Final = "公共信用信息平台（演示）"
ABSENT: Final = '{"absent": true}'
Values = Sequence[str | None]
Figures = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass
class _Part:
    """One part as columns: what each is, and what each source says."""

    mix: Mix
    random: np.random.Generator
    county: NDArray[np.int64]
    industry: NDArray[np.int64]
    staff: Figures
    revenue: Figures
    founded: NDArray[np.int64]
    does_research: Mask
    is_industrial: Mask
    columns: dict[str, dict[str, Values]] = field(default_factory=dict)
    silent: dict[str, Mask] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.staff)

    @property
    def chains(self) -> NDArray[np.str_]:
        """The industry chain of each."""
        return np.array([one.chain for one in self.mix.industries])[self.industry]

    def chance(self, share: float | Figures) -> Mask:
        """Whom it befalls."""
        return np.asarray(self.random.random(self.rows) < share)

    def tell(self, source: str, name: str, values: Values, unknown: float = 0.0) -> None:
        """A source says this; of some nothing is known."""
        gaps = self.chance(unknown)
        kept = [None if gap else value for gap, value in zip(gaps.tolist(), values, strict=True)]
        self.columns.setdefault(source, {})[f"enterprise.{name}"] = kept

    def figures(
        self, source: str, name: str, figures: Figures, unknown: float, nobody: Mask | None = None
    ) -> None:
        """Whole numbers; who has none is known to have none."""
        told: list[str | None] = [str(int(one)) for one in figures.tolist()]
        if nobody is not None:
            told = [ABSENT if none else one for none, one in zip(nobody.tolist(), told, strict=True)]
        self.tell(source, name, told, unknown)

    def flags(self, source: str, name: str, mask: Mask, unknown: float = 0.0) -> None:
        """Yes or no."""
        self.tell(source, name, ["true" if one else "false" for one in mask.tolist()], unknown)

    def choice(
        self, source: str, name: str, codes: Sequence[str], shares: Sequence[float], unknown: float
    ) -> None:
        """One code of several."""
        places = self.random.choice(len(codes), self.rows, p=np.array(shares) / sum(shares))
        self.tell(source, name, [f'"{codes[place]}"' for place in places.tolist()], unknown)


def made(mix: Mix, *, seed: int, first: int, until: int) -> Iterator[BulkEnterprise]:
    """Those from ``first`` up to and without ``until``, all of one part."""
    part = first // PART
    columns = _make(mix, np.random.default_rng([seed, part]))
    told = {source: _rows(columns, source) for source in columns.columns}
    kinds = columns.columns[REGISTER]["enterprise.kind"]
    for place in range(first - part * PART, until - part * PART):
        index = part * PART + place
        county = mix.counties[columns.county[place]]
        industry = mix.industries[columns.industry[place]]
        says = [rows[place] for rows in told.values()]
        yield BulkEnterprise(
            number=number_of(seed, index),
            name=name_of(county, industry, index, json.loads(kinds[place] or '""')),
            code=code_of(seed, index),
            division=county.division,
            told=tuple(one for one in says if one is not None),
        )


def _make(mix: Mix, random: np.random.Generator) -> _Part:
    shares = mix.shares()
    chosen = random.choice(shares.size, PART, p=shares.ravel())
    county, industry = np.divmod(chosen, len(mix.industries))
    median_staff = np.array([one.staff for one in mix.industries])[industry]
    per_head = np.array([one.revenue for one in mix.industries])[industry] * 10_000
    staff = np.maximum(1, np.round(median_staff * np.exp(random.normal(-0.35, 1.05, PART))))
    revenue = np.round(staff * per_head * np.exp(random.normal(0, 0.55, PART)), -2)
    letters = np.array([one.codes[0][0] for one in mix.industries])[industry]
    research = np.array([one.rd for one in mix.industries])[industry] * np.clip(np.log10(staff + 1), 0.2, 2.0)
    last = AS_OF.toordinal()
    age = random.gamma(1.6, 5.5, PART) * 365.25
    founded = np.maximum(last - age.astype(np.int64), date(FIRST_YEAR, 1, 1).toordinal())
    part = _Part(
        mix, random, county, industry, staff, revenue, founded, random.random(PART) < research, letters == "C"
    )
    for tell in (_register, _tax, _staff, _statistics, _industry, _science, _credit):
        tell(part)
    return part


def _register(part: _Part) -> None:
    mix, random = part.mix, part.random
    codes = [mix.industries[one].codes for one in part.industry.tolist()]
    picks = random.integers(0, 1 << 16, part.rows).tolist()
    is_stock = part.staff > 400
    kinds = [
        "joint-stock" if big and pick % 3 else "limited" for big, pick in zip(is_stock, picks, strict=True)
    ]
    part.tell(REGISTER, "kind", [f'"{kind}"' for kind in kinds])
    part.choice(REGISTER, "status", ("active", "suspended", "revoked"), (96.5, 1.5, 2), 0)
    part.tell(
        REGISTER, "industry", [f'"{of[pick % len(of)]}"' for of, pick in zip(codes, picks, strict=True)], 0.01
    )
    part.tell(REGISTER, "division", [f'"{mix.counties[one].division}"' for one in part.county.tolist()])
    part.tell(REGISTER, "founded_on", [f'"{date.fromordinal(day)}"' for day in part.founded.tolist()], 0.005)
    steps = np.array([10, 50, 100, 200, 500, 1000, 3000, 5000, 10000]) * 10_000.0
    part.figures(
        REGISTER, "capital", steps[np.minimum(8, random.poisson(np.log10(part.staff) * 2 + 1))], 0.01
    )
    part.flags(REGISTER, "is_abnormal", part.chance(0.03))


def _tax(part: _Part) -> None:
    random, revenue = part.random, part.revenue
    part.silent[TAX] = part.chance(0.05)
    before = np.round(revenue / np.exp(random.normal(0.06, 0.22, part.rows)), -2)
    part.figures(TAX, "employees", part.staff, 0.04)
    part.figures(TAX, "revenue", revenue, 0.03)
    part.figures(TAX, "revenue_before", before, 0.06, part.founded > date(2025, 1, 1).toordinal())
    part.figures(TAX, "assets", np.round(revenue * np.exp(random.normal(-0.2, 0.5, part.rows)), -2), 0.08)
    part.figures(TAX, "tax_paid", np.round(revenue * random.uniform(0.005, 0.06, part.rows)), 0.04)
    share = np.clip(random.normal(0.032, 0.015, part.rows), 0.002, 0.2)
    expense = np.round(revenue * share, -2)
    part.figures(TAX, "rd_expense", expense, 0.05, ~part.does_research)
    growth = np.exp(random.normal(0.08, 0.25, part.rows))
    part.figures(TAX, "rd_expense_before", np.round(expense / growth, -2), 0.08, ~part.does_research)
    part.figures(TAX, "tax_owed", np.zeros(part.rows), 0.02)
    part.choice(TAX, "tax_credit", ("A", "B", "M", "C", "D"), (12, 48, 30, 7, 3), 0.06)
    exports = part.is_industrial & part.chance(0.22)
    part.figures(TAX, "export", np.round(revenue * random.uniform(0.05, 0.9, part.rows), -2), 0.04, ~exports)


def _staff(part: _Part) -> None:
    random, staff = part.random, part.staff
    part.silent[STAFF] = part.chance(np.where(staff < 3, 0.35, 0.04))
    insured = np.maximum(1, np.floor(staff * random.uniform(0.55, 1.0, part.rows)))
    part.figures(STAFF, "insured", insured, 0.02)
    part.figures(
        STAFF, "insured_before", np.maximum(1, np.round(insured / random.uniform(0.85, 1.2, part.rows))), 0.04
    )
    part.figures(STAFF, "new_hires", random.binomial(staff.astype(np.int64), 0.12).astype(np.float64), 0.05)
    part.figures(STAFF, "graduates", random.binomial(staff.astype(np.int64), 0.02).astype(np.float64), 0.05)
    part.figures(
        STAFF, "disabled_staff", random.binomial(staff.astype(np.int64), 0.008).astype(np.float64), 0.15
    )
    layoffs = np.round(np.abs(random.normal(0, 4, part.rows)), 1)
    part.tell(STAFF, "layoff_ratio", [str(one) for one in layoffs.tolist()], 0.05)


def _statistics(part: _Part) -> None:
    chains = part.chains
    part.silent[STATISTICS] = part.chance(0.06)
    is_large = np.where(part.is_industrial, part.revenue >= 20_000_000, part.revenue >= 10_000_000)
    part.flags(STATISTICS, "is_above_scale", is_large & part.chance(0.92))
    core = np.isin(chains, ("software", "integrated-circuit"))
    part.flags(STATISTICS, "is_digital_core", core)
    part.flags(
        STATISTICS, "is_emerging", core | np.isin(chains, ("biomedicine", "medical-device", "new-energy"))
    )
    part.flags(STATISTICS, "is_listed", (part.revenue > 800_000_000) & part.chance(0.25))


def _industry(part: _Part) -> None:
    random, mix = part.random, part.mix
    parks = [mix.counties[one].parks for one in part.county.tolist()]
    in_park = (part.staff > 20) & part.chance(0.35)
    picks = random.integers(0, 1 << 16, part.rows).tolist()
    part.tell(
        INDUSTRY,
        "park",
        [
            f'"{of[pick % len(of)]}"' if is_in else ABSENT
            for of, pick, is_in in zip(parks, picks, in_park, strict=True)
        ],
        0.02,
    )
    part.tell(
        INDUSTRY,
        "chain",
        [
            f'["{chain}"]' if chain else "[]"
            for chain in (mix.industries[one].chain for one in part.industry.tolist())
        ],
    )
    places = np.where(part.is_industrial, random.choice(4, part.rows, p=[0.12, 0.43, 0.38, 0.07]), -1)
    part.tell(
        INDUSTRY, "mu_rating", [f'"{"ABCD"[one]}"' if one >= 0 else ABSENT for one in places.tolist()], 0.04
    )
    held, fresh = _honours(part)
    part.tell(INDUSTRY, "honours", [json.dumps(sorted(codes)) for codes in held], 0.02)
    part.tell(INDUSTRY, "honours_this_year", [json.dumps(sorted(codes)) for codes in fresh], 0.02)
    older = [json.dumps(sorted(all_ - new)) for all_, new in zip(held, fresh, strict=True)]
    part.tell(INDUSTRY, "honours_before", older, 0.02)
    invests = part.chance(np.where(part.is_industrial, 0.18, 0.05))
    for name, scale in (
        ("digital_investment", 9_000),
        ("equipment_investment", 30_000),
        ("fixed_investment", 60_000),
    ):
        amounts = np.round(part.staff * scale * np.exp(random.normal(0, 0.8, part.rows)), -3)
        part.figures(INDUSTRY, name, amounts, 0.06, ~invests)
    part.flags(INDUSTRY, "is_integrated", part.is_industrial & (part.staff > 100) & part.chance(0.2))


def _honours(part: _Part) -> tuple[list[set[str]], list[set[str]]]:
    """Recognitions held, with their broader ones, and those of them that are this year's."""
    size, research, industrial = np.log10(part.staff), part.does_research, part.is_industrial
    chances: dict[str, Any] = {
        "tech-sme": np.where(research, 0.45, 0.0) * (part.staff <= 500),
        "high-tech-enterprise": np.where(research, 0.14 * size, 0.0),
        "innovative-sme": np.where(research, 0.06, 0.0),
        "specialised-sme.provincial": np.where(research & (part.staff > 40), 0.12, 0.0),
        "little-giant": np.where(research & (part.staff > 120), 0.04, 0.0),
        "single-champion.provincial": np.where(research & (part.staff > 300), 0.05, 0.0),
        "hidden-champion": np.where(research & (part.staff > 80), 0.02, 0.0),
        "smart-factory.provincial": np.where(industrial & (part.staff > 150), 0.05, 0.0),
        "smart-factory.municipal": np.where(industrial & (part.staff > 60), 0.04, 0.0),
        "digital-workshop.provincial": np.where(industrial & (part.staff > 80), 0.05, 0.0),
        "digital-workshop.municipal": np.where(industrial & (part.staff > 30), 0.03, 0.0),
        "future-factory.provincial": np.where(industrial & (part.staff > 500), 0.05, 0.0),
        "green-factory.provincial": np.where(industrial & (part.staff > 120), 0.04, 0.0),
        "green-factory.municipal": np.where(industrial & (part.staff > 50), 0.03, 0.0),
        "technology-centre.provincial": np.where(research & (part.staff > 150), 0.1, 0.0),
        "technology-centre.municipal": np.where(research & (part.staff > 50), 0.08, 0.0),
        "cloud-enterprise.municipal": np.full(part.rows, 0.004),
        "dcmm.2": np.where(part.staff > 100, 0.02, 0.0),
        "dcmm.3": np.where(part.staff > 300, 0.02, 0.0),
        "first-equipment.provincial": np.where(research & (part.staff > 100), 0.02, 0.0),
        "standard-zhejiang": np.where(industrial & (part.staff > 100), 0.05, 0.0),
        "standard-national": np.where(industrial & (part.staff > 300), 0.04, 0.0),
        "software-enterprise": np.where(part.chains == "software", 0.15, 0.0),
    }
    held: list[set[str]] = [set() for _ in range(part.rows)]
    fresh: list[set[str]] = [set() for _ in range(part.rows)]
    for code, chance in chances.items():
        broader = {code.split(".")[0], code}
        has, is_new = part.chance(chance), part.chance(0.2)
        for place in np.flatnonzero(has).tolist():
            held[place] |= broader
            if is_new[place]:
                fresh[place] |= broader
    return held, fresh


def _science(part: _Part) -> None:
    random = part.random
    honours = [json.loads(one or "[]") for one in part.columns[INDUSTRY]["enterprise.honours"]]
    has = np.array(["high-tech-enterprise" in codes for codes in honours])
    part.silent[SCIENCE] = ~part.does_research
    years, months = random.integers(0, 4, part.rows).tolist(), random.integers(11, 13, part.rows).tolist()
    ends = [date(AS_OF.year + later, month, 28) for later, month in zip(years, months, strict=True)]
    until = [f'"{day}"' if one else ABSENT for one, day in zip(has.tolist(), ends, strict=True)]
    part.tell(SCIENCE, "high_tech_until", until)
    part.figures(
        SCIENCE, "rd_staff", np.maximum(1, np.floor(part.staff * random.uniform(0.05, 0.35, part.rows))), 0.08
    )
    part.figures(SCIENCE, "invention_patents", random.poisson(np.log10(part.staff)).astype(np.float64), 0.05)


def _credit(part: _Part) -> None:
    part.silent[CREDIT] = part.chance(0.02)
    part.choice(
        CREDIT, "credit_grade", ("excellent", "good", "fair", "poor", "bad"), (22, 52, 20, 4, 2), 0.02
    )
    part.flags(CREDIT, "is_dishonest", part.chance(0.008))
    part.flags(CREDIT, "is_defaulter", part.chance(0.012))
    part.figures(CREDIT, "environment_penalties", part.chance(0.006).astype(np.float64), 0.01)
    part.figures(CREDIT, "safety_penalties", part.chance(0.008).astype(np.float64), 0.01)


def _rows(part: _Part, source: str) -> list[BulkFacts | None]:
    """What a source says of each; of whom it says nothing at all it has no row."""
    names = [f'"{name}": ' for name in part.columns[source]]
    silent = part.silent.get(source)
    # Some returns are of a year ago, and no longer good.
    is_old = part.chance(0.05 if source == TAX else 0.0)
    found: list[BulkFacts | None] = []
    for place, values in enumerate(zip(*part.columns[source].values(), strict=True)):
        told = ", ".join(name + value for name, value in zip(names, values, strict=True) if value is not None)
        if not told or (silent is not None and silent[place]):
            found.append(None)
        elif is_old[place]:
            found.append(BulkFacts(source, f"{{{told}}}", date(2025, 5, 31), date(2026, 5, 31)))
        else:
            found.append(BulkFacts(source, f"{{{told}}}", AS_OF, None))
    return found
