"""The compiled form as a page draws it, and what a page posts as form data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.compiled import CompiledField, CompiledSection
from yueban.channels.shared.drawing import frame_of
from yueban.channels.shared.english import named
from yueban.channels.shared.fields import Field, Option, masked_as
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.parties.selectors import KnownFact

AUTOCOMPLETE = {"mobile": "tel", "phone": "tel", "email": "email", "postcode": "postal-code"}
CONTROLS = {"mobile": "tel", "phone": "tel", "email": "email", "paragraphs": "long"}


@dataclass(frozen=True)
class Entry:
    """One filling of a section: the only one, or the n-th vehicle."""

    index: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class SectionView:
    """A section with its entries; `repeat_label` is empty where it is filled once."""

    key: str
    title: str
    help: str
    entries: tuple[Entry, ...]
    repeat_label: str = ""
    may_add: bool = False
    may_remove: bool = False
    error: str = ""

    @property
    def id(self) -> str:
        """The id of the section's heading."""
        return f"s-{self.key}"

    @property
    def open_count(self) -> int:
        """How many required answers are still missing here."""
        return sum(
            1
            for entry in self.entries
            for field in entry.fields
            if field.required and field.value in ("", None, [])
        )


@dataclass(frozen=True)
class Place:
    """Where on the page something is and what it is called there: 驾驶员 1 · 身份证件号码."""

    id: str
    name: str


def places_of(sections: Iterable[SectionView]) -> dict[str, Place]:
    """The places of fields and sections, by the path that an error names."""
    found: dict[str, Place] = {}
    for section in sections:
        found[section.key] = Place(section.id, section.title)
        for entry in section.entries:
            before = f"{section.repeat_label} {entry.index + 1} · " if section.repeat_label else ""
            for field in entry.fields:
                found[field.name] = Place(field.id, f"{before}{field.label}")
    return found


