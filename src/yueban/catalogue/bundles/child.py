"""A child while it is being merged: what it asks, what the bundle settles for it, and when it is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypedDict

from yueban.catalogue import rules
from yueban.catalogue.bundles.compiled import need_fact
from yueban.catalogue.bundles.standard import BundleChild
from yueban.catalogue.bundles.terms import Known, Term, all_of, any_of, negation, substitute
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.problems import PathStep, Problem
from yueban.catalogue.standard.situations import Answer
from yueban.expressions import All, Node, Predicate, Vocabulary, parse, to_text


@dataclass
class Child:
    """``constants`` (element → answer) and ``renames`` (own element → the bundle's) are what its rules see instead.

    ``suppliers`` = own element → children whose result or form gives it; ``rests_on_form`` = its ``when`` can only be
    decided with the form filled in.
    """

    place: int
    declared: BundleChild
    compiled: Compiled
    constants: dict[str, Answer] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    suppliers: dict[str, tuple[Child, ...]] = field(default_factory=dict)
    start: str | None = None
    choice: str | None = None
    questions: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    may_fall_out: bool = False
    rests_on_form: bool = False

    @property
    def key(self) -> str:
        """Its key within the bundle."""
        return self.declared.key

    @property
    def name(self) -> str:
        """The name of its item."""
        return self.compiled.name

    @cached_property
    def when(self) -> Node | None:
        """The bundle's own condition for it."""
        return parse(self.declared.when) if self.declared.when is not None else None

    @cached_property
    def guard(self) -> Term:
        """The condition under which anything of it is asked."""
        needed: Term = self.need if self.may_fall_out else True
        return all_of((needed, self.when)) if self.rests_on_form and self.when is not None else needed

    @property
    def need(self) -> Node:
        """That it is needed, as a condition."""
        return Predicate(need_fact(self.key), "eq", value=True)

    def term(self, rule: Mapping[str, Any] | None) -> Term:
        """A rule of the item as the bundle sees it; no rule always holds."""
        if rule is None:
            return True
        if not self.constants and not self.renames:
            return rules.parsed(rule)
        return substitute(rules.parsed(rule), self.constants, self.renames, self.compiled.vocabulary)

    def asked_unless_supplied(self, element: str) -> Term:
        """Whether the applicant must say it himself: not where another child gives it."""
        return negation(any_of(giver.guard for giver in self.suppliers.get(element, ())))

    def problem(self, message: str, hint: str, *path: PathStep) -> Problem:
        """A problem that stands at this child in the bundle's file."""
        return Problem(("children", self.place, *path), message, hint)


class Said(TypedDict):
    """A condition as a compiled field, section or material keeps it, with its sentence; None = always."""

    when: dict[str, Any] | None
    when_text: str | None


ALWAYS = Said(when=None, when_text=None)


@dataclass(frozen=True)
class Words:
    """What merged conditions are simplified by and said in."""

    known: Known
    vocabulary: Vocabulary
    said: dict[Node, Said] = field(default_factory=dict)

    def say(self, term: Term | None) -> Said:
        """The condition as it is kept; what many fields share is said once."""
        if term is None or isinstance(term, bool):
            return ALWAYS
        found = self.said.get(term)
        if found is None:
            rule = rules.stored(term)
            found = self.said[term] = Said(when=rule, when_text=to_text(term, self.vocabulary))
        return found


def known_of(children: Sequence[Child]) -> Known:
    """What follows from each child's being needed: the parts of its condition, and what follows from those in turn."""
    direct = {
        child.need: frozenset() if child.when is None or child.rests_on_form else _parts(child.when)
        for child in children
    }
    implied = {}
    for need, parts in direct.items():
        reached = {need, *parts}
        waiting = list(parts)
        while waiting:
            for part in direct.get(waiting.pop(), frozenset()) - reached:
                reached.add(part)
                waiting.append(part)
        implied[need] = frozenset(reached)
    return Known(implied)


def _parts(node: Node) -> frozenset[Node]:
    return frozenset(node.children) if isinstance(node, All) else frozenset((node,))
