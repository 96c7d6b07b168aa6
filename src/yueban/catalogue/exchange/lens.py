"""Between the standard and its tables, losing nothing either way.

``take`` lays a definition out in rows and gives back what the rows cannot hold (the rest); ``put`` builds the
definition again from rows and rest. Where the rest holds a value too exact for its cell, it counts as long as
the cell still says the same; a cell that was changed counts itself.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yueban.catalogue.exchange.codecs import plain
from yueban.catalogue.exchange.columns import ITEM, LISTS, WHOLE_OR_NONE, Column, Path, Table
from yueban.catalogue.exchange.dialect import Dialect
from yueban.catalogue.exchange.faults import CellFault, Fault

ABSENT: Any = object()
Definition = dict[str, Any]
# Where the rows of a list came from: by list, position, and position of the child.
Places = dict[tuple[str | int, ...], "Record"]


@dataclass
class Record:
    """One row: its cells by the place of their column, its mark, and where it stands in the file."""

    cells: dict[str, Any]
    mark: str = ""
    row: int = 0


@dataclass
class Rest:
    """What rows cannot hold: of the item, and of its rows by their marks."""

    item: Definition = field(default_factory=dict)
    rows: dict[str, Definition] = field(default_factory=dict)


@dataclass
class Laid:
    """An item laid out: its own row, the rows of its lists, the rest."""

    item: Record
    lists: dict[str, list[Record]]
    rest: Rest


@dataclass
class Built:
    """An item put together again, with what was wrong and where each row of a list came from."""

    item: Record
    definition: Definition
    faults: list[Fault]
    places: Places


def take(
    definition: Mapping[str, Any],
    dialect: Dialect,
    *,
    columns: Sequence[Column] = ITEM.columns,
    lists: Sequence[Table] = LISTS,
) -> Laid:
    """Lay a definition out; lists and columns not named stay in the rest."""
    item = copy.deepcopy(dict(definition))
    rest = Rest()
    laid: dict[str, list[Record]] = {}
    for table in lists:
        rows = get(item, table.path)
        laid[table.name] = _take_list(table, [] if rows in (None, ABSENT) else rows, dialect, rest)
        if rows not in (None, ABSENT):
            remove(item, table.path)
    cells, rest.item = _take_row(columns, item, dialect)
    return Laid(Record(cells), laid, rest)


def put(
    laid: Laid,
    dialect: Dialect,
    *,
    columns: Sequence[Column] = ITEM.columns,
    lists: Sequence[Table] = LISTS,
) -> Built:
    """Build the definition again; what cannot be read is a fault and left out."""
    builder = _Builder(dialect, laid.rest)
    item = builder.row(ITEM.title, columns, laid.item, laid.rest.item)
    for table in lists:
        if table.name not in laid.lists:
            continue
        rows = builder.rows(table, laid.lists[table.name])
        if rows or get(item, table.path[:-1]) not in (None, ABSENT):
            put_at(item, table.path, rows)
    for path in WHOLE_OR_NONE:
        _collapse(item, path)
    return Built(laid.item, item, builder.faults, builder.places)


def _take_list(table: Table, rows: Sequence[Definition], dialect: Dialect, rest: Rest) -> list[Record]:
    records = []
    for number, row in enumerate(rows, 1):
        name = str(row.get(table.key) or number) if table.key else str(number)
        mark = f"{table.name}:{name}"
        if not table.child:
            cells, left = _take_row(table.columns, row, dialect)
            records.append(Record(cells, mark))
            _keep(rest, mark, left)
            continue
        parent = {key: value for key, value in row.items() if key != table.child}
        of_parent, of_child = _split(table)
        head, left = _take_row(of_parent, parent, dialect)
        _keep(rest, mark, left)
        for place, child in enumerate(row[table.child], 1):
            cells, left = _take_row(of_child, child, dialect)
            records.append(Record({**_named(head), **cells}, f"{mark}:{place}"))
            _keep(rest, f"{mark}:{place}", left)
    return records


def _keep(rest: Rest, mark: str, left: Definition) -> None:
    if left:
        rest.rows[mark] = left


def _split(table: Table) -> tuple[list[Column], list[Column]]:
    return (
        [column for column in table.columns if column.is_of_parent],
        [column for column in table.columns if not column.is_of_parent],
    )


def _named(head: Mapping[str, Any]) -> dict[str, Any]:
    """Cells of a parent, kept apart from those of its children."""
    return {f"^{name}": cell for name, cell in head.items()}


def cell_name(column: Column) -> str:
    """The name of a column's cell in a record."""
    return f"^{column.name}" if column.is_of_parent else column.name


