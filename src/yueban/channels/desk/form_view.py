"""The application form as staff read it: section by section, codes as words, identity numbers masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from yueban.cases.models import Case
from yueban.catalogue.compiled import CompiledField, CompiledSection
from yueban.channels.shared.fields import masked_as
from yueban.kernel import clock, masking


@dataclass(frozen=True)
class Line:
    """One field: its name, its value in words as it is shown, and the whole of it."""

    label: str
    value: str
    is_masked: bool
    whole: str


@dataclass(frozen=True)
class Block:
    """One filling of a section: the only one, or the n-th vehicle."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class SectionView:
    """A section with what was filled in."""

    title: str
    blocks: tuple[Block, ...]


def form_sections(case: Case) -> tuple[SectionView, ...]:
    """Every section of the form that has been filled in, in the form's order."""
    sections = (_section(section, case.form) for section in case.item_version.compiled.form.sections)
    return tuple(section for section in sections if section.blocks)


def _section(section: CompiledSection, form: Mapping[str, object]) -> SectionView:
    if section.repeat is None:
        lines = _lines(section.fields, form)
        return SectionView(section.title, (Block("", lines),) if lines else ())
    entries = form.get(section.key)
    blocks = [
        Block(f"{section.repeat.label} {position}", _lines(section.fields, entry))
        for position, entry in enumerate(entries if isinstance(entries, list) else [], 1)
        if isinstance(entry, Mapping)
    ]
    return SectionView(section.title, tuple(blocks))


def _lines(fields: Sequence[CompiledField], entry: Mapping[str, object]) -> tuple[Line, ...]:
    return tuple(_line(field, entry[field.element]) for field in fields if field.element in entry)


def _line(field: CompiledField, value: object) -> Line:
    profile = masked_as(field.format, field.sensitivity)
    text = value_text(field, value)
    shown = masking.mask(profile, text) if profile else text
    return Line(field.label, shown, bool(profile and text), text)


def value_text(field: CompiledField, value: object) -> str:
    """A value in words: codes by their names, yes and no, dates as people write them."""
    if value is None or value == "":
        return _("未填")
    if isinstance(value, list):
        return "、".join(value_text(field, one) for one in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    labels = {choice.value: choice.label for choice in field.choices}
    text = labels.get(str(value), str(value))
    if field.type == "date":
        text = date_text(text)
    return f"{text} {field.unit}" if field.unit and isinstance(value, int | float | Decimal | str) else text


def chosen_delivery(case: Case) -> str:
    """How the applicant wants to get the result, in the words of the guide; empty when he was not asked."""
    value = case.form.get("delivery.method")
    for section in case.item_version.compiled.form.sections:
        for field in section.fields:
            if field.element == "delivery.method" and value:
                return value_text(field, value)
    return ""


def date_text(text: str) -> str:
    """2027年6月30日 for an ISO date; any other text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return clock.written(day)
