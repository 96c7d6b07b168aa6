"""From what was put together to a standard that can be drafted: defaults, and mistakes by row and column."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from yueban.catalogue import soundness
from yueban.catalogue.compiled import AgencyFacts
from yueban.catalogue.exchange.columns import ITEM, LISTS, Column, Table
from yueban.catalogue.exchange.faults import Fault
from yueban.catalogue.exchange.lens import Built, Definition, Record
from yueban.catalogue.standard import ItemStandard
from yueban.elements.selectors import Dictionary

# The form of an item that came without one: who asks, and how to reach him.
PLAIN_FORM: Definition = {
    "sections": [
        {
            "key": "contact",
            "title": "联系人",
            "fields": [
                {"element": "contact.name", "required": True, "prefill": True},
                {"element": "contact.phone", "required": True, "prefill": True},
            ],
        }
    ]
}
CLOCK_SET_OF_TYPE = {"01": "permit", "05": "grant", "07": "registration", "20": "service"}
CLASS_OF_TYPE = {"1": "holding", "2": "application"}


def finish(
    built: Built, agency: AgencyFacts, dictionary: Dictionary
) -> tuple[ItemStandard | None, list[Fault]]:
    """The standard, or everything that keeps it from being drafted; by row and column."""
    faults = list(built.faults)
    definition = with_defaults(built.definition, agency, dictionary)
    try:
        standard = ItemStandard.model_validate_json(json.dumps(definition))
    except ValidationError as error:
        told = [(tuple(detail["loc"]), *_sentence(detail)) for detail in error.errors()]
        return None, _merged(faults, [_fault_at(built, *one) for one in told])
    found = soundness.check(standard, dictionary)
    return standard, _merged(faults, [_fault_at(built, one.path, one.message, one.hint) for one in found])


def with_defaults(definition: Mapping[str, Any], agency: AgencyFacts, dictionary: Dictionary) -> Definition:
    """What a form without our own columns does not say and the rest of it tells."""
    item = dict(definition)
    code = str(item.get("catalog_code") or "")
    defaults: Definition = {
        "key": f"item-{code.lower()}",
        "summary": item.get("name"),
        "agency_kind": agency.kind,
        "adopted_by": [agency.code],
        "levels": [agency.level],
        "power_source": "1",
        "review_mode": "即审即办" if item.get("handling") == "1" else "前审后批",
        "clock_set": CLOCK_SET_OF_TYPE.get(str(item.get("type")), "filing"),
        "form": PLAIN_FORM,
        "delivery": ["窗口领取"],
    }
    item = {**defaults, **{name: value for name, value in item.items() if value is not None}}
    item["materials"] = [
        _material(row, number, dictionary) for number, row in enumerate(item.get("materials") or (), 1)
    ]
    return item


def _material(row: Definition, number: int, dictionary: Dictionary) -> Definition:
    named = (m.key for m in dictionary.canonical_materials.values() if m.name == row.get("name"))
    defaults = {
        "key": f"m{number}",
        "canonical": next(named, None),
        "class": CLASS_OF_TYPE.get(str(row.get("type")), "other"),
        "satisfy": [{"way": "upload"}],
    }
    stated = {name: value for name, value in row.items() if value is not None}
    return {name: value for name, value in {**defaults, **stated}.items() if value is not None}


def _merged(first: Sequence[Fault], second: Sequence[Fault]) -> list[Fault]:
    """One cell is told once: what it says cannot be read explains what is then missing."""
    told = {(fault.table, fault.row, fault.column, fault.record) for fault in first}
    return [*first, *(f for f in second if (f.table, f.row, f.column, f.record) not in told)]


def _fault_at(built: Built, path: tuple[str | int, ...], message: str, hint: str) -> Fault:
    table, record, rest = _place(built, path)
    column = _column(table.columns, rest)
    title = column.title if column else ".".join(str(step) for step in rest)
    return Fault(table.title, record.row, title, message, hint, record=record.mark)


def _place(built: Built, path: tuple[str | int, ...]) -> tuple[Table, Record, tuple[str | int, ...]]:
    """Table, row and what is left of the path within the row."""
    for table in LISTS:
        size = len(table.path)
        if path[:size] != table.path or len(path) <= size or not isinstance(path[size], int):
            continue
        child = path[size + 2] if len(path) > size + 2 and path[size + 1] == table.child else None
        if child is not None and (table.name, path[size], child) in built.places:
            return table, built.places[(table.name, path[size], child)], path[size + 3 :]
        if (table.name, path[size]) in built.places:
            return table, built.places[(table.name, path[size])], path[size + 1 :]
    return ITEM, built.item, path


def _column(columns: Sequence[Column], path: tuple[str | int, ...]) -> Column | None:
    """The column of the longest path that leads towards this one."""
    fitting = [column for column in columns if column.path == path[: len(column.path)]]
    nearest = max(fitting, key=lambda column: len(column.path), default=None)
    return nearest or next((column for column in columns if path and column.path[0] == path[0]), None)


_SAID = {
    "missing": ("缺少这一要素。", "请补上。"),
    "string_type": ("缺少这一要素。", "请补上。"),
    "int_type": ("应是整数。", "请只填数字。"),
    "literal_error": ("不是可用的值。", "请从下拉列表中选。"),
    "enum": ("不是可用的值。", "请从下拉列表中选。"),
    "extra_forbidden": ("不认识这一要素。", "请删去。"),
}
_LIMITS = {
    "string_too_long": "文字太长，最多 {max_length} 个字。",
    "string_too_short": "不能为空。",
    "too_short": "至少要有 {min_length} 条。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
}


def _sentence(detail: Any) -> tuple[str, str]:
    """What is wrong and what to do, in Chinese."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _SAID:
        return _SAID[kind]
    if kind in _LIMITS:
        return _LIMITS[kind].format(**context), "请改正。"
    if kind == "string_pattern_mismatch":
        return f"“{str(detail.get('input'))[:40]}”的写法不对。", "请对照填写说明改正。"
    if kind == "code_invalid":
        return str(context["message"]), str(context["hint"])
    cause = context.get("error")
    return (str(cause), "") if isinstance(cause, Exception) else ("内容不符合要求。", "请对照填写说明改正。")
