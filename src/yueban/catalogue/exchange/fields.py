"""An item as rows of the national exchange library (up_task_* out, dn_task_* in), field by field.

What no national field can hold goes into ``up_task_extension`` in pieces that fit its column; what a national
row says beyond our standard is kept with the item (``exchanged``) and sent back as it came.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yueban.catalogue.compile import definition_of
from yueban.catalogue.compiled import AgencyFacts
from yueban.catalogue.exchange import lens
from yueban.catalogue.exchange.columns import ITEM, NATIONAL_BASIS, NATIONAL_LISTS, Column, Table
from yueban.catalogue.exchange.lens import Laid, Record
from yueban.catalogue.exchange.profiles import NationalDialect
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.item import Kept

PUBLIC_SERVICE = "20"
SOURCE = "YB"
PIECE = 2000  # the length of an extension column (extend_field)
LISTS = (NATIONAL_BASIS, *NATIONAL_LISTS)
NAMESPACE = uuid.UUID("6d1f0a5e-3a52-4d0e-9a4f-7a1b8f0c9d21")
ENVELOPE = ("row_guid", "cd_batch", "cd_operation", "cd_time", "data_source")
# Ours to say, whatever came: they are not kept.
NOT_KEPT = frozenset({*ENVELOPE[1:], "task_guid", "task_version", "task_state", "order_num", "id"})
Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Sent:
    """One item at one agency as it goes out."""

    standard: ItemStandard
    agency: AgencyFacts
    task_code: str
    number: int = 1
    state: str = "在用"


@dataclass(frozen=True)
class Envelope:
    """What every row of one transmission carries."""

    batch: str
    at: datetime
    operation: str = "I"
    source: str = SOURCE

    def row(self, guid: str) -> Row:
        """The fields of one row."""
        moment = self.at.strftime("%Y-%m-%d %H:%M:%S")
        return dict(zip(ENVELOPE, (guid, self.batch, self.operation, moment, self.source), strict=True))


@dataclass
class National:
    """The rows of one item: its own two, those of its lists, those of tables we do not know."""

    basic: Row
    extend: Row
    lists: dict[str, list[Row]] = field(default_factory=dict)
    extension: str = ""
    others: Tables = field(default_factory=dict)


def family_of(item_type: str) -> str:
    """Public services have tables of their own."""
    return "public" if item_type == PUBLIC_SERVICE else "general"


def columns_of(family: str) -> list[Column]:
    """The columns that the tables of this family have."""
    return [column for column in ITEM.columns if column.field and family in column.families]


def write_items(sent: Sequence[Sent], dialect: NationalDialect, envelope: Envelope) -> Tables:
    """All rows of several items, by table."""
    tables: Tables = {}
    for one in sent:
        for table, row in _rows_of(one, dialect, envelope):
            tables.setdefault(table, []).append(row)
    return tables


def _rows_of(one: Sent, dialect: NationalDialect, envelope: Envelope) -> Iterator[tuple[str, Row]]:
    found = write_item(one, dialect)
    _overlay(found, one.standard.exchanged.get(dialect.profile.key, {}))
    family, guid = family_of(one.standard.type), found.basic["row_guid"]
    yield f"up_task_{family}_basic", {**found.basic, **_enveloped(found.basic, envelope)}
    extend = {**found.extend, "task_guid": guid}
    yield f"up_task_{family}_extend", {**extend, **_enveloped(extend, envelope)}
    for table in NATIONAL_LISTS:
        for row in found.lists[table.name]:
            yield table_name(family, table), {**row, "task_guid": guid, **_enveloped(row, envelope)}
    for number, at in enumerate(range(0, len(found.extension), PIECE), 1):
        mark = str(uuid.uuid5(NAMESPACE, f"{guid}:extension:{number}"))
        piece = found.extension[at : at + PIECE]
        row = {"task_guid": guid, "order_num": number, "extend_field": piece}
        yield "up_task_extension", {**envelope.row(mark), **row}
    for name, rows in found.others.items():
        for row in rows:
            yield f"up_{name}", {**row, "task_guid": guid}


def _enveloped(row: Row, envelope: Envelope) -> Row:
    return envelope.row(row["row_guid"])


def table_name(family: str, table: Table) -> str:
    """up_task_general_material."""
    return f"up_task_{family}_{table.suffix}"


def write_item(one: Sent, dialect: NationalDialect) -> National:
    """One item as rows, without the envelope and without what came from outside."""
    definition = definition_of(one.standard)
    definition.pop("exchanged")
    columns = columns_of(family_of(one.standard.type))
    laid = lens.take(definition, dialect, columns=columns, lists=LISTS)
    task_code = dialect.task_code(one.task_code)
    guid = _guid(task_code, "basic")
    found = National({"row_guid": guid}, {"row_guid": _guid(task_code, "extend"), "task_code": task_code})
    for column in columns:
        row = found.basic if column.part == "basic" else found.extend
        row[column.field] = laid.item.cells[column.name]
    found.basic |= _told(one, laid, task_code)
    found.extend |= _told_besides(one)
    for table in NATIONAL_LISTS:
        found.lists[table.name] = [
            _list_row(table, record, task_code, number)
            for number, record in enumerate(laid.lists[table.name], 1)
        ]
    found.extension = _extension(laid, task_code)
    return found


def _guid(task_code: str, mark: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{task_code}:{mark}"))


def _list_row(table: Table, record: Record, task_code: str, number: int) -> Row:
    row = {"row_guid": _guid(task_code, record.mark), "task_code": task_code, "order_num": number}
    return row | {column.field: record.cells[column.name] for column in table.columns if column.field}


def _told(one: Sent, laid: Laid, task_code: str) -> Row:
    """Fields that repeat what stands elsewhere in the item or with its agency."""
    standard = one.standard
    windows = [window for window in standard.windows if window.agency in (None, one.agency.code)]
    steps = ["申请", "受理", *(step.name for step in standard.route), "办结", "送达"]
    return {
        "task_code": task_code,
        "dept_code": one.agency.uscc,
        "dept_name": one.agency.name,
        "task_version": one.number,
        "task_state": one.state,
        "by_law": _basis_text(laid.lists[NATIONAL_BASIS.name]),
        "handle_flow": "→".join(steps),
        "special_procedure": "、".join(row.name for row in standard.special_procedures) or "无",
        "transact_addr": "；".join(f"{w.name}：{w.address}" for w in windows if w.address) or None,
        "transact_time": "；".join(w.hours for w in windows if w.hours) or None,
        "is_single_login": "1",
        "app_is_single_login": "1",
    }


def _told_besides(one: Sent) -> Row:
    return {
        "is_express": "1" if "邮寄" in one.standard.delivery else "0",
        "is_entry_center": "1" if one.standard.windows else "0",
    }


def _basis_text(records: Sequence[Record]) -> str:
    """设定依据 in one text field: a JSON list of its articles."""
    articles = [
        {column.field: record.cells[column.name] for column in NATIONAL_BASIS.columns} for record in records
    ]
    return json.dumps(articles, ensure_ascii=False)


def _extension(laid: Laid, task_code: str) -> str:
    rows = {_guid(task_code, mark): left for mark, left in laid.rest.rows.items()}
    return json.dumps({"item": laid.rest.item, "rows": rows}, ensure_ascii=False, sort_keys=True)


def read_back(one: National) -> Iterator[tuple[str, Row]]:
    """Every row of an item with the name by which its fields are kept."""
    yield "basic", one.basic
    yield "extend", one.extend
    for table in NATIONAL_LISTS:
        for number, row in enumerate(one.lists.get(table.name, ()), 1):
            yield f"{table.suffix}.{number}", row


def kept_of(theirs: National, ours: National) -> dict[str, Kept]:
    """What came and would go out otherwise: theirs beside ours, to be sent back while ours stays the same."""
    kept: dict[str, Kept] = {}
    own = dict(read_back(ours))
    for place, row in read_back(theirs):
        mine = own.get(place, {})
        for name, value in row.items():
            if name not in NOT_KEPT and _plain(value) != _plain(mine.get(name)):
                kept[f"{place}.{name}"] = Kept(theirs=_plain(value), ours=_plain(mine.get(name)))
    for name, rows in theirs.others.items():
        kept[f"others.{name}"] = Kept(theirs=json.dumps(rows, ensure_ascii=False, sort_keys=True))
    return kept


def _plain(value: Any) -> str | int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _overlay(found: National, kept: Mapping[str, Kept]) -> None:
    rows = dict(read_back(found))
    for name, one in kept.items():
        place, _, column = name.rpartition(".")
        if place == "others":
            found.others[column] = json.loads(str(one.theirs))
        elif place in rows and _plain(rows[place].get(column)) == one.ours:
            rows[place][column] = one.theirs
