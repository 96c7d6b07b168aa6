"""Three values of truth and Kleene's strong logic over them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """TRUE, FALSE, or UNKNOWN while a fact that matters is missing."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refused: UNKNOWN must be handled by name, never taken for false."""
        message = "compare a Truth with Truth.TRUE, Truth.FALSE or Truth.UNKNOWN"
        raise TypeError(message)

    @classmethod
    def of(cls, value: bool) -> Truth:  # noqa: FBT001 - that is the whole argument
        """From Python's two values."""
        return cls.TRUE if value else cls.FALSE

    def negated(self) -> Truth:
        """Not; unknown stays unknown."""
        return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}[self]


def all_of(values: Iterable[Truth]) -> Truth:
    """And: one FALSE decides, else one UNKNOWN."""
    found = set(values)
    if Truth.FALSE in found:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.TRUE


def any_of(values: Iterable[Truth]) -> Truth:
    """Or: one TRUE decides, else one UNKNOWN."""
    found = set(values)
    if Truth.TRUE in found:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.FALSE


def none_of(values: Iterable[Truth]) -> Truth:
    """Nor: the negation of or."""
    return any_of(values).negated()
