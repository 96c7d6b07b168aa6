"""The rules inside an item (material, section and field conditions): reading, checking, printing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yueban.catalogue.problems import PathStep, Problem
from yueban.expressions import Node, Outcome, Truth, Vocabulary, decide, dump, evaluate, parse, to_text
from yueban.expressions import check as check_node
from yueban.expressions import facts_of as node_facts
from yueban.kernel import clock
from yueban.kernel.errors import ServiceError


@dataclass(frozen=True)
class RuleAt:
    """A rule of the standard with the place it stands at."""

    path: tuple[PathStep, ...]
    rule: Mapping[str, Any]


def problems_of(at: RuleAt, vocabulary: Vocabulary) -> list[Problem]:
    """What makes the rule unreadable or meaningless."""
    try:
        node = parse(at.rule)
    except ServiceError as error:
        return [Problem(at.path, error.message, error.hint)]
    return [Problem(at.path, found.message, found.hint) for found in check_node(node, vocabulary)]


def facts_of(rule: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The elements a rule rests on, derived ones traced to theirs."""
    return node_facts(parse(rule), vocabulary)


def stored_form(rule: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The rule with its language version, as it is kept."""
    return None if rule is None else dict(dump(parse(rule)))


def sentence(rule: Mapping[str, Any] | None, vocabulary: Vocabulary) -> str | None:
    """The rule as a Chinese sentence."""
    return None if rule is None else to_text(parse(rule), vocabulary)


def holds(
    rule: Mapping[str, Any] | None,
    facts: Mapping[str, object],
    vocabulary: Vocabulary,
    on: date | None = None,
) -> Truth:
    """Whether the rule holds; no rule always holds."""
    if rule is None:
        return Truth.TRUE
    return decide(parsed(rule), facts, on=on or clock.today(), vocabulary=vocabulary)


@dataclass(frozen=True)
class Judging:
    """What holds for the same facts on the same day: a rule that many fields share is decided once."""

    facts: Mapping[str, object]
    vocabulary: Vocabulary
    on: date = field(default_factory=clock.today)
    decided: dict[Node, Truth] = field(default_factory=dict)

    def holds(self, rule: Mapping[str, Any] | None) -> Truth:
        """As ``holds``."""
        if rule is None:
            return Truth.TRUE
        node = parsed(rule)
        found = self.decided.get(node)
        if found is None:
            found = self.decided[node] = decide(node, self.facts, on=self.on, vocabulary=self.vocabulary)
        return found

    def with_facts(self, facts: Mapping[str, object]) -> Judging:
        """The same day and vocabulary with further facts."""
        return Judging({**self.facts, **facts}, self.vocabulary, self.on)


def judge(
    rule: Mapping[str, Any], facts: Mapping[str, object], vocabulary: Vocabulary, on: date | None = None
) -> Outcome:
    """The rule's value with the facts that are missing."""
    return evaluate(parsed(rule), facts, on=on or clock.today(), vocabulary=vocabulary)


# A rule of a compiled standard is one and the same object for as long as its version is known: it is read
# once. The rule is kept beside what it says, so that its identity stays its own.
_trees: dict[int, tuple[Mapping[str, Any], Node]] = {}
_KEPT = 20_000


def parsed(rule: Mapping[str, Any]) -> Node:
    """The tree of a rule of a compiled standard."""
    known = _trees.get(id(rule))
    if known is not None and known[0] is rule:
        return known[1]
    return _remember(rule, parse(rule))


def stored(node: Node) -> dict[str, Any]:
    """A tree as a compiled standard keeps it, which need not be read again."""
    rule = dump(node)
    _remember(rule, node)
    return rule


def _remember(rule: Mapping[str, Any], node: Node) -> Node:
    if len(_trees) >= _KEPT:
        _trees.clear()
    _trees[id(rule)] = (rule, node)
    return node
