"""Which facts a rule speaks of, derived ones traced to what they rest on."""

from __future__ import annotations

from yueban.expressions.errors import RuleCircular
from yueban.expressions.nodes import Node, predicates
from yueban.expressions.vocabulary import Vocabulary


def facts_of(node: Node, vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """The facts in order of first mention; with a vocabulary derived ones are replaced by their own.

    Raises RuleCircular where a derived fact rests on itself.
    """
    found: dict[str, None] = {}
    _collect(node, vocabulary, (), found)
    return tuple(found)


def _collect(
    node: Node, vocabulary: Vocabulary | None, trail: tuple[str, ...], found: dict[str, None]
) -> None:
    for predicate in predicates(node):
        fact = vocabulary.get(predicate.fact) if vocabulary is not None else None
        if fact is None or fact.derived is None:
            found[predicate.fact] = None
            continue
        _collect(fact.derived, vocabulary, descend(trail, fact.code), found)


def descend(trail: tuple[str, ...], code: str) -> tuple[str, ...]:
    """The trail of derived facts with one more; raises RuleCircular where it is on it already."""
    if code in trail:
        circle = " → ".join((*trail[trail.index(code) :], code))
        raise RuleCircular(
            f"派生数据元循环引用：{circle}。", hint="请去掉其中一处引用。", data={"fact": code}
        )
    return (*trail, code)
