"""What several conditions of one page ask of the same case is read once."""

from collections.abc import Callable
from typing import Any, TypeVar

from yueban.cases.models import Case

T = TypeVar("T")
_KEPT = "_kept_reads"


def keep_reads(case: Case) -> None:
    """From now on this very object answers from what was read first: for a page that only looks at it."""
    case.__dict__.setdefault(_KEPT, {})


def read_once(case: Case, name: str, read: Callable[[], T]) -> T:
    """What `read` gives; of a case whose reads are kept, what it gave the first time."""
    kept: dict[str, Any] | None = case.__dict__.get(_KEPT)
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    found: T = kept[name]
    return found
