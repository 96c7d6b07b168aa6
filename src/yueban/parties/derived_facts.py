"""Facts that follow from others: size, full years, shares and growth; of one enterprise or of all, by the same sums.

What a source states itself goes before what is worked out. A figure that is known not to exist counts as nothing;
one that is not known leaves what would follow from it unknown, and so does a share of nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yueban.expressions import ABSENT
from yueban.parties.size_class import Figure, row_of, size_class, size_classes

SIZE: Final = "enterprise.size"
YEARS: Final = "enterprise.years"
INDUSTRY: Final = "enterprise.industry"
FOUNDED_ON: Final = "enterprise.founded_on"
SIZE_FIGURES: Final[dict[Figure, str]] = {
    "employees": "enterprise.employees",
    "revenue": "enterprise.revenue",
    "assets": "enterprise.assets",
}
SHARES: Final = {
    "enterprise.rd_ratio": ("enterprise.rd_expense", "enterprise.revenue"),
    "enterprise.rd_staff_ratio": ("enterprise.rd_staff", "enterprise.employees"),
    "enterprise.disabled_ratio": ("enterprise.disabled_staff", "enterprise.insured"),
}
GROWTHS: Final = {
    "enterprise.rd_growth": ("enterprise.rd_expense", "enterprise.rd_expense_before"),
    "enterprise.revenue_growth": ("enterprise.revenue", "enterprise.revenue_before"),
}
DERIVED: Final = (SIZE, YEARS, *SHARES, *GROWTHS)
FIGURES: Final = tuple(
    dict.fromkeys(
        [*SIZE_FIGURES.values(), *(fact for pair in (*SHARES.values(), *GROWTHS.values()) for fact in pair)]
    )
)
# Percentages have four decimals; a grain so small takes back what binary fractions lose.
PARTS: Final = 1_000_000
GRAIN: Final = 1e-6


def basis_of(fact: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that a derived one follows from, of this enterprise; empty for any other fact."""
    if fact == SIZE:
        industry = facts.get(INDUSTRY)
        row = row_of(industry) if isinstance(industry, str) else None
        return (INDUSTRY, *(SIZE_FIGURES[name] for name in (row.figures if row else SIZE_FIGURES)))
    if fact == YEARS:
        return (FOUNDED_ON,)
    return SHARES.get(fact) or GROWTHS.get(fact) or ()


def derive(facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What follows from the plain facts of one enterprise and is not among them; the unknown is left out."""
    figures = {fact: _figure(facts.get(fact)) for fact in FIGURES}
    industry = facts.get(INDUSTRY)
    size_figures: dict[str, float | None] = {name: figures[fact] for name, fact in SIZE_FIGURES.items()}
    found: dict[str, Any] = {
        SIZE: size_class(industry if isinstance(industry, str) else None, size_figures),
        YEARS: _years(facts.get(FOUNDED_ON), on),
        **{fact: _share(figures[part], figures[whole]) for fact, (part, whole) in SHARES.items()},
        **{fact: _growth(figures[now], figures[before]) for fact, (now, before) in GROWTHS.items()},
    }
    return {fact: value for fact, value in found.items() if value is not None and facts.get(fact) is None}


def _figure(raw: Any) -> float | None:
    if raw is ABSENT:
        return 0.0
    return None if raw is None or raw == "" else float(raw)


def _years(raw: Any, on: date) -> int | None:
    if raw is None or raw is ABSENT or raw == "":
        return None
    day = raw if isinstance(raw, date) else date.fromisoformat(raw)
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


def _share(part: float | None, whole: float | None) -> float | None:
    if part is None or not whole:
        return None
    # The whole number as a float again: the columns round each step, and one enterprise must too.
    return float(math.floor(part / whole * PARTS + GRAIN)) * 100 / PARTS


def _growth(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else _share(now - before, before)


@dataclass(frozen=True)
class BaseColumns:
    """What is known of all, by row.

    ``places`` are those of the industries (-1 unknown), ``founded_on`` ordinals of days (0 unknown), figures are NaN
    where unknown and 0 where known not to exist.
    """

    industries: Sequence[str]
    places: NDArray[np.int32]
    founded_on: NDArray[np.int64]
    figures: Mapping[str, NDArray[np.float64]]

    def figure(self, fact: str) -> NDArray[np.float64]:
        """The figures of a fact; one that nobody has told is unknown of everybody."""
        found = self.figures.get(fact)
        return np.full(len(self.places), np.nan) if found is None else found


def derive_sizes(columns: BaseColumns) -> NDArray[np.int8]:
    """The place in CLASSES of each one's size, -1 where unknown."""
    figures: dict[str, NDArray[np.float64]] = {n: columns.figure(fact) for n, fact in SIZE_FIGURES.items()}
    return size_classes(columns.industries, columns.places, figures)


def derive_numbers(columns: BaseColumns, on: date) -> dict[str, NDArray[np.float64]]:
    """Every other derived fact of all, NaN where unknown."""
    found = {YEARS: _all_years(columns.founded_on, on)}
    for fact, (part, whole) in SHARES.items():
        found[fact] = _all_shares(columns.figure(part), columns.figure(whole))
    for fact, (now, before) in GROWTHS.items():
        then = columns.figure(before)
        found[fact] = _all_shares(columns.figure(now) - then, then)
    return found


def _all_years(ordinals: NDArray[np.int64], on: date) -> NDArray[np.float64]:
    days = (ordinals - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    later = month * 100 + day > on.month * 100 + on.day
    return np.where(ordinals == 0, np.nan, on.year - years - later)


def _all_shares(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~(np.isnan(part) | np.isnan(whole) | (whole == 0))
    shares = np.divide(part, whole, out=np.full(len(part), np.nan), where=known)
    return np.asarray(np.floor(shares * PARTS + GRAIN) * 100 / PARTS)
