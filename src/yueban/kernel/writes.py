"""Writes that several parts of the house prepare and one statement carries out.

Each part says in its own SQL what is to be written to its own tables; what belongs together goes to the database
once, with all values in one JSON document: for two rows or a thousand the statement is the same. Such writes do not
see one another: two of them never touch the same row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One INSERT or UPDATE whose SQL finds its rows under the name ``new`` where it says ``{rows}``.

    ``columns`` gives each column of ``new`` its type.
    """

    name: str
    columns: Mapping[str, str]
    sql: str

    def reading(self, *, is_one: bool) -> str:
        """The SQL that takes its rows, or its one row, from the JSON document ``given``.

        That a row is the only one is said to the planner: for a hundred it would rather read a small table whole.
        """
        typed = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
        read, part = ("jsonb_to_record", " -> 0") if is_one else ("jsonb_to_recordset", "")
        found = f"{read}((SELECT rows -> '{self.name}'{part} FROM given)) AS new({typed})"  # noqa: S608 - ours
        return self.sql.replace("{rows}", found)


@dataclass(frozen=True, slots=True)
class Write:
    """A statement and the rows that it is to write."""

    statement: Statement
    rows: Sequence[Mapping[str, Any]]


def together(writes: Sequence[Write], *, told: str = "1") -> tuple[str, list[str]]:
    """One statement that carries all of them out and selects ``told``, and its values."""
    given = {write.statement.name: write.rows for write in writes}
    sql = _joined(tuple((write.statement, len(write.rows) == 1) for write in writes), told)
    return sql, [_JSON.encode(given)]


@cache
def _joined(statements: tuple[tuple[Statement, bool], ...], told: str) -> str:
    parts = "".join(f", {one.name} AS ({one.reading(is_one=is_one)})" for one, is_one in statements)
    return f"WITH given AS (SELECT %s::jsonb AS rows){parts} SELECT {told}"


def _plain(value: Any) -> str:
    """A day or a moment as the database reads it."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written")


_JSON: Final = json.JSONEncoder(ensure_ascii=False, default=_plain)
