"""The JSON Schema (2020-12) of an item's form data: one property an element, one list a repeated section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yueban.catalogue.compiled import CompiledField, CompiledSection

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "money": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$"},
    "date": {"type": "string", "format": "date"},
    "boolean": {"type": "boolean"},
    "code": {"type": "string"},
    "codes": {"type": "array", "uniqueItems": True},
    "division": {"type": "string", "pattern": "^[0-9]{12}$"},
    "industry": {"type": "string", "pattern": "^[A-T]?[0-9]{0,4}$"},
}


def build_schema(title: str, sections: Sequence[CompiledSection]) -> dict[str, Any]:
    """The schema; what is required only under a condition is left to forms.validate."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for section in sections:
        if section.repeat is not None:
            properties[section.key] = _list_of(section)
            if section.when is None and section.repeat.min > 0:
                required.append(section.key)
            continue
        for field in section.fields:
            properties[field.element] = _property(field)
            if field.required and section.when is None and field.when is None:
                required.append(field.element)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _list_of(section: CompiledSection) -> dict[str, Any]:
    assert section.repeat is not None
    return {
        "title": section.title,
        "type": "array",
        "minItems": section.repeat.min,
        "maxItems": section.repeat.max,
        "items": {
            "type": "object",
            "properties": {field.element: _property(field) for field in section.fields},
            "required": [f.element for f in section.fields if f.required and f.when is None],
            "additionalProperties": False,
        },
    }


def _property(field: CompiledField) -> dict[str, Any]:
    found: dict[str, Any] = {"title": field.label, **_TYPES[field.type]}
    codes = [choice.value for choice in field.choices]
    if field.type == "code" and codes:
        found["enum"] = codes
    if field.type == "codes":
        found["items"] = {"type": "string", "enum": codes} if codes else {"type": "string"}
    if field.max_length is not None and field.type == "text":
        found["maxLength"] = field.max_length
    return found | _limits(field)


def _limits(field: CompiledField) -> dict[str, Any]:
    """Limits; decimals are strings and today is no fixed day, so theirs are annotations (x-)."""
    if field.bounds is None:
        return {}
    given = field.bounds.model_dump(mode="json", exclude_none=True, exclude={"too_low"})
    names = {"above": "exclusiveMinimum", "minimum": "minimum", "maximum": "maximum"}
    found: dict[str, Any] = {}
    for name, value in given.items():
        if field.type == "integer":
            found[names[name]] = int(value)
        else:
            found["x-" + names.get(name, name).replace("_", "-")] = value
    return found