def told(places: Mapping[str, Place], errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Errors by path as the lines of a summary: where to go, and which field says what."""
    nowhere = Place("", "")
    lines = [(places.get(path, nowhere), message) for path, message in errors.items()]
    return [(place.id, f"{place.name}：{message}" if place.name else message) for place, message in lines]


@dataclass(frozen=True)
class Drawing:
    """Everything that fields are drawn from."""

    compiled: Applicable
    facts: Mapping[str, object]
    data: Mapping[str, Any]
    errors: Mapping[str, str]
    known: Mapping[str, KnownFact]
    extra: str = ""
    cleaned: Mapping[str, object] | None = None
    """What validation leaves of the data, where it has been done before, as a save does."""

    @cached_property
    def all_facts(self) -> Mapping[str, object]:
        """The facts with what is filled in well so far."""
        cleaned = self.cleaned
        if cleaned is None:
            cleaned = catalogue.validate_form(self.compiled, self.data, self.facts, partial=True).cleaned
        return {**self.facts, **cleaned}


def draw(
    compiled: Applicable,
    answers: Mapping[str, str],
    data: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    known: Mapping[str, KnownFact] | None = None,
    extra: str = "",
) -> list[SectionView]:
    """The sections of a draft: its answered questions as facts, what is filled in, what is wrong."""
    facts = dict(catalogue.walk(compiled, answers).facts)
    return sections_of(Drawing(compiled, facts, data, errors or {}, known or {}, extra))


def shape_of(sections: Iterable[SectionView]) -> str:
    """Which sections and fields are shown, as a short word that a page can send back."""
    return _shape(
        field.name for section in sections for entry in section.entries[:1] for field in entry.fields
    )


def shape_with(drawing: Drawing) -> str:
    """The shape that the form has with these data, told without drawing it."""
    return _shape(
        _path_of(section, one, index)
        for section in catalogue.applicable_sections(drawing.compiled, drawing.all_facts)
        for index, row in list(_rows(drawing, section))[:1]
        for one in _asked(drawing, section, row, index)
    )


def _shape(paths: Iterable[str]) -> str:
    names = list(paths)
    return f"{len(names)}-{sum(map(len, names))}"


def sections_of(drawing: Drawing) -> list[SectionView]:
    """The sections to show with what is filled in so far; none that asks for nothing."""
    shown = catalogue.applicable_sections(drawing.compiled, drawing.all_facts)
    drawn = [_section(drawing, section) for section in shown]
    return [one for one in drawn if one.repeat_label or one.entries[0].fields]


def _section(drawing: Drawing, section: CompiledSection) -> SectionView:
    repeat, rows = section.repeat, _rows(drawing, section)
    entries = tuple(Entry(index or 0, _fields(drawing, section, row, index)) for index, row in rows)
    words = section.key, named(section.title, section.title_en), section.help or ""
    if repeat is None:
        return SectionView(*words, entries)
    return SectionView(
        *words,
        entries,
        repeat_label=repeat.label,
        may_add=len(rows) < repeat.max,
        may_remove=len(rows) > max(repeat.min, 1) or any(row for _, row in rows),
        error=drawing.errors.get(section.key, ""),
    )


def _rows(drawing: Drawing, section: CompiledSection) -> list[tuple[int | None, Mapping[str, Any]]]:
    """The fillings of a section with their numbers, blank ones among them; what is filled once has no number."""
    repeat = section.repeat
    if repeat is None:
        return [(None, drawing.data)]
    rows = [row for row in drawing.data.get(section.key) or [] if isinstance(row, Mapping)]
    blank = max(repeat.min, 1) - len(rows)
    if drawing.extra == section.key and blank < 1:
        blank = 1
    return list(enumerate([*rows, *[{} for _ in range(blank)]][: repeat.max]))


def _asked(
    drawing: Drawing,
    section: CompiledSection,
    row: Mapping[str, Any],
    index: int | None,
) -> list[CompiledField]:
    known = {**drawing.all_facts, **row} if index is not None else drawing.all_facts
    return catalogue.applicable_fields(drawing.compiled, section, known)


def _fields(
    drawing: Drawing,
    section: CompiledSection,
    row: Mapping[str, Any],
    index: int | None,
) -> tuple[Field, ...]:
    shown = _asked(drawing, section, row, index)
    return tuple(_field(drawing, section, one, row, index) for one in shown)


def _path_of(section: CompiledSection, one: CompiledField, index: int | None) -> str:
    return catalogue.field_path(one.element, section.key if index is not None else None, index)


def _field(
    drawing: Drawing, section: CompiledSection, one: CompiledField, row: Mapping[str, Any], index: int | None
) -> Field:
    path = _path_of(section, one, index)
    known = drawing.known.get(one.element) if one.prefill and index is None else None
    value = row.get(one.element, known.value if known else "")
    blank = _blank(one, path)
    return Field(
        name=path,
        label=blank.label,
        type=blank.type,
        value=value,
        error=drawing.errors.get(path, ""),
        help=blank.help,
        source=_source(known, value),
        unit=blank.unit,
        required=blank.required,
        options=blank.options,
        max_length=blank.max_length,
        autocomplete=blank.autocomplete,
        masked_as=blank.masked_as,
        frame=blank.frame,
    )


# Fields with nothing filled in, drawn up to there, by version, language and path. A field of a compiled standard is
# one and the same object for as long as its version is known: kept beside its blank, its identity stays its own.
_blanks: dict[tuple[int, str, str], tuple[CompiledField, Field]] = {}
_KEPT = 5_000


def _blank(one: CompiledField, path: str) -> Field:
    """The field before anybody has filled it in; prepared once, but for divisions, which come and go."""
    if one.type == "division":
        return _blank_of(one, path)
    key = id(one), path, get_language() or ""
    found = _blanks.get(key)
    if found is None or found[0] is not one:
        if len(_blanks) >= _KEPT:
            _blanks.clear()
        blank = _blank_of(one, path)
        found = _blanks[key] = one, replace(blank, frame=frame_of(blank))
    return found[1]


def _blank_of(one: CompiledField, path: str) -> Field:
    return Field(
        name=path,
        label=named(one.label, one.label_en),
        type=CONTROLS.get(one.format, one.type),
        help=named(one.help or "", one.help_en),
        unit=one.unit,
        required=one.required,
        options=_options(one),
        max_length=one.max_length,
        autocomplete=AUTOCOMPLETE.get(one.format, "off"),
        masked_as=masked_as(one.format, one.sensitivity),
    )


def _source(known: KnownFact | None, value: object) -> str:
    """Where a value comes from, as long as it has not been changed."""
    if known is None or str(known.value) != str(value):
        return ""
    return f"{known.source}（{clock.written(known.as_of)}）"


def _options(one: CompiledField) -> tuple[Option, ...]:
    if one.type == "division":
        return tuple(Option(row.code, named(row.name, row.name_en)) for row in divisions.counties())
    return tuple(Option(choice.value, named(choice.label, choice.label_en)) for choice in one.choices)


def data_of(compiled: Applicable, posted: QueryDict, *, without: str = "") -> dict[str, Any]:
    """The form data of a posted page; `without` is a row to leave out, like `vehicles-1`."""
    return catalogue.nested(compiled, flat_of(compiled, posted, without=without))


def flat_of(compiled: Applicable, posted: QueryDict, *, without: str = "") -> dict[str, Any]:
    """What a page posted, by the paths of fields: rows keep the number that the page gave them."""
    many = {
        field.element
        for section in compiled.form.sections
        for field in section.fields
        if field.type == "codes"
    }
    elements = {field.element for section in compiled.form.sections for field in section.fields}
    flat: dict[str, Any] = {}
    for name in posted:
        element = name.rpartition("-")[2] if "-" in name else name
        if element not in elements or (without and name.startswith(f"{without}-")):
            continue
        flat[name] = posted.getlist(name) if element in many else posted[name]
    return flat


def tidied(compiled: Applicable, data: Mapping[str, Any], facts: Mapping[str, object]) -> dict[str, Any]:
    """The data as it will be stored, a plate in capitals for one; what is wrong stays as it was typed."""
    cleaned = catalogue.validate_form(compiled, data, facts, partial=True).cleaned
    return {name: _tidy(value, cleaned.get(name)) for name, value in data.items()}


def _tidy(value: Any, cleaned: Any) -> Any:
    if isinstance(cleaned, list) and all(isinstance(row, Mapping) for row in cleaned):
        return [{**row, **tidy} for row, tidy in zip(value, cleaned, strict=False)]
    return value if cleaned is None else cleaned


def prefilled(
    compiled: Applicable, data: Mapping[str, Any], known: Mapping[str, KnownFact]
) -> dict[str, Any]:
    """The data with what is already known put where nothing has been filled in yet."""
    filled = dict(data)
    for section in compiled.form.sections:
        if section.repeat is None:
            for field in section.fields:
                if field.prefill and field.element in known:
                    filled.setdefault(field.element, known[field.element].value)
    return filled
