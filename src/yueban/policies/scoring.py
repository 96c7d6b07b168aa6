"""How well a reader reads: its drafts of a clause beside the structure that people made of the same clause.

Only what the clause itself says is asked of the reader: a field counts where people found it there or the reader
claims it. Conditions are compared predicate by predicate, everything else as one value.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from yueban.policies.drafts import Draft, conditions_of, rule_of
from yueban.policies.reading.benefits import Benefit as Read
from yueban.policies.reading.benefits import Kind
from yueban.policies.standard import Benefit, Fixed, OfferStandard, PerUnit, UpTo

FIELDS = ("conditions", "benefits", "caps", "beneficiary", "department", "exclusivity", "first_time")
# 当年新认定 and 首次 are the same list of honours at another time: the code is what was read.
HONOURS = ("enterprise.honours", "enterprise.honours_this_year", "enterprise.honours_before")
BEFORE = "enterprise.honours_before"
CONTAINS = frozenset({"contains", "contains_any", "contains_all"})
# Conditions of place and honesty come from the document as a whole, not from the clause.
GENERAL = frozenset({"enterprise.division", "enterprise.is_dishonest"})

Atom = tuple[str, str, str]


@dataclass
class Tally:
    """What people found (``of``), what the reader claims (``said``), and where both agree (``right``)."""

    right: int = 0
    of: int = 0
    said: int = 0

    def add(self, wanted: Counter[Any], found: Counter[Any]) -> None:
        """Compare two bags."""
        self.right += (wanted & found).total()
        self.of += wanted.total()
        self.said += found.total()

    def to_json(self) -> dict[str, Any]:
        """Recall = right of what there is, precision = right of what is claimed."""
        recall = round(self.right / self.of, 3) if self.of else None
        precision = round(self.right / self.said, 3) if self.said else None
        return {
            "right": self.right,
            "of": self.of,
            "said": self.said,
            "recall": recall,
            "precision": precision,
        }


@dataclass
class Score:
    """The tallies of all offers, and the offers of which every field agrees."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})
    offers: int = 0
    whole: int = 0
    misses: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, offer: OfferStandard, drafts: Sequence[Draft], quoted: set[str], kinds: Mapping[str, str]
    ) -> None:
        """Count one offer; ``quoted`` are the fields whose words stand in the clause, ``kinds`` name → kind."""
        wanted, found = _wanted(offer, quoted), _found(drafts, kinds)
        missed = {}
        for name in FIELDS:
            self.tallies[name].add(wanted[name], found[name])
            if wanted[name] != found[name]:
                missed[name] = {"wanted": _shown(wanted[name]), "found": _shown(found[name])}
        self.offers += 1
        self.whole += not missed
        if missed:
            self.misses.append({"offer": offer.key, "fields": missed})


def _shown(bag: Counter[Any]) -> list[str]:
    return sorted(str(one) for one in bag.elements())


def _wanted(offer: OfferStandard, quoted: set[str]) -> dict[str, Counter[Any]]:
    whens = [benefit.when for benefit in offer.benefits if benefit.when is not None]
    atoms = set(_atoms({"all": [offer.conditions, *whens]}))
    caps = [*(one.cap for one in offer.benefits), offer.caps.year, offer.caps.ever]
    limits = [one.gives.amount for one in offer.benefits if isinstance(one.gives, UpTo)]
    exclusive = offer.exclusive
    top_up = exclusive is not None and exclusive.scope == "ever" and exclusive.way == "highest"
    return {
        "conditions": Counter(atom for atom in atoms if atom[0] not in GENERAL),
        "benefits": Counter(one for benefit in offer.benefits for one in _given(benefit)),
        "caps": Counter(set(map(_number, [one for one in (*caps, *limits) if one is not None]))),
        "beneficiary": Counter([offer.beneficiary]),
        "department": Counter([offer.department_kind] if "department_kind" in quoted else []),
        "exclusivity": Counter([("top_up" if top_up else "highest_only")] if exclusive is not None else []),
        "first_time": Counter([True] if BEFORE in str(offer.conditions) + str(whens) else []),
    }


def _given(benefit: Benefit) -> Iterator[tuple[str, str]]:
    if isinstance(benefit.gives, Fixed | PerUnit):
        yield "amount", _number(benefit.gives.amount)
    elif not isinstance(benefit.gives, UpTo):
        yield "rate", _number(benefit.gives.rate)


def _found(drafts: Sequence[Draft], kinds: Mapping[str, str]) -> dict[str, Counter[Any]]:
    offers = [draft.offer for draft in drafts]
    rules = [rule for offer in offers for rule in (conditions_of(offer), *map(rule_of, offer.steps)) if rule]
    read = [step.benefit for offer in offers for step in offer.steps]
    told = {
        name: [getattr(offer, name) for offer in offers if getattr(offer, name) is not None]
        for name in ("beneficiary", "department", "exclusivity", "first_time")
    }
    departments = [_kind_of(told["department"][0].value, kinds)] if told["department"] else []
    return {
        "conditions": Counter(set(_atoms({"all": rules}))),
        "benefits": Counter(one for benefit in read for one in _read(benefit)),
        "caps": Counter({_number(cap) for one in read for cap in _caps(one)}),
        "beneficiary": Counter([one.value for one in told["beneficiary"][:1]] or ["enterprise"]),
        "department": Counter(departments),
        "exclusivity": Counter([one.value for one in told["exclusivity"][:1]]),
        # 新认定 means this year's list, which the conditions say; 首次 asks that it was never had before.
        "first_time": Counter([True] if any(one.value[0] != "新" for one in told["first_time"]) else []),
    }


def _read(benefit: Read) -> Iterator[tuple[str, str]]:
    if benefit.amount is not None:
        yield "amount", _number(benefit.amount)
    if benefit.rate is not None:
        yield "rate", _number(benefit.rate)
    elif benefit.kind is Kind.RELIEF:
        yield "relief", ""


def _caps(benefit: Read) -> Iterator[Decimal]:
    yield from ([benefit.cap] if benefit.cap is not None else [])
    yield from (cap for _, cap in benefit.limits)


def _atoms(rule: Mapping[str, Any]) -> Iterator[Atom]:
    """The predicates of a rule, a list of codes one by one, honours of whatever time under one name."""
    for group in ("all", "any", "none"):
        for child in rule.get(group, ()):
            yield from _atoms(child)
    if "fact" not in rule:
        return
    fact, op = str(rule["fact"]), str(rule["op"])
    name = HONOURS[0] if fact in HONOURS else fact
    value = rule.get("value")
    for one in value if isinstance(value, list | tuple) else [value]:
        yield name, "contains" if op in CONTAINS else op, _number(one)


def _number(value: Any) -> str:
    """One way of writing a number; anything else as it is."""
    if isinstance(value, bool) or value is None:
        return str(value)
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:
        return str(value)


def _kind_of(name: str, kinds: Mapping[str, str]) -> str:
    """The kind of department a clause names: 市经信局, 经信部门 and 绍兴市经信局 are one; the first of several."""
    bare = (
        name.lstrip("市县区")
        .split("、", maxsplit=1)[0]
        .removesuffix("部门")
        .removesuffix("局")
        .removesuffix("分")
    )
    return next((kind for known, kind in kinds.items() if bare and bare in known), name)
