"""Who misses by one condition, and which one it is: for one enterprise, and for all at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Final

import numpy as np

from yueban.expressions import All, FactKind, Node, None_, Predicate, Truth, Vocabulary, decide
from yueban.expressions.columns import Bits, Judge
from yueban.expressions.nodes import predicates

# What an enterprise cannot change in order to be given money: where it is, its trade, its age, what it has been.
FIXED_KINDS: Final = frozenset({FactKind.DIVISION, FactKind.INDUSTRY, FactKind.DATE})
FIXED: Final = frozenset(
    {"enterprise.years", "enterprise.kind", "enterprise.honours_before", "enterprise.is_dishonest"}
)


def movable(vocabulary: Vocabulary) -> Callable[[str], bool]:
    """Whether an enterprise could change this fact."""

    def is_movable(code: str) -> bool:
        return code not in FIXED and vocabulary.get_fact(code).kind not in FIXED_KINDS

    return is_movable


@dataclass(frozen=True)
class _Reached:
    """Whether a part of a rule is met, and if not the conditions any one of which would be enough."""

    is_met: bool
    by: tuple[Predicate, ...] = ()


def missing_one(
    node: Node, facts: Mapping[str, object], *, on: date, vocabulary: Vocabulary
) -> tuple[Predicate, ...]:
    """The conditions of a rule that is not met any one of which, turned, would meet it; none where it takes more."""
    is_movable = movable(vocabulary)

    def walk(part: Node, *, is_negated: bool) -> _Reached:
        if isinstance(part, Predicate):
            wanted = Truth.FALSE if is_negated else Truth.TRUE
            if decide(part, facts, on=on, vocabulary=vocabulary) is wanted:
                return _Reached(is_met=True)
            return _Reached(is_met=False, by=(part,) if is_movable(part.fact) else ())
        reached = [walk(one, is_negated=is_negated != isinstance(part, None_)) for one in part.children]
        return _all(reached) if _joins_all(part, is_negated=is_negated) else _any(reached)

    return tuple(dict.fromkeys(walk(node, is_negated=False).by))


def _all(parts: list[_Reached]) -> _Reached:
    unmet = [part for part in parts if not part.is_met]
    return _Reached(is_met=not unmet, by=unmet[0].by if len(unmet) == 1 else ())


def _any(parts: list[_Reached]) -> _Reached:
    if any(part.is_met for part in parts):
        return _Reached(is_met=True)
    return _Reached(is_met=False, by=tuple(one for part in parts for one in part.by))


def _joins_all(node: Node, *, is_negated: bool) -> bool:
    """Whether every part must be met, once none-of is written as all-not and a negated any too."""
    return not is_negated if isinstance(node, None_) else isinstance(node, All) != is_negated


def near_by_condition(
    judge: Judge, node: Node, alive: Bits, is_movable: Callable[[str], bool]
) -> Iterator[tuple[Predicate, Bits]]:
    """For each condition that can be changed, who would meet the rule if it alone were met instead."""
    met = judge.decide(node).true
    for place, predicate in enumerate(predicates(node)):
        if is_movable(predicate.fact):
            yield predicate, _met_with(judge, node, place) & ~met & alive


def _met_with(judge: Judge, node: Node, turned: int) -> Bits:
    """Who meets the rule when its condition at this place counts as met."""
    places = iter(range(sum(1 for _ in predicates(node))))

    def walk(part: Node, *, is_negated: bool) -> Bits:
        if isinstance(part, Predicate):
            found = judge.decide(part)
            if next(places) == turned:
                return np.full_like(found.true, np.iinfo(np.uint64).max)
            return found.false if is_negated else found.true
        reached = [walk(one, is_negated=is_negated != isinstance(part, None_)) for one in part.children]
        join = np.bitwise_and if _joins_all(part, is_negated=is_negated) else np.bitwise_or
        return reduce(join, reached)

    return walk(node, is_negated=False)
