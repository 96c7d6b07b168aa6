"""Form data of a compiled item: cleaning and checking, and the flat names that pages use.

Data is ``{element: value}``; a repeated section stands under its key as a list of such mappings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yueban.catalogue import field_values, rules
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.compiled import CompiledField, CompiledSection
from yueban.expressions import Truth
from yueban.kernel.errors import ServiceError

Data = dict[str, Any]


@dataclass
class Validation:
    """What may be stored, and what is wrong, by field path (see field_path)."""

    cleaned: Data = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors


def field_path(element: str, section: str | None = None, index: int | None = None) -> str:
    """The name of a field on a page and in errors: ``contact.phone``, ``vehicles-0-vehicle.plate``."""
    return element if section is None else f"{section}-{index}-{element}"


def validate(
    compiled: Applicable,
    data: Mapping[str, Any],
    facts: Mapping[str, object] | None = None,
    *,
    partial: bool = False,
) -> Validation:
    """Clean and check the whole form; ``facts`` are the answers of the situation.

    Values of sections and fields whose condition does not hold are left out of what is cleaned. With
    ``partial`` (a draft saved as one types) nothing is required; what is wrong is still named.
    """
    result = Validation()
    _refuse_unknown(compiled, data, result)
    single = [section for section in compiled.form.sections if section.repeat is None]
    _clean_single(single, data, result)
    judging = rules.Judging({**(facts or {}), **result.cleaned}, compiled.vocabulary)
    for section in compiled.form.sections:
        shown = _is_shown(section, judging, result, partial=partial)
        if section.repeat is None:
            _settle_single(section, judging, result, shown=shown, partial=partial)
        elif shown:
            _clean_repeated(section, data, judging, result, partial=partial)
    return result


def applicable_sections(compiled: Applicable, facts: Mapping[str, object]) -> list[CompiledSection]:
    """The sections to show with these facts (situation answers and what is filled in so far).

    A section whose condition cannot be decided yet is not shown.
    """
    judging = rules.Judging(facts, compiled.vocabulary)
    return [section for section in compiled.form.sections if judging.holds(section.when) is Truth.TRUE]


def applicable_fields(
    compiled: Applicable, section: CompiledSection, facts: Mapping[str, object]
) -> list[CompiledField]:
    """The fields of a section to show with these facts."""
    judging = rules.Judging(facts, compiled.vocabulary)
    return [item for item in section.fields if judging.holds(item.when) is Truth.TRUE]


def nested(compiled: Applicable, flat: Mapping[str, Any]) -> Data:
    """Data from flat field paths as a page posts them; rows that are wholly empty are dropped.

    Keys that are no field path of this form are kept, so that validate refuses them by name.
    """
    data: Data = {}
    rows: dict[str, dict[int, Data]] = {}
    sections = {section.key for section in compiled.form.sections if section.repeat is not None}
    for path, value in flat.items():
        section, _, rest = path.partition("-")
        # Section keys may hold a hyphen themselves, so the longest that fits is taken.
        for key in sorted(sections, key=len, reverse=True):
            if path.startswith(f"{key}-"):
                section, rest = key, path[len(key) + 1 :]
                break
        index, _, element = rest.partition("-")
        if section in sections and index.isdecimal() and len(index) <= 4 and element:
            rows.setdefault(section, {}).setdefault(int(index), {})[element] = value
        else:
            data[path] = value
    for section, found in rows.items():
        ordered = [found[index] for index in sorted(found)]
        data[section] = [row for row in ordered if not all(map(field_values.is_empty, row.values()))]
    return data


def flat(compiled: Applicable, data: Mapping[str, Any]) -> Data:
    """The flat field paths of nested data: what ``nested`` reads back."""
    sections = {section.key for section in compiled.form.sections if section.repeat is not None}
    found: Data = {}
    for key, value in data.items():
        if key in sections and isinstance(value, list):
            for index, row in enumerate(value):
                found |= {field_path(element, key, index): item for element, item in row.items()}
        else:
            found[key] = value
    return found


def _refuse_unknown(compiled: Applicable, data: Mapping[str, Any], result: Validation) -> None:
    known = {section.key for section in compiled.form.sections if section.repeat is not None}
    known |= {f.element for s in compiled.form.sections if s.repeat is None for f in s.fields}
    for key in data:
        if key not in known:
            result.errors[str(key)[:100]] = "表单没有这一项。请刷新页面后再填。"


def _clean_single(sections: list[CompiledSection], data: Mapping[str, Any], result: Validation) -> None:
    for section in sections:
        for item in section.fields:
            _clean_field(item, data, item.element, result.cleaned, result)


def _clean_field(
    item: CompiledField, row: Mapping[str, Any], path: str, cleaned: Data, result: Validation
) -> None:
    raw = row.get(item.element)
    if field_values.is_empty(raw):
        return
    try:
        cleaned[item.element] = field_values.clean(item, raw, row)
    except ServiceError as error:
        result.errors[path] = f"{error.message}{error.hint}"


def _is_shown(
    what: CompiledSection | CompiledField, judging: rules.Judging, result: Validation, *, partial: bool
) -> bool:
    if what.when is None:
        return True
    found = judging.holds(what.when)
    if found is Truth.UNKNOWN and not partial:
        name = what.title if isinstance(what, CompiledSection) else what.label
        for code in rules.judge(what.when, judging.facts, judging.vocabulary, judging.on).missing:
            result.errors.setdefault(code, f"请先填写这一项，它决定是否要填“{name}”。")
    return found is Truth.TRUE


def _settle_single(
    section: CompiledSection,
    judging: rules.Judging,
    result: Validation,
    *,
    shown: bool,
    partial: bool,
) -> None:
    """Drop what is not asked, and name what is asked and missing."""
    for item in section.fields:
        if not (shown and _is_shown(item, judging, result, partial=partial)):
            result.cleaned.pop(item.element, None)
            result.errors.pop(item.element, None)
        elif item.required and not partial and item.element not in result.cleaned:
            result.errors.setdefault(item.element, _missing(item))


def _missing(item: CompiledField) -> str:
    return f"请{'选择' if item.choices else '填写'}{item.label}。"


def _clean_repeated(
    section: CompiledSection,
    data: Mapping[str, Any],
    judging: rules.Judging,
    result: Validation,
    *,
    partial: bool,
) -> None:
    repeat, raw = section.repeat, data.get(section.key)
    assert repeat is not None  # only repeated sections come here
    rows = list(_rows(raw))
    if raw is not None and not isinstance(raw, list | tuple):
        result.errors[section.key] = f"“{section.title}”应逐条填写。请刷新页面后再填。"
    if len(rows) > repeat.max:
        result.errors[section.key] = f"“{section.title}”最多{repeat.max}条，现有{len(rows)}条。请删去多余的。"
        rows = rows[: repeat.max]
    if len(rows) < repeat.min and not partial:
        result.errors.setdefault(section.key, f"“{section.title}”至少填写{repeat.min}条{repeat.label}。")
    cleaned = [
        _clean_row(section, index_and_row, judging, result, partial=partial)
        for index_and_row in enumerate(rows)
    ]
    if cleaned:
        result.cleaned[section.key] = cleaned


def _rows(raw: object) -> Iterator[Mapping[str, Any]]:
    for row in raw if isinstance(raw, list | tuple) else ():
        yield row if isinstance(row, Mapping) else {}


def _clean_row(
    section: CompiledSection,
    index_and_row: tuple[int, Mapping[str, Any]],
    judging: rules.Judging,
    result: Validation,
    *,
    partial: bool,
) -> Data:
    cleaned: Data = {}
    found = Validation()
    index, row = index_and_row
    elements = {item.element for item in section.fields}
    for key in row:
        if key not in elements:
            result.errors[field_path(str(key)[:100], section.key, index)] = (
                "表单没有这一项。请刷新页面后再填。"
            )
    for item in section.fields:
        _clean_field(item, row, item.element, cleaned, found)
    for item in section.fields:
        of_row = judging if item.when is None else judging.with_facts(cleaned)
        if not _is_shown(item, of_row, found, partial=partial):
            cleaned.pop(item.element, None)
            found.errors.pop(item.element, None)
        elif item.required and not partial and item.element not in cleaned:
            found.errors.setdefault(item.element, _missing(item))
    for element, message in found.errors.items():
        result.errors[field_path(element, section.key, index)] = message
    return cleaned
