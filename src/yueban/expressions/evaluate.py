"""Evaluating a rule for one subject, with the explanation of the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from yueban.expressions.explanation import Explanation, Outcome
from yueban.expressions.facts import descend
from yueban.expressions.nodes import All, Any, Group, Node, Predicate
from yueban.expressions.operands import read_operand
from yueban.expressions.operators import get_operator
from yueban.expressions.text import to_text, value_text
from yueban.expressions.truth import Truth, all_of, any_of, none_of
from yueban.expressions.values import Absent, is_unknown, read
from yueban.expressions.vocabulary import FactType, Vocabulary


def evaluate(node: Node, facts: Mapping[str, object], *, on: date, vocabulary: Vocabulary) -> Outcome:
    """TRUE, FALSE or UNKNOWN by Kleene's logic; ``on`` is the day that "today" means.

    A fact not given, None or "" is unknown; ABSENT is known not to exist. Raises RuleUnknownFact,
    RuleUnknownOperator, RuleInvalid, RuleCircular for rules that check refuses, FactInvalid for values
    of the wrong type: nothing is silently false.
    """
    tree = _Subject(facts, on, vocabulary).explain(node, ())
    return Outcome(tree.value, tree.missing, tree)


@dataclass(frozen=True, slots=True)
class _Subject:
    """One subject on one day."""

    facts: Mapping[str, object]
    on: date
    vocabulary: Vocabulary

    def explain(self, node: Node, trail: tuple[str, ...]) -> Explanation:
        if isinstance(node, Predicate):
            return self._predicate(node, trail)
        return self._group(node, trail)

    def _group(self, node: Group, trail: tuple[str, ...]) -> Explanation:
        children = tuple(self.explain(child, trail) for child in node.children)
        kind, combine = _combination(node)
        value = combine(child.value for child in children)
        return Explanation(
            kind=kind,
            sentence=to_text(node, self.vocabulary),
            value=value,
            missing=_missing(value, children),
            children=children,
        )

    def _predicate(self, node: Predicate, trail: tuple[str, ...]) -> Explanation:
        fact = self.vocabulary.get_fact(node.fact)
        operator = get_operator(node.op, fact)
        operand = read_operand(node, operator, fact, self.on)
        sentence = to_text(node, self.vocabulary)
        if fact.derived is not None:
            basis = self.explain(fact.derived, descend(trail, fact.code))
            value = _decided(basis.value, lambda known: operator.decide(known, operand, self.on))
            missing = basis.missing if value is Truth.UNKNOWN else ()
            return Explanation("derived", sentence, value, missing, (basis,), fact.code)
        raw = self.facts.get(node.fact)
        if isinstance(raw, Absent):
            absent = (not operand) if node.op == "exists" else operator.if_absent
            return Explanation("fact", sentence, Truth.of(absent), fact=fact.code, actual="无")
        if is_unknown(raw):
            return Explanation("fact", sentence, Truth.UNKNOWN, (fact.code,), fact=fact.code)
        known = read(raw, fact)
        value = Truth.of(operator.decide(known, operand, self.on))
        return Explanation("fact", sentence, value, fact=fact.code, actual=_actual(known, fact))


def _combination(node: Group) -> tuple[str, Callable[[Iterable[Truth]], Truth]]:
    if isinstance(node, All):
        return "all", all_of
    if isinstance(node, Any):
        return "any", any_of
    return "none", none_of


def _decided(basis: Truth, decide: Callable[[bool], bool]) -> Truth:
    return basis if basis is Truth.UNKNOWN else Truth.of(decide(basis is Truth.TRUE))


def _missing(value: Truth, children: Iterable[Explanation]) -> tuple[str, ...]:
    """Only an undecided node misses anything, and only its undecided children matter to it."""
    if value is not Truth.UNKNOWN:
        return ()
    return tuple(dict.fromkeys(code for child in children for code in child.missing))


def _actual(known: object, fact: FactType) -> str | None:
    return None if fact.is_sensitive else value_text(known, fact)
