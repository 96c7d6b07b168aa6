"""试算 before a signature: the offer against the enterprises that are known, and against its version before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from yueban.elements import selectors as elements
from yueban.expressions import All, Node, Truth, Vocabulary, evaluate, parse, to_text
from yueban.parties import enterprise_facts
from yueban.parties import selectors as parties
from yueban.policies.amounts import compute
from yueban.policies.models import OfferVersion
from yueban.policies.selectors import offers_in_force, standard_of
from yueban.policies.standard import OfferStandard

# Every enterprise is worked out one by one: of more than this the first stand for all, and the page says so.
MOST = 2000
SHOWN = 10


@dataclass
class Tried:
    """What was counted so far."""

    true: int = 0
    unknown: int = 0
    near: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    amounts: list[Decimal] = field(default_factory=list)
    overlaps: Counter[str] = field(default_factory=Counter)
    gains: int = 0
    loses: int = 0


def try_out(version: OfferVersion, on: date) -> dict[str, Any]:
    """Who would match, who misses by one condition, what it would cost, what it overlaps, who gains and who loses."""
    standard, vocabulary = standard_of(version, on), elements.vocabulary()
    before = previous_of(version, on)
    others = {
        f"{one.name}（{one.offer.policy.title}）": standard_of(one, on)
        for one in offers_in_force(on)
        if one.offer_id != version.offer_id
    }
    ids = parties.enterprise_ids(MOST + 1)
    found, tried = enterprise_facts.facts_of_many(ids[:MOST], on), Tried()
    for known in found.values():
        facts = enterprise_facts.plain(known)
        _try(tried, standard, before, others, facts, on, vocabulary)
    return {
        "on": on.isoformat(),
        "enterprises": len(found),
        "is_sample": len(ids) > MOST,
        "true": tried.true,
        "unknown": tried.unknown,
        "near": tried.near.total(),
        "near_by_condition": [{"condition": one, "enterprises": n} for one, n in tried.near.most_common()],
        "missing_facts": [{"condition": one, "enterprises": n} for one, n in tried.missing.most_common()],
        "cost": _cost(tried.amounts),
        "overlaps": [{"name": one, "enterprises": n} for one, n in tried.overlaps.most_common(SHOWN)],
        "change": {"gains": tried.gains, "loses": tried.loses} if before is not None else None,
    }


def previous_of(version: OfferVersion, on: date) -> OfferStandard | None:
    """What is in force until this version begins."""
    return next(
        (
            standard_of(one, on)
            for one in offers_in_force(on)
            if one.offer_id == version.offer_id and one != version
        ),
        None,
    )


def _try(  # noqa: PLR0917 - one enterprise against everything
    tried: Tried,
    standard: OfferStandard,
    before: OfferStandard | None,
    others: Mapping[str, OfferStandard],
    facts: Mapping[str, Any],
    on: date,
    vocabulary: Vocabulary,
) -> None:
    def value(rule: Mapping[str, Any] | Node) -> Truth:
        node = parse(rule) if isinstance(rule, Mapping) else rule
        return evaluate(node, facts, on=on, vocabulary=vocabulary).value

    outcome = value(standard.conditions)
    if outcome is Truth.UNKNOWN:
        tried.unknown += 1
        missing = evaluate(parse(standard.conditions), facts, on=on, vocabulary=vocabulary).missing
        tried.missing.update(f"缺“{vocabulary.get_fact(code).name}”" for code in missing)
    elif outcome is Truth.FALSE:
        failing = [part for part in _parts(parse(standard.conditions)) if value(part) is not Truth.TRUE]
        if len(failing) == 1:
            tried.near[to_text(failing[0], vocabulary)] += 1
    else:
        tried.true += 1
        tried.amounts.append(compute(standard, facts, on=on, vocabulary=vocabulary).amount)
        tried.overlaps.update(name for name, one in others.items() if value(one.conditions) is Truth.TRUE)
    if before is not None:
        had = value(before.conditions) is Truth.TRUE
        tried.gains += outcome is Truth.TRUE and not had
        tried.loses += had and outcome is not Truth.TRUE


def _parts(node: Node) -> Iterator[Node]:
    """The conditions that must hold together."""
    if isinstance(node, All):
        for child in node.children:
            yield from _parts(child)
    else:
        yield node


def _cost(amounts: list[Decimal]) -> dict[str, str] | None:
    """Of those who match: all together, the least, the middle and the most."""
    if not amounts:
        return None
    return {
        "total": str(sum(amounts, Decimal(0))),
        "lowest": str(min(amounts)),
        "median": str(Decimal(median(amounts)).quantize(Decimal("0.01"))),
        "highest": str(max(amounts)),
    }
