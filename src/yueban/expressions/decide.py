"""The value of a rule alone, for forms that ask hundreds of rules at each step: `evaluate` without its explanation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from yueban.expressions.facts import descend
from yueban.expressions.nodes import All, Any, Node, Predicate
from yueban.expressions.operands import read_operand
from yueban.expressions.operators import get_operator
from yueban.expressions.truth import Truth, all_of, any_of, none_of
from yueban.expressions.values import Absent, is_unknown, read
from yueban.expressions.vocabulary import Vocabulary


def decide(node: Node, facts: Mapping[str, object], *, on: date, vocabulary: Vocabulary) -> Truth:
    """What ``evaluate`` finds, and the same errors; a property test holds the two against each other."""
    return _decide(node, facts, on, vocabulary, ())


def _decide(
    node: Node, facts: Mapping[str, object], on: date, vocabulary: Vocabulary, trail: tuple[str, ...]
) -> Truth:
    if isinstance(node, Predicate):
        return _predicate(node, facts, on, vocabulary, trail)
    # Every child is decided, also where one settles it: a rule that cannot be read is never passed over.
    values = [_decide(child, facts, on, vocabulary, trail) for child in node.children]
    if isinstance(node, All):
        return all_of(values)
    return any_of(values) if isinstance(node, Any) else none_of(values)


def _predicate(
    node: Predicate, facts: Mapping[str, object], on: date, vocabulary: Vocabulary, trail: tuple[str, ...]
) -> Truth:
    fact = vocabulary.get_fact(node.fact)
    operator = get_operator(node.op, fact)
    operand = read_operand(node, operator, fact, on)
    if fact.derived is not None:
        basis = _decide(fact.derived, facts, on, vocabulary, descend(trail, fact.code))
        if basis is Truth.UNKNOWN:
            return basis
        return Truth.of(operator.decide(basis is Truth.TRUE, operand, on))
    raw = facts.get(node.fact)
    if isinstance(raw, Absent):
        return Truth.of((not operand) if node.op == "exists" else operator.if_absent)
    if is_unknown(raw):
        return Truth.UNKNOWN
    return Truth.of(operator.decide(read(raw, fact), operand, on))