def _take_row(
    columns: Sequence[Column], row: Definition, dialect: Dialect
) -> tuple[dict[str, Any], Definition]:
    cells: dict[str, Any] = {}
    left = copy.deepcopy(row)
    for column in columns:
        value = get(row, column.path)
        cells[column.name] = None if value is ABSENT else column.codec.write(value, dialect)
        if value is not ABSENT and _reads_back(column, cells[column.name], value, dialect):
            remove(left, column.path)
    return cells, left


def _reads_back(column: Column, cell: Any, value: Any, dialect: Dialect) -> bool:
    try:
        found = column.codec.read(cell, dialect)
    except CellFault:
        return False
    # 1 and True are equal to Python and different here.
    return type(found) is type(value) and bool(found == value)


@dataclass
class _Builder:
    """Reads records into rows, noting what cannot be read and where each row came from."""

    dialect: Dialect
    rest: Rest
    faults: list[Fault] = field(default_factory=list)
    places: Places = field(default_factory=dict)

    def rows(self, table: Table, records: Sequence[Record]) -> list[Definition]:
        """The rows of a list; children are gathered under the key of their parent."""
        return self._nested(table, records) if table.child else self._flat(table, records)

    def _flat(self, table: Table, records: Sequence[Record]) -> list[Definition]:
        rows = []
        for number, record in enumerate(records):
            self.places[(table.name, number)] = record
            rows.append(self.row(table.title, table.columns, record, self.rest.rows.get(record.mark, {})))
        return rows

    def _nested(self, table: Table, records: Sequence[Record]) -> list[Definition]:
        of_parent, of_child = _split(table)
        parents: dict[str, tuple[int, Definition]] = {}
        for record in records:
            key = plain(record.cells.get(f"^{table.key}"))
            if key not in parents:
                head = _head_of(record)
                left = self.rest.rows.get(f"{table.name}:{key}", {})
                made = self.row(table.title, of_parent, head, left) | {table.child: []}
                self.places[(table.name, len(parents))] = record
                parents[key] = (len(parents), made)
            number, parent = parents[key]
            children = parent[table.child]
            self.places[(table.name, number, len(children))] = record
            children.append(self.row(table.title, of_child, record, self.rest.rows.get(record.mark, {})))
        return [parent for _, parent in parents.values()]

    def row(self, title: str, columns: Sequence[Column], record: Record, left: Definition) -> Definition:
        """One row: what is left of it, with the cells that say something else."""
        row = copy.deepcopy(left)
        for column in columns:
            if column.name not in record.cells:
                continue
            cell = record.cells[column.name]
            if is_same(get(row, column.path), cell, column, self.dialect):
                continue
            try:
                value = column.codec.read(cell, self.dialect)
            except CellFault as error:
                self._note(title, record, column, error.message, error.hint)
                continue
            if column.is_required and value in (None, []):
                self._note(title, record, column, "必填项没有填。", "请填写。")
            put_at(row, column.path, value)
        return row

    def _note(self, title: str, record: Record, column: Column, message: str, hint: str) -> None:
        self.faults.append(Fault(title, record.row, column.title, message, hint, record=record.mark))


def _head_of(record: Record) -> Record:
    """The cells of the parent, without the sign that kept them apart."""
    cells = {name[1:]: cell for name, cell in record.cells.items() if name.startswith("^")}
    return Record(cells, record.mark, record.row)


def is_same(kept: Any, cell: Any, column: Column, dialect: Dialect) -> bool:
    """Whether the value kept beside a cell still is what the cell says."""
    return kept is not ABSENT and plain(column.codec.write(kept, dialect)) == plain(cell)


def get(row: Any, path: Path) -> Any:
    """The value at a path; ABSENT where it is not stated, None below what is None."""
    for step in path:
        if row is None:
            return None
        if not isinstance(row, Mapping) or step not in row:
            return ABSENT
        row = row[step]
    return row


def put_at(row: Definition, path: Path, value: Any) -> None:
    """Set a value; nothing is made for the sake of a None."""
    for step in path[:-1]:
        if row.get(step) is None:
            if value is None:
                return
            row[step] = {}
        row = row[step]
    row[path[-1]] = value


def remove(row: Definition, path: Path) -> None:
    """Take a value away, and what is empty without it."""
    if len(path) > 1 and row.get(path[0]) is None:
        return
    if len(path) == 1:
        row.pop(path[0], None)
        return
    remove(row[path[0]], path[1:])
    if not row[path[0]]:
        del row[path[0]]


def _collapse(item: Definition, path: Path) -> None:
    """A part of which nothing is stated is not there."""
    found = get(item, path)
    if isinstance(found, dict) and all(value in (None, [], {}) for value in found.values()):
        put_at(item, path, None)
        if get(item, path) is not None:
            item[path[0]] = None
