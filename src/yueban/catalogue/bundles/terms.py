"""Conditions while bundles are merged: a rule, or what is already decided (True, False)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any as AnyValue

from yueban.expressions import All, Any, Node, None_, Predicate, Truth, Vocabulary, dump, evaluate
from yueban.kernel import clock

Term = Node | bool


def all_of(terms: Iterable[Term | None]) -> Term:
    """Every one must hold; None says nothing."""
    nodes: dict[Node, None] = {}
    for term in terms:
        if term is False:
            return False
        if term is None or term is True:
            continue
        nodes |= dict.fromkeys(term.children if isinstance(term, All) else (term,))
    return True if not nodes else next(iter(nodes)) if len(nodes) == 1 else All(tuple(nodes))


def any_of(terms: Iterable[Term]) -> Term:
    """One must hold."""
    nodes: dict[Node, None] = {}
    for term in terms:
        if term is True:
            return True
        if term is False:
            continue
        nodes |= dict.fromkeys(term.children if isinstance(term, Any) else (term,))
    return False if not nodes else next(iter(nodes)) if len(nodes) == 1 else Any(tuple(nodes))


def negation(term: Term) -> Term:
    """It must not hold."""
    if isinstance(term, bool):
        return not term
    return None_(term.children) if isinstance(term, Any) else None_((term,))


def substitute(
    node: Node, constants: Mapping[str, object], renames: Mapping[str, str], vocabulary: Vocabulary
) -> Term:
    """The rule with the settled facts put in: what they decide is decided."""
    if isinstance(node, Predicate):
        if node.fact in constants:
            value = evaluate(node, constants, on=clock.today(), vocabulary=vocabulary).value
            return value is Truth.TRUE
        renamed = renames.get(node.fact)
        return node if renamed is None else Predicate(renamed, node.op, node.value)
    children = [substitute(child, constants, renames, vocabulary) for child in node.children]
    if isinstance(node, All):
        return all_of(children)
    return any_of(children) if isinstance(node, Any) else negation(any_of(children))


def stored(term: Term) -> dict[str, AnyValue] | None:
    """The condition as a compiled field keeps it; None = always. What never holds is never kept."""
    return None if isinstance(term, bool) else dump(term)
