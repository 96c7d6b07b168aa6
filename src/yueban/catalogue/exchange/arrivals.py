"""Rows of the exchange library that came in: sorted by item, turned into standards, refused with reasons."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yueban.catalogue.compiled import AgencyFacts
from yueban.catalogue.exchange import lens
from yueban.catalogue.exchange.assembly import finish
from yueban.catalogue.exchange.codecs import plain
from yueban.catalogue.exchange.columns import NATIONAL_BASIS, NATIONAL_LISTS, Table
from yueban.catalogue.exchange.faults import Fault
from yueban.catalogue.exchange.fields import (
    LISTS,
    National,
    Row,
    Sent,
    Tables,
    columns_of,
    kept_of,
    table_name,
    write_item,
)
from yueban.catalogue.exchange.lens import Definition, Laid, Record, Rest
from yueban.catalogue.exchange.profiles import NationalDialect
from yueban.catalogue.standard import ItemStandard
from yueban.elements.selectors import Dictionary
from yueban.kernel.errors import Invalid

FAMILIES = ("general", "public")
MOST_BYTES = 20 * 1024 * 1024
TITLES = {"basic": "事项 基本信息", "extend": "事项 扩展信息", "extension": "扩展内容"}


class FileUnreadable(Invalid):
    """What was handed in is no exchange file at all."""

    code = "exchange.file_unreadable"


@dataclass(frozen=True)
class Arrived:
    """The rows of one item and the family of its tables."""

    family: str
    rows: National

    @property
    def guid(self) -> str:
        """The mark of its basic row."""
        return plain(self.rows.basic.get("row_guid"))


def read_json(content: bytes) -> Mapping[str, Any]:
    """The file's own object: {"profile", "cd_batch", "tables"}; raises FileUnreadable."""
    if len(content) > MOST_BYTES:
        raise FileUnreadable("文件超过 20 MB。", hint="请分几次导入。")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise FileUnreadable("这不是 JSON 文件，读不出内容。", hint="请用 UTF-8 编码重新导出。") from None
    tables = found.get("tables") if isinstance(found, dict) else None
    is_sound = isinstance(tables, dict) and all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in tables.values()
    )
    if not is_sound:
        raise FileUnreadable(
            "文件里没有交换库的表（tables）。",
            hint='应为 {"profile": …, "tables": {"dn_task_general_basic": […]}}。',
        )
    return dict(found)


def sort_rows(tables: Mapping[str, Sequence[Row]]) -> tuple[list[Arrived], list[Fault]]:
    """The rows by item; a row that belongs to no item is a fault."""
    arrived: dict[str, Arrived] = {}
    faults: list[Fault] = []
    named = {_bare(name): rows for name, rows in tables.items()}
    for family in FAMILIES:
        for row in named.pop(f"task_{family}_basic", ()):
            guid = plain(row.get("row_guid"))
            if not guid or guid in arrived:
                why = "记录唯一标识重复。" if guid else "没有记录唯一标识。"
                faults.append(
                    Fault(TITLES["basic"], 0, "记录唯一标识", why, "请核对 row_guid。", record=guid)
                )
                continue
            arrived[guid] = Arrived(family, National(dict(row), {}))
    for name, rows in named.items():
        for row in sorted(rows, key=_order):
            item = arrived.get(plain(row.get("task_guid")))
            if item is None:
                why = "找不到它所属的事项。"
                mark = plain(row.get("row_guid"))
                faults.append(Fault(name, 0, "事项唯一标识", why, "请核对 task_guid。", record=mark))
            else:
                _file(item, name, dict(row))
    return list(arrived.values()), faults


def _bare(name: str) -> str:
    return name[3:] if name[:3] in ("up_", "dn_") else name


def _order(row: Row) -> int:
    text = plain(row.get("order_num"))
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _file(item: Arrived, name: str, row: Row) -> None:
    if name == f"task_{item.family}_extend":
        item.rows.extend = row
    elif name == "task_extension":
        # Pieces come in their order; a text is cut anywhere, so nothing is stripped.
        item.rows.extension += str(row.get("extend_field") or "")
    else:
        table = next((t for t in NATIONAL_LISTS if name == _bare(table_name(item.family, t))), None)
        rows = item.rows.lists if table else item.rows.others
        rows.setdefault(table.name if table else name, []).append(row)


def build_standard(
    arrived: Arrived,
    dialect: NationalDialect,
    agency: AgencyFacts,
    dictionary: Dictionary,
    base: Mapping[str, Any] | None = None,
) -> tuple[ItemStandard | None, list[Fault]]:
    """The standard of what arrived; ``base`` = the agency's own, for what the rows do not say."""
    rest, trouble = _rest_of(arrived, dialect, base)
    if trouble:
        return None, trouble
    columns = columns_of(arrived.family)
    built = lens.put(
        Laid(_item_record(arrived), _list_records(arrived), rest), dialect, columns=columns, lists=LISTS
    )
    standard, faults = finish(built, agency, dictionary)
    if standard is None or faults:
        return None, faults
    task_code = f"{agency.uscc}{agency.level}{standard.catalog_code}"
    ours = write_item(Sent(standard, agency, task_code), dialect)
    kept = kept_of(arrived.rows, ours)
    key = dialect.profile.key
    others = {name: rows for name, rows in standard.exchanged.items() if name != key}
    return standard.model_copy(update={"exchanged": {**others, **({key: kept} if kept else {})}}), []


