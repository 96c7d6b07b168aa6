"""A case that a module makes once; each of its tests starts with it as it was made, and is undone over it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Kept = TypeVar("Kept")
_kept: dict[tuple[str, str], Any] = {}
_taken: set[tuple[str, str]] = set()


@contextmanager
def kept(stage: str, username: str, row: Any) -> Iterator[None]:
    """While this lasts, whoever first asks for a case at this stage in a test is given this one."""
    _kept[stage, username] = row
    try:
        yield
    finally:
        _kept.clear()


def begin_test() -> None:
    """Nothing was taken yet."""
    _taken.clear()


def taken_or(stage: str, username: str, make: Callable[[], Kept]) -> Kept:
    """The kept case, the first time in a test; else a new one."""
    key = (stage, username)
    if key not in _kept or key in _taken:
        return make()
    _taken.add(key)
    row = _kept[key]
    return type(row).objects.get(pk=row.pk)
