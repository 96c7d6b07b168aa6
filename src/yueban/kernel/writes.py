"""Writes that several parts of the house prepare and one statement carries out.

Each part says in its own SQL what is to be written to its own tables; what belongs together goes to the database
once. Such writes do not see one another: two of them never touch the same row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Write:
    """One INSERT or UPDATE with its values; ``name`` also begins the names of the values."""

    name: str
    sql: str
    values: Mapping[str, Any]


def together(writes: Iterable[Write]) -> tuple[str, dict[str, Any]]:
    """One statement that carries all of them out, and its values."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for write in writes:
        parts.append(f"{write.name} AS ({write.sql})")
        values |= write.values
    return f"WITH {', '.join(parts)} SELECT 1", values
