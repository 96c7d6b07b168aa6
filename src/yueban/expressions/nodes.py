"""The four kinds of node of a rule; immutable, comparable, hashable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Predicate:
    """One statement about one fact; ``value`` is as JSON has it, lists as tuples."""

    fact: str
    op: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class All:
    """True when every child is."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when at least one child is."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class None_:  # noqa: N801 - None is Python's own
    """True when no child is."""

    children: tuple[Node, ...]


Group = All | Any | None_
Node = All | Any | None_ | Predicate


def predicates(node: Node) -> Iterator[Predicate]:
    """Every predicate of a rule, left to right."""
    if isinstance(node, Predicate):
        yield node
    else:
        for child in node.children:
            yield from predicates(child)
