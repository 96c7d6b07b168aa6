"""Tables of a city pack (CSV) as typed rows: an empty cell is a value left out, true and false are written so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from yueban.flows.city_pack import Document, PackProblem, read_csv, read_model

Row = TypeVar("Row", bound=BaseModel)
WORDS = {"true": True, "false": False}
# Columns for the reader of the table, not for the platform: what is not confirmed yet.
REMARKS = frozenset({"#", "note"})


@dataclass
class Table(Generic[Row]):
    """A table read: rows with their lines, and the keys of all lines, those that could not be read included."""

    file: str
    rows: list[tuple[int, Row]] = field(default_factory=list)
    stated: list[tuple[int, str]] = field(default_factory=list)
    problems: list[PackProblem] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """Every key that stands in the table."""
        return {key for _, key in self.stated}

    def problem(self, line: int, name: str, message: str, hint: str) -> PackProblem:
        """A mistake in one cell."""
        return PackProblem(self.file, line, name, message, hint)

    def repeated(self, name: str) -> Iterator[PackProblem]:
        """Keys that stand on more than one line."""
        seen: dict[str, int] = {}
        for line, key in self.stated:
            first = seen.setdefault(key, line)
            if first != line:
                yield self.problem(line, name, f"“{key}”与第 {first} 行重复。", "请只留一行。")


def read_table(root: Path, name: str, model: type[Row], *, key: str) -> Table[Row]:
    """Read a table; lines that cannot be read stand in ``problems``."""
    table: Table[Row] = Table(name)
    needed = [column for column, info in model.model_fields.items() if info.is_required()]
    lines, table.problems = read_csv(root, name, needed)
    for cells in lines:
        line = int(cells["#"])
        table.stated.append((line, cells[key]))
        document = Document(name, None, {(): line})
        row = read_model(document, model, _content(cells))
        if row is not None:
            table.rows.append((line, row))
        table.problems += document.problems
    return table


def _content(cells: dict[str, str]) -> dict[str, Any]:
    return {name: WORDS.get(text, text) for name, text in cells.items() if text and name not in REMARKS}


def check_named(
    table: Table[Row], column: str, known: set[str], what: str, hint: str
) -> Iterator[PackProblem]:
    """Cells of a column that name something which does not exist; empty cells name nothing."""
    for line, row in table.rows:
        value = getattr(row, column)
        if value and value not in known:
            yield table.problem(line, column, f"没有{what}“{value}”。", hint)


def check_unique(table: Table[Row], column: str, key: str, what: str, hint: str) -> Iterator[PackProblem]:
    """Cells of a column that two rows share although each must have its own."""
    owners: dict[Any, str] = {}
    for line, row in table.rows:
        value, owner = getattr(row, column), str(getattr(row, key))
        other = owners.setdefault(value, owner)
        if other != owner:
            yield table.problem(line, column, f"{what}“{value}”与“{other}”相同。", hint)
