"""试算: what an offer would do, before anybody signs it.

Who would match, of whom too little is known, who misses by one condition and by which, what it would cost, which other
offers the same enterprises have, and against the version before who gains and who loses.
"""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from yueban.elements import selectors as elements
from yueban.expressions import Node, Vocabulary, facts_of, parse, to_text
from yueban.expressions.columns import Bits, Judge, count_bits, rows_of
from yueban.matching.deciding import rules_of
from yueban.matching.near import movable, near_by_condition
from yueban.matching.profiles import Profiles
from yueban.matching.table import current_profiles
from yueban.policies import selectors as policies
from yueban.policies.amounts import compute
from yueban.policies.standard import OfferStandard

# Amounts are worked out one by one; of more enterprises than this an even sample stands for all, and says so.
PRICED: Final = 2_000
SHOWN: Final = 20
Named = tuple[str, str, Node]


@dataclass(frozen=True)
class NearBy:
    """A condition, and how many enterprises it alone keeps out."""

    condition: str
    facts: tuple[str, ...]
    enterprises: int


@dataclass(frozen=True)
class Cost:
    """What those who match would be given, in yuan; ``priced`` of them were worked out, ``undecided`` miss a figure."""

    total: Decimal
    priced: int
    undecided: int
    lowest: Decimal
    quarter: Decimal
    median: Decimal
    three_quarters: Decimal
    highest: Decimal

    @property
    def is_estimate(self) -> bool:
        """Whether the total stands for more than were worked out."""
        return self.priced >= PRICED


@dataclass(frozen=True)
class Overlap:
    """Another offer that so many of the same enterprises have."""

    key: str
    name: str
    enterprises: int


@dataclass(frozen=True)
class Change:
    """Against the version before: who comes in, who falls out, with a few of each."""

    gains: int
    loses: int
    gaining: tuple[int, ...]
    losing: tuple[int, ...]


@dataclass(frozen=True)
class BackTest:
    """What an offer would do on a day; ``matching`` and ``undecided`` are the first few enterprises of each."""

    on: date
    enterprises: int
    true: int
    unknown: int
    near: int
    near_by_condition: tuple[NearBy, ...]
    missing_facts: tuple[NearBy, ...]
    cost: Cost | None
    overlaps: tuple[Overlap, ...]
    change: Change | None
    matching: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the version that was signed on it."""
        found: dict[str, Any] = _plain(asdict(self))
        return found


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
    return value


def try_out(
    standard: OfferStandard,
    profiles: Profiles,
    vocabulary: Vocabulary,
    *,
    previous: OfferStandard | None = None,
    others: Sequence[Named] = (),
) -> BackTest:
    """The offer against everybody in the table; ``others`` are key, name and rule of the offers there are."""
    judge = Judge(profiles.table, vocabulary, profiles.on)
    rule, alive = parse(standard.conditions), profiles.alive
    found = judge.decide(rule)
    true, unknown = found.true & alive, alive & ~found.true & ~found.false
    is_movable = movable(vocabulary)
    near = judge.near(rule, is_movable) & alive & ~unknown
    return BackTest(
        on=profiles.on,
        enterprises=count_bits(alive),
        true=count_bits(true),
        unknown=count_bits(unknown),
        near=count_bits(near),
        near_by_condition=_near(judge, rule, alive & ~unknown, vocabulary),
        missing_facts=_missing(profiles, rule, unknown, vocabulary),
        cost=_cost(standard, profiles, true, vocabulary) if standard.benefits else None,
        overlaps=_overlaps(judge, true, [one for one in others if one[0] != standard.key]),
        change=_change(judge, profiles, true, previous),
        matching=_first(profiles, true),
        undecided=_first(profiles, unknown),
    )


def _near(judge: Judge, rule: Node, alive: Bits, vocabulary: Vocabulary) -> tuple[NearBy, ...]:
    found = [
        NearBy(to_text(predicate, vocabulary), (predicate.fact,), count_bits(rows))
        for predicate, rows in near_by_condition(judge, rule, alive, movable(vocabulary))
    ]
    return tuple(sorted((one for one in found if one.enterprises), key=lambda one: -one.enterprises))


def _missing(profiles: Profiles, rule: Node, unknown: Bits, vocabulary: Vocabulary) -> tuple[NearBy, ...]:
    """Which unknown facts keep enterprises undecided; every fact of the rule nothing is known of counts."""
    counts: Counter[str] = Counter()
    for code in facts_of(rule, vocabulary):
        column = profiles.table.column(code)
        counts[code] = count_bits(unknown & ~column.present & ~column.absent)
    return tuple(
        NearBy(f"缺“{vocabulary.get_fact(code).name}”", (code,), count)
        for code, count in counts.most_common()
        if count
    )


def _cost(standard: OfferStandard, profiles: Profiles, true: Bits, vocabulary: Vocabulary) -> Cost | None:
    rows = rows_of(true)
    step = max(1, -(-len(rows) // PRICED))
    amounts: list[Decimal] = []
    undecided = 0
    for slot in rows[::step].tolist():
        facts, _ = profiles.facts_at(slot, vocabulary)
        computed = compute(standard, facts, on=profiles.on, vocabulary=vocabulary)
        undecided += bool(computed.missing)
        amounts.append(computed.amount)
    if not amounts:
        return None
    share = Decimal(len(rows)) / len(amounts)
    quarter, median, three = (
        statistics.quantiles(amounts, n=4, method="inclusive") if len(amounts) > 1 else amounts * 3
    )
    fen = Decimal("0.01")
    return Cost(
        total=(sum(amounts, Decimal(0)) * share).quantize(fen),
        priced=len(amounts),
        undecided=undecided,
        lowest=min(amounts),
        quarter=quarter.quantize(fen),
        median=median.quantize(fen),
        three_quarters=three.quantize(fen),
        highest=max(amounts),
    )


def _overlaps(judge: Judge, true: Bits, others: Sequence[Named]) -> tuple[Overlap, ...]:
    found = [Overlap(key, name, count_bits(judge.decide(rule).true & true)) for key, name, rule in others]
    shared = sorted((one for one in found if one.enterprises), key=lambda one: (-one.enterprises, one.key))
    return tuple(shared[:SHOWN])


def _change(judge: Judge, profiles: Profiles, true: Bits, previous: OfferStandard | None) -> Change | None:
    if previous is None:
        return None
    before = judge.decide(parse(previous.conditions)).true & profiles.alive
    gained, lost = true & ~before, before & ~true
    return Change(count_bits(gained), count_bits(lost), _first(profiles, gained), _first(profiles, lost))


def _first(profiles: Profiles, rows: Bits) -> tuple[int, ...]:
    return tuple(profiles.party_ids[rows_of(rows)[:SHOWN]].tolist())


def backtest(standard: OfferStandard, previous: OfferStandard | None = None) -> BackTest:
    """The offer against the table that stands, beside all offers in force."""
    profiles, vocabulary = current_profiles(), elements.vocabulary()
    versions = policies.offers_in_force(profiles.on)
    rules, _ = rules_of(versions, profiles.on, vocabulary)
    others = [(one.offer.key, one.name, rules[one.pk]) for one in versions if one.pk in rules]
    return try_out(standard, profiles, vocabulary, previous=previous, others=others)
