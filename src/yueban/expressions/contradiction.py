"""Whether a rule can ever be true: thresholds that exclude each other, codes of which none is left.

What is found is certain; a contradiction hidden between different facts is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any as Anything

from yueban.expressions.nodes import All, Any, Node, None_, Predicate
from yueban.expressions.text import OPPOSITE
from yueban.expressions.values import TODAY, read
from yueban.expressions.vocabulary import FactKind, FactType, Vocabulary

ORDERED = frozenset({FactKind.INTEGER, FactKind.DECIMAL, FactKind.MONEY, FactKind.DATE})
CHOSEN = frozenset({FactKind.CODE, FactKind.BOOLEAN})
LOWER = {"ge": True, "gt": False, "after": False}
UPPER = {"le": True, "lt": False, "before": False}


@dataclass
class _Room:
    """What is left for one fact."""

    at_least: tuple[Anything, bool] | None = None
    """The lower bound, and whether it is itself within."""
    at_most: tuple[Anything, bool] | None = None
    among: frozenset[Anything] | None = None
    without: set[Anything] = field(default_factory=set)
    exists: set[bool] = field(default_factory=set)

    def raise_to(self, bound: Anything, *, includes: bool) -> None:
        if self.at_least is None or (bound, not includes) > (self.at_least[0], not self.at_least[1]):
            self.at_least = (bound, includes)

    def lower_to(self, bound: Anything, *, includes: bool) -> None:
        if self.at_most is None or (bound, includes) < self.at_most:
            self.at_most = (bound, includes)

    @property
    def is_empty(self) -> bool:
        """Whether no value is left."""
        if len(self.exists) == 2 or (self.among is not None and not self.among - self.without):
            return True
        if self.at_least is None or self.at_most is None:
            return False
        (low, has_low), (high, has_high) = self.at_least, self.at_most
        return bool(low > high or (low == high and not (has_low and has_high)))


def never_true(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether nobody can ever meet the rule."""
    return _is_impossible(list(_parts([node])), vocabulary)


def _is_impossible(parts: list[Node], vocabulary: Vocabulary) -> bool:
    rooms: dict[str, _Room] = {}
    for part in parts:
        if isinstance(part, Predicate):
            _narrow(rooms.setdefault(part.fact, _Room()), part, vocabulary.get(part.fact))
    if any(room.is_empty for room in rooms.values()):
        return True
    certain = [part for part in parts if isinstance(part, Predicate)]
    # Of a choice every way must be shut, each looked at beside what is certain.
    return any(
        isinstance(part, Any)
        and all(_is_impossible([*certain, *_parts([child])], vocabulary) for child in part.children)
        for part in parts
    )


def _parts(nodes: Iterable[Node]) -> Iterator[Node]:
    """What must hold together: the members of All, and what follows from None of single conditions."""
    for node in nodes:
        match node:
            case All(children):
                yield from _parts(children)
            case None_(children):
                for child in children:
                    if isinstance(child, Predicate) and child.op in OPPOSITE:
                        yield Predicate(child.fact, OPPOSITE[child.op], child.value)
            case _:
                yield node


def _narrow(room: _Room, part: Predicate, fact: FactType | None) -> None:
    if part.op == "exists":
        room.exists.add(bool(part.value))
    elif fact is None or part.value == TODAY:
        return
    elif fact.kind in ORDERED:
        _bound(room, part, fact)
    elif fact.kind in CHOSEN:
        values = part.value if isinstance(part.value, tuple) else (part.value,)
        chosen = frozenset(read(one, fact) for one in values)
        if part.op in {"eq", "in"}:
            room.among = chosen if room.among is None else room.among & chosen
        elif part.op in {"ne", "not_in"}:
            room.without |= chosen


def _bound(room: _Room, part: Predicate, fact: FactType) -> None:
    if part.op in {"between", "eq"}:
        low, high = part.value if isinstance(part.value, tuple) else (part.value, part.value)
        room.raise_to(read(low, fact), includes=True)
        room.lower_to(read(high, fact), includes=True)
    elif part.op in LOWER:
        room.raise_to(read(part.value, fact), includes=LOWER[part.op])
    elif part.op in UPPER:
        room.lower_to(read(part.value, fact), includes=UPPER[part.op])
