"""The strictest of several: fields of one element, materials of one kind, and where they cannot meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from yueban.catalogue.compiled import Choice, CompiledField
from yueban.catalogue.standard.forms import Repeat
from yueban.elements.selectors import Bounds

TYPE_NAMES = {
    "text": "文字",
    "integer": "整数",
    "decimal": "数字",
    "money": "金额",
    "date": "日期",
    "boolean": "是否",
    "code": "单选",
    "codes": "多选",
    "division": "区划",
    "industry": "行业",
}
# Formats that ask nothing in particular; every other one is narrower.
PLAIN_FORMATS = ("paragraphs", "line")


def disagreement(one: CompiledField, other: CompiledField) -> str | None:
    """Why no value could satisfy both fields, in words; None when some can."""
    if one.type != other.type:
        return f"是{TYPE_NAMES.get(one.type, one.type)}，{{}}是{TYPE_NAMES.get(other.type, other.type)}"
    if one.unit != other.unit:
        return f"以“{one.unit or '无单位'}”计，{{}}以“{other.unit or '无单位'}”计"
    formats = {one.format, other.format} - set(PLAIN_FORMATS)
    if len(formats) > 1:
        return f"按{one.format}的格式填，{{}}按{other.format}的格式填"
    bounds = _both(one.bounds, other.bounds)
    if bounds is not None and _is_empty(bounds):
        return f"要{_range(one.bounds)}，{{}}要{_range(other.bounds)}，范围没有交集"
    if one.choices and other.choices and not _shared(one.choices, other.choices):
        return f"可选{_names(one.choices)}，{{}}可选{_names(other.choices)}，没有共同的选项"
    return None


def merge_fields(fields: Sequence[CompiledField], name: str, name_en: str) -> CompiledField:
    """One field as strict as the strictest in every respect; they must not disagree."""
    first = fields[0]
    if len(fields) == 1:
        return first
    labels = {field.label for field in fields}
    return first.model_copy(
        update={
            "label": first.label if len(labels) == 1 else name,
            "label_en": first.label_en if len(labels) == 1 else name_en or first.label_en,
            "format": min((field.format for field in fields), key=_width),
            "required": any(field.required for field in fields),
            "prefill": any(field.prefill for field in fields),
            "help": _first(field.help for field in fields),
            "help_en": _first(field.help_en for field in fields),
            "max_length": min((f.max_length for f in fields if f.max_length is not None), default=None),
            "bounds": reduce(_both, (field.bounds for field in fields)),
            "choices": reduce(_narrower, (field.choices for field in fields)),
        }
    )


def merge_repeats(repeats: Sequence[Repeat]) -> Repeat | None:
    """As many as the one that wants most, no more than the one that allows least; None when that cannot be."""
    least, most = max(one.min for one in repeats), min(one.max for one in repeats)
    return None if least > most else repeats[0].model_copy(update={"min": least, "max": most})


def _width(format_: str) -> int:
    return -PLAIN_FORMATS.index(format_) if format_ in PLAIN_FORMATS else -len(PLAIN_FORMATS)


def _both(one: Bounds | None, other: Bounds | None) -> Bounds | None:
    return other if one is None else one.narrowed(other)


def _narrower(one: tuple[Choice, ...], other: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return _shared(one, other) if one and other else one or other


def _shared(one: Iterable[Choice], other: Iterable[Choice]) -> tuple[Choice, ...]:
    values = {choice.value for choice in other}
    return tuple(choice for choice in one if choice.value in values)


def _is_empty(bounds: Bounds) -> bool:
    if bounds.maximum is None:
        return False
    if bounds.above is not None and bounds.above >= bounds.maximum:
        return True
    return bounds.minimum is not None and bounds.minimum > bounds.maximum


def _range(bounds: Bounds | None) -> str:
    if bounds is None:
        return "不限"
    said = []
    if bounds.above is not None:
        said.append(f"大于{bounds.above}")
    if bounds.minimum is not None:
        said.append(f"不小于{bounds.minimum}")
    if bounds.maximum is not None:
        said.append(f"不超过{bounds.maximum}")
    return "、".join(said) or "不限"


def _names(choices: Sequence[Choice]) -> str:
    shown = "、".join(choice.label for choice in choices[:4])
    return f"“{shown}”" + ("等" if len(choices) > 4 else "")


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)
