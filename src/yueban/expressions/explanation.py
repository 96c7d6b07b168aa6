"""Why a rule came out as it did: a tree that pages can draw and people can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yueban.expressions.truth import Truth


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node: its sentence, its truth, what the fact was, and which facts are missing for it.

    ``kind`` is all, any, none, fact or derived; ``actual`` is the fact's value as people read it,
    None for groups, unknown facts and sensitive ones.
    """

    kind: str
    sentence: str
    value: Truth
    missing: tuple[str, ...] = ()
    children: tuple[Explanation, ...] = ()
    fact: str | None = None
    actual: str | None = None

    def leaves(self) -> Iterator[Explanation]:
        """The nodes about single facts, left to right."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def against(self) -> tuple[Explanation, ...]:
        """The nodes that made a FALSE rule false: what stands in the subject's way."""
        if self.value is not Truth.FALSE:
            return ()
        if self.kind == "none" or not self.children:
            return (self,)
        return tuple(reason for child in self.children for reason in child.against()) or (self,)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a rule; ``missing`` names the facts that could still decide an UNKNOWN."""

    value: Truth
    missing: tuple[str, ...]
    tree: Explanation

    @property
    def is_true(self) -> bool:
        """Certainly met."""
        return self.value is Truth.TRUE

    @property
    def is_false(self) -> bool:
        """Certainly not met."""
        return self.value is Truth.FALSE

    @property
    def is_unknown(self) -> bool:
        """Not decided while ``missing`` is missing."""
        return self.value is Truth.UNKNOWN