def _item_record(arrived: Arrived) -> Record:
    cells = {}
    for column in columns_of(arrived.family):
        row = arrived.rows.basic if column.part == "basic" else arrived.rows.extend
        if column.field in row:
            cells[column.name] = row[column.field]
    return Record(cells, arrived.guid)


def _list_records(arrived: Arrived) -> dict[str, list[Record]]:
    found = {NATIONAL_BASIS.name: _basis_records(arrived.rows.basic.get("by_law"))}
    for table in NATIONAL_LISTS:
        found[table.name] = [
            _record(table, row, plain(row.get("row_guid"))) for row in arrived.rows.lists.get(table.name, ())
        ]
    return found


def _record(table: Table, row: Row, mark: str) -> Record:
    cells = {
        column.name: row[column.field] for column in table.columns if column.field and column.field in row
    }
    return Record(cells, mark)


def _basis_records(text: Any) -> list[Record]:
    """Articles as a JSON list, or the one text that others write."""
    try:
        articles = json.loads(plain(text))
    except (ValueError, RecursionError):
        articles = None
    if not isinstance(articles, list) or not all(isinstance(row, dict) for row in articles):
        words = plain(text)
        return [Record({"law": words[:500], "text": words[:5000]}, "basis:1")] if words else []
    return [_record(NATIONAL_BASIS, row, f"basis:{number}") for number, row in enumerate(articles, 1)]


def _rest_of(
    arrived: Arrived, dialect: NationalDialect, base: Mapping[str, Any] | None
) -> tuple[Rest, list[Fault]]:
    """What the rows could not hold: as it came with them, else as the agency's own item has it."""
    if arrived.rows.extension:
        try:
            found = json.loads(arrived.rows.extension)
            return Rest(dict(found["item"]), {str(k): dict(v) for k, v in found["rows"].items()}), []
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            why = "扩展内容不完整，读不出来。"
            hint = "请把 task_extension 的各行按 order_num 完整带上。"
            return Rest(), [Fault(TITLES["extension"], 0, "扩展字段", why, hint, record=arrived.guid)]
    if base is None:
        return Rest(), []
    return _rest_of_base(arrived, dialect, base), []


def _rest_of_base(arrived: Arrived, dialect: NationalDialect, base: Mapping[str, Any]) -> Rest:
    """The rest of the agency's own item, its rows found again by what they are called."""
    definition = {name: value for name, value in base.items() if name != "exchanged"}
    laid = lens.take(definition, dialect, columns=columns_of(arrived.family), lists=LISTS)
    rows: dict[str, Definition] = {}
    for table in NATIONAL_LISTS:
        field = next(column.field for column in table.columns if column.name == table.match)
        marks = {plain(record.cells[table.match]): record.mark for record in laid.lists[table.name]}
        for row in arrived.rows.lists.get(table.name, ()):
            mark = marks.get(plain(row.get(field)), "")
            if mark in laid.rest.rows:
                rows[plain(row.get("row_guid"))] = laid.rest.rows[mark]
    basis = {mark: left for mark, left in laid.rest.rows.items() if mark.startswith("basis:")}
    return Rest(laid.rest.item, rows | basis)


def abnormal_rows(
    faults: Sequence[Fault], *, batch: str, source: str, came_at: datetime, at: datetime
) -> Tables:
    """What could not be taken, as rows of dn_audit_abnormal."""
    return {
        "dn_audit_abnormal": [
            {
                "row_guid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{batch}:{number}:{fault.record}")),
                "err_type": "数据校验不通过",
                "remark": f"{fault.column}：{fault.message}{fault.hint}"[:1000],
                "table_name": fault.table,
                "table_sql_name": _sql_name(fault.table),
                "table_row_guid": fault.record,
                "table_cd_batch": batch,
                "table_cd_source": source,
                "table_cd_time": came_at.strftime("%Y-%m-%d %H:%M:%S"),
                "table_update_time": at.strftime("%Y-%m-%d %H:%M:%S"),
                "cd_time": at.strftime("%Y-%m-%d %H:%M:%S"),
            }
            for number, fault in enumerate(faults, 1)
        ]
    }


def _sql_name(title: str) -> str:
    suffix = next((table.suffix for table in NATIONAL_LISTS if table.title == title), "basic")
    return f"dn_task_{suffix}"


def with_item(faults: Sequence[Fault], item: str) -> list[Fault]:
    """The same faults, each naming its item."""
    return [replace(fault, item=item) for fault in faults]
