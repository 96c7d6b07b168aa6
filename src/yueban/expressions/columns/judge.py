"""Deciding rules over a table, three-valued, and who misses by a single condition."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import numpy as np

from yueban.expressions.columns.bits import Bits, all_rows
from yueban.expressions.columns.column import Column, Table
from yueban.expressions.facts import descend
from yueban.expressions.nodes import All, Any, Node, None_, Predicate
from yueban.expressions.operands import read_operand
from yueban.expressions.operators import get_operator
from yueban.expressions.vocabulary import Vocabulary


@dataclass(frozen=True)
class Verdicts:
    """Of every row: certainly met, certainly not; what is in neither is unknown."""

    true: Bits
    false: Bits

    def negated(self) -> Verdicts:
        """Not; unknown stays unknown."""
        return Verdicts(self.false, self.true)


@dataclass
class Judge:
    """Rules over one table on one day; conditions that rules share are decided once."""

    table: Table
    vocabulary: Vocabulary
    on: date
    atoms: dict[Predicate, Verdicts] = field(default_factory=dict)

    def decide(self, node: Node) -> Verdicts:
        """What `evaluate` finds of each row, and the errors it raises."""
        if isinstance(node, Predicate):
            return self._atom(node, ())
        return self._group(node, ())

    def _decide(self, node: Node, trail: tuple[str, ...]) -> Verdicts:
        return self._atom(node, trail) if isinstance(node, Predicate) else self._group(node, trail)

    def _group(self, node: All | Any | None_, trail: tuple[str, ...]) -> Verdicts:
        parts = [self._decide(child, trail) for child in node.children]
        if not parts:
            everybody, nobody = all_rows(self.table.rows), np.zeros_like(all_rows(self.table.rows))
            return Verdicts(nobody, everybody) if isinstance(node, Any) else Verdicts(everybody, nobody)
        if isinstance(node, All):
            return Verdicts(_and([part.true for part in parts]), _or([part.false for part in parts]))
        found = Verdicts(_or([part.true for part in parts]), _and([part.false for part in parts]))
        return found if isinstance(node, Any) else found.negated()

    def _atom(self, node: Predicate, trail: tuple[str, ...]) -> Verdicts:
        found = self.atoms.get(node)
        if found is None:
            found = self.atoms[node] = self._judge(node, trail)
        return found

    def _judge(self, node: Predicate, trail: tuple[str, ...]) -> Verdicts:
        fact = self.vocabulary.get_fact(node.fact)
        operator = get_operator(node.op, fact)
        operand = read_operand(node, operator, fact, self.on)
        if fact.derived is not None:
            basis = self._decide(fact.derived, descend(trail, fact.code))
            return _of_truth(basis, lambda known: operator.decide(known, operand, self.on))
        column = self.table.column(node.fact)
        if node.op == "exists":
            return _existing(column, is_wanted=operand)
        hits = column.hits(node.op, operand, self.on)
        met = hits | column.absent if operator.if_absent else hits
        return Verdicts(met, (column.present | column.absent) & ~met)

    def near(self, node: Node, is_movable: Callable[[str], bool] = lambda _fact: True) -> Bits:
        """The rows for which the rule is not met and would be, were exactly one condition of it met instead.

        A condition on a fact that nobody can change (`is_movable` False) is never the one.
        """
        met, nearly = self._reach(node, is_movable, (), is_negated=False)
        return nearly & ~met

    def _reach(
        self, node: Node, is_movable: Callable[[str], bool], trail: tuple[str, ...], *, is_negated: bool
    ) -> tuple[Bits, Bits]:
        """Who meets it, and who meets it with at most one condition turned."""
        if isinstance(node, Predicate):
            found = self._atom(node, trail)
            met = found.false if is_negated else found.true
            return met, all_rows(self.table.rows) if is_movable(node.fact) else met
        turned = is_negated != isinstance(node, None_)
        parts = [self._reach(child, is_movable, trail, is_negated=turned) for child in node.children]
        joins_all = isinstance(node, All) != is_negated if not isinstance(node, None_) else not is_negated
        if not parts:
            everybody = all_rows(self.table.rows)
            return (
                (everybody, everybody) if joins_all else (np.zeros_like(everybody), np.zeros_like(everybody))
            )
        return reduce(_both if joins_all else _either, parts)


def _both(left: tuple[Bits, Bits], right: tuple[Bits, Bits]) -> tuple[Bits, Bits]:
    return left[0] & right[0], left[0] & right[1] | left[1] & right[0]


def _either(left: tuple[Bits, Bits], right: tuple[Bits, Bits]) -> tuple[Bits, Bits]:
    return left[0] | right[0], left[1] | right[1]


def _and(parts: Collection[Bits]) -> Bits:
    return reduce(np.bitwise_and, parts)


def _or(parts: Collection[Bits]) -> Bits:
    return reduce(np.bitwise_or, parts)


def _existing(column: Column, *, is_wanted: bool) -> Verdicts:
    something = column.something()
    nothing = (column.present & ~something) | column.absent
    return Verdicts(something, nothing) if is_wanted else Verdicts(nothing, something)


def _of_truth(basis: Verdicts, decide: Callable[[bool], bool]) -> Verdicts:
    """A condition on a derived fact, which is true or false where its rule is."""
    nobody = np.zeros_like(basis.true)
    met = (basis.true if decide(True) else nobody) | (basis.false if decide(False) else nobody)
    return Verdicts(met, (basis.true | basis.false) & ~met)
