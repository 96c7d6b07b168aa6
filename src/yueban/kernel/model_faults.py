"""What pydantic finds wrong with a row, said in Chinese: where, what, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def fault_path(loc: tuple[str | int, ...], content: Any) -> tuple[str | int, ...]:
    """Pydantic's place without the names of union members, which are not in the file."""
    path: list[str | int] = []
    here = content
    for index, step in enumerate(loc):
        is_last = index == len(loc) - 1
        if isinstance(here, dict) and (step in here or is_last):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        path.append(step)
    return tuple(path)


_TYPES = {
    "string_type": "应是文字",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "bool_type": "应是 true 或 false",
    "date_type": "应是日期，如 2026-01-31",
    "date_from_datetime_parsing": "应是日期，如 2026-01-31",
    "tuple_type": "应是列表，写作 [甲, 乙] 或逐行以 - 开头",
    "list_type": "应是列表，写作 [甲, 乙] 或逐行以 - 开头",
    "dict_type": "应是一组字段，写作 {名称: 值}",
    "model_type": "应是一组字段，写作 {名称: 值}",
    "model_attributes_type": "应是一组字段，写作 {名称: 值}",
}
_BOUNDS = {
    "greater_than_equal": ("不能小于 {ge}。", "ge"),
    "less_than_equal": ("不能大于 {le}。", "le"),
    "string_too_short": ("至少 {min_length} 个字。", "min_length"),
    "string_too_long": ("最多 {max_length} 个字。", "max_length"),
    "too_short": ("至少要有 {min_length} 项。", "min_length"),
}


def fault_sentence(detail: Any, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what to do, in Chinese."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail.get("input")
    if kind == "missing":
        return "缺少这一要素。", "请补上。"
    if kind == "extra_forbidden":
        return "不认识这一要素。", _spelling_hint(str(detail["loc"][-1]), model)
    if kind in _TYPES:
        hint = "请给它加上引号。" if kind == "string_type" and isinstance(given, int | float) else "请改正。"
        return f"{_TYPES[kind]}，现在写的是“{_shown(given)}”。", hint
    if kind in _BOUNDS:
        return _BOUNDS[kind][0].format(**context), "请改正。"
    if kind == "string_pattern_mismatch":
        return f"“{_shown(given)}”不合规则({context.get('pattern', '')})。", "请改正。"
    if kind in {"literal_error", "enum"}:
        return (
            f"“{_shown(given)}”不是可用的值。",
            f"可用： {str(context.get('expected', '')).replace(' or ', ', ')}。",
        )
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return "way 应写明满足方式。", "可用: certificate、share、check、promise、form、upload。"
    if kind == "code_invalid":
        return context["message"], context["hint"]
    cause = context.get("error")
    if isinstance(cause, Exception):
        return str(cause), ""
    return f"“{_shown(given)}”不合要求。", "请对照说明改正。"


def _shown(given: Any) -> str:
    text = str(given)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _spelling_hint(name: str, model: type[BaseModel]) -> str:
    near = difflib.get_close_matches(name, _field_names(model, set()), n=1)
    return f"是不是“{near[0]}”？" if near else "请删去，或核对拼写。"


def _field_names(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """Every field name of the model and of the models in it."""
    seen.add(model)
    names: set[str] = set()
    for name, info in model.model_fields.items():
        names.add(info.alias or name)
        for inner in _models_in(info.annotation):
            if inner not in seen:
                names |= _field_names(inner, seen)
    return names


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)
