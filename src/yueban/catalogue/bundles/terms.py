"""Conditions while bundles are merged: a rule, or what is already decided (True, False)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any as AnyValue

from yueban.catalogue import rules
from yueban.expressions import All, Any, Node, None_, Predicate, Truth, Vocabulary, evaluate
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
    return None if isinstance(term, bool) else rules.stored(term)


@dataclass(frozen=True)
class Known:
    """What always holds of who is needed.

    ``implied`` = that a child is needed → what follows from it; whoever goes on needs at least one of them.
    """

    implied: Mapping[Node, frozenset[Node]]
    said: dict[Term, Term] = field(default_factory=dict, compare=False)

    def simplified(self, term: Term) -> Term:
        """The same condition without what goes without saying; what many fields share is thought over once."""
        found = self.said.get(term)
        if found is None:
            found = self.said[term] = self._simplified(term)
        return found

    def _simplified(self, term: Term) -> Term:
        if isinstance(term, Any):
            return self._any([self.simplified(child) for child in term.children])
        if isinstance(term, All):
            return self._all([self.simplified(child) for child in term.children])
        return self._any([term]) if term in self.implied else term

    def _follows(self, term: Term) -> frozenset[Node]:
        """Everything that holds when the condition holds, itself included."""
        if isinstance(term, bool):
            return frozenset()
        parts = term.children if isinstance(term, All) else (term,)
        return frozenset(parts).union(*(self.implied.get(part, frozenset()) for part in parts))

    def _all(self, terms: list[Term]) -> Term:
        whole = all_of(terms)
        follows = self._follows(whole)
        if any(isinstance(node, None_) and set(node.children) & follows for node in follows):
            return False
        if not isinstance(whole, All):
            return whole
        return all_of(
            part
            for part in whole.children
            if not any(part in self.implied.get(other, ()) for other in whole.children if other != part)
        )

    def _any(self, terms: list[Term]) -> Term:
        whole = any_of(terms)
        if isinstance(whole, bool):
            return whole
        parts = whole.children if isinstance(whole, Any) else (whole,)
        # Single statements first: what follows from one of them needs no longer words.
        single: set[Node] = {part for part in parts if not isinstance(part, All)}
        kept: set[Node] = {
            part for part in single if not (self.implied.get(part, frozenset()) - {part}) & single
        }
        longer: list[frozenset[Node]] = []
        for part in sorted((one for one in parts if isinstance(one, All)), key=lambda one: len(one.children)):
            follows = self._follows(part)
            if not (follows & kept or any(least <= follows for least in longer)):
                longer.append(frozenset(part.children))
                kept.add(part)
        if all(
            follows & kept or any(least <= follows for least in longer) for follows in self.implied.values()
        ):
            return True
        return any_of(part for part in parts if part in kept)
