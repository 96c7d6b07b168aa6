"""The fields of a draft drawn by their shapes, and read back from what a page posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from yueban.catalogue.adoption import is_locked as is_locked_field
from yueban.catalogue.diff import field_text, row_title
from yueban.catalogue.drafts import Remark
from yueban.catalogue.shape import Kind, Shape, path_of
from yueban.channels.desk import items_rules
from yueban.channels.desk.items_sections import Choices, Options
from yueban.elements.selectors import Dictionary

Path = tuple[str | int, ...]
MOST_ROWS = 200
LONG_LINE = 24
# Which fields a way of satisfying a material has, besides the way itself.
WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "certificate": ("certificate_type", "holder"),
    "share": ("source", "subject"),
    "check": ("agency_kind", "subject"),
    "promise": ("text",),
}
# Fields that the page fills in itself.
OWN_KEYS: Final = frozenset({"key"})
# What a closed row says beside its name.
ROW_NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "materials": ("necessity", "satisfy"),
    "route": ("role", "days"),
    "basis": ("article",),
    "options": ("end",),
}
# Fields that say nothing where they stand: what is promised is never prescribed by law. They stay as stored.
NOT_ASKED: Final = frozenset({("promised", "by_law")})


@dataclass(frozen=True)
class DrawnRow:
    """One row of a list with its buttons."""

    name: str
    place: int
    title: str
    note: str
    key: str
    fields: tuple[Drawn, ...]
    remarks: tuple[Remark, ...]
    is_first: bool
    is_last: bool
    is_open: bool


@dataclass(frozen=True)
class Drawn:
    """One field as it is drawn."""

    kind: str
    name: str
    label: str
    value: Any = ""
    options: Options = ()
    list_id: str = ""
    remarks: tuple[Remark, ...] = ()
    is_required: bool = False
    is_locked: bool = False
    is_long: bool = False
    redraws: bool = False
    fields: tuple[Drawn, ...] = ()
    rows: tuple[DrawnRow, ...] = ()
    rule: items_rules.Drawn | None = None
    note: str = ""

    @property
    def height(self) -> int:
        """How many lines a field of several shows, after what stands in it."""
        text = str(self.value or "")
        lines = sum(1 + len(line) // 50 for line in text.split("\n")) + (self.kind == "lines")
        return min(max(lines, 2), 8)


@dataclass
class Drawing:
    """Everything fields are drawn from; ``placed`` collects the remarks that found their field."""

    definition: Mapping[str, Any]
    choices: Choices
    dictionary: Dictionary
    remarks: Mapping[str, list[Remark]]
    locked: tuple[str, ...] = ()
    facts: Options = ()
    placed: set[str] = field(default_factory=set)


def drawing_of(
    definition: Mapping[str, Any],
    dictionary: Dictionary,
    remarks: Iterable[Remark],
    locked: tuple[str, ...] = (),
) -> Drawing:
    """Ready to draw: remarks by the name of their field, the facts that rules may rest on."""
    by_name: dict[str, list[Remark]] = {}
    for remark in remarks:
        by_name.setdefault(html_name(path_of(remark.field)), []).append(remark)
    choices = Choices(dictionary, definition)
    return Drawing(definition, choices, dictionary, by_name, locked, facts_of(definition, dictionary))


def facts_of(definition: Mapping[str, Any], dictionary: Dictionary) -> Options:
    """The elements that this item asks, in questions and form: what its rules may rest on."""
    situation, form = definition.get("situation") or {}, definition.get("form") or {}
    codes = [str(row.get("element")) for row in _rows(situation.get("questions"))]
    for section in _rows(form.get("sections")):
        codes += [str(row.get("element")) for row in _rows(section.get("fields"))]
    names = dictionary.elements
    return tuple((code, names[code].name) for code in dict.fromkeys(codes) if code in names)


def html_name(path: Path) -> str:
    """The name of a field on the page: ``materials-0-name``."""
    return "-".join(str(step) for step in path)


def path_from(name: str) -> Path:
    """The path that a name on the page stands for."""
    return tuple(int(part) if part.isdecimal() else part for part in name.split("-") if part)


def draw(shapes: Sequence[Shape], drawing: Drawing) -> tuple[Drawn, ...]:
    """The fields of a section."""
    return tuple(
        _field(shape, drawing.definition.get(shape.name), (shape.name,), drawing) for shape in shapes
    )


def unplaced(shapes: Sequence[Shape], drawing: Drawing) -> list[Remark]:
    """Remarks on these fields that no drawn field carries: they stand at the head of the section."""
    names = {shape.name for shape in shapes}
    return [
        remark
        for name, remarks in drawing.remarks.items()
        if name not in drawing.placed and name.split("-")[0] in names
        for remark in remarks
    ]


def _field(shape: Shape, value: Any, path: Path, drawing: Drawing) -> Drawn:
    name, note = html_name(path), ""
    remarks = _remarks(name, drawing)
    is_locked = is_locked_field(".".join(str(step) for step in path), drawing.locked)
    if is_locked:
        return _locked(shape, value, name, remarks, drawing)
    if shape.kind is Kind.RULE:
        rule = items_rules.draw(name, shape.label, value, drawing.facts, drawing.dictionary)
        return Drawn("rule", name, shape.label, rule=rule, remarks=remarks)
    if shape.kind is Kind.GROUP:
        inner = value if isinstance(value, Mapping) else {}
        fields = tuple(
            _field(child, inner.get(child.name), (*path, child.name), drawing)
            for child in _shown(shape)
            if (*path, child.name) not in NOT_ASKED
        )
        return Drawn(
            "group", name, shape.label, fields=fields, remarks=remarks, is_required=shape.is_required
        )
    if shape.kind is Kind.ROWS:
        rows = _rows(value)
        drawn = tuple(_row(shape, row, (*path, i), len(rows), drawing) for i, row in enumerate(rows))
        return Drawn("rows", name, shape.label, rows=drawn, remarks=remarks)
    options = drawing.choices.options(shape)
    kind = "one" if options and shape.kind is Kind.LINE else shape.kind.value
    suggestions = drawing.choices.suggestions(shape)
    if suggestions:
        note = drawing.choices.name_of(suggestions, str(value or ""))
    return Drawn(
        kind,
        name,
        shape.label,
        value=_control_value(shape, value),
        options=_with_present(options, value) if kind == "one" else options,
        list_id=suggestions,
        remarks=remarks,
        is_required=shape.is_required,
        is_long=isinstance(value, str) and len(value) > LONG_LINE and not suggestions,
        redraws=shape.name == "way",
        note=note,
    )


def _with_present(options: Options, value: Any) -> Options:
    """A value that is no longer in the list stays to be seen until another is chosen."""
    text = "" if value is None else str(value)
    known = not text or any(one == text for one, _ in options)
    return options if known else (*options, (text, f"{text}（不在列表中）"))


def _locked(shape: Shape, value: Any, name: str, remarks: tuple[Remark, ...], drawing: Drawing) -> Drawn:
    text = field_text(shape, value, drawing.dictionary)
    return Drawn("locked", name, shape.label, value=text, remarks=remarks, is_locked=True)


def _remarks(name: str, drawing: Drawing) -> tuple[Remark, ...]:
    drawing.placed.add(name)
    return tuple(drawing.remarks.get(name, ()))


def _row(shape: Shape, row: Mapping[str, Any], path: Path, count: int, drawing: Drawing) -> DrawnRow:
    name, place = html_name(path), int(path[-1])
    children = [child for child in _shown(shape) if _belongs(child, shape, row)]
    fields = tuple(_field(child, row.get(child.name), (*path, child.name), drawing) for child in children)
    title = row_title(shape, row, drawing.dictionary)
    return DrawnRow(
        name=name,
        place=place + 1,
        title=title,
        note=_row_note(shape, row, drawing.dictionary),
        key=str(row.get("key") or ""),
        fields=fields,
        remarks=_remarks(name, drawing),
        is_first=place == 0,
        is_last=place == count - 1,
        is_open=not title or any(other.startswith(f"{name}-") or other == name for other in drawing.remarks),
    )


def _row_note(shape: Shape, row: Mapping[str, Any], dictionary: Dictionary) -> str:
    """What one wants to know of a closed row: of a material whether it is needed, and how it is satisfied."""
    wanted = ROW_NOTES.get(shape.name, ())
    found = [child for child in map(shape.child, wanted) if child is not None and row.get(child.name)]
    parts = [
        "、".join(row_title(child, one, dictionary) for one in _rows(row[child.name]))
        if child.kind is Kind.ROWS
        else field_text(child, row[child.name], dictionary)
        for child in found
    ]
    return " · ".join([*parts, *(["视情形"] if row.get("when") else [])])


def _shown(shape: Shape) -> list[Shape]:
    return [child for child in shape.children if child.name not in OWN_KEYS]


def _belongs(child: Shape, shape: Shape, row: Mapping[str, Any]) -> bool:
    return shape.name != "satisfy" or child.name == "way" or child.name in WAYS.get(str(row.get("way")), ())


def _control_value(shape: Shape, value: Any) -> Any:
    if shape.kind is Kind.LINES:
        return "\n".join(str(one) for one in value) if isinstance(value, list | tuple) else ""
    if shape.kind is Kind.MANY:
        return [str(one) for one in value] if isinstance(value, list | tuple) else []
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return (
        [row if isinstance(row, Mapping) else {} for row in value] if isinstance(value, list | tuple) else []
    )


@dataclass(frozen=True)
class Reading:
    """What reading a page needs besides the page."""

    posted: QueryDict
    dictionary: Dictionary
    locked: tuple[str, ...] = ()


def read(shapes: Sequence[Shape], stored: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """The fields of a section as they were typed; locked ones stay as they are stored."""
    found = {shape.name: _value(shape, (shape.name,), stored.get(shape.name), reading) for shape in shapes}
    return _kept(shapes, found)


def _kept(shapes: Iterable[Shape], values: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in; None only where the standard knows it, so that an empty field is told as missing."""
    none = {shape.name for shape in shapes if shape.may_be_none}
    return {name: value for name, value in values.items() if value is not None or name in none}


def _value(shape: Shape, path: Path, stored: Any, reading: Reading) -> Any:
    name = html_name(path)
    if is_locked_field(".".join(str(step) for step in path), reading.locked):
        return stored
    if shape.kind is Kind.RULE:
        return items_rules.read(reading.posted, name, reading.dictionary)
    if shape.kind is Kind.GROUP:
        return _group(shape, path, stored, reading)
    if shape.kind is Kind.ROWS:
        return _read_rows(shape, path, stored, reading)
    typed = reading.posted.getlist(name)
    if shape.kind is Kind.MANY:
        return _in_stored_order(typed, stored)
    return _plain(shape, typed)


def _group(shape: Shape, path: Path, stored: Any, reading: Reading) -> Any:
    before = stored if isinstance(stored, Mapping) else {}
    values = _children(shape, path, before, reading)
    if shape.may_be_none and not any(map(_is_filled, values.values())):
        return None
    if shape.name == "situation" and not values.get("start"):
        questions = _rows(values.get("questions"))
        values["start"] = questions[0].get("key") if questions else None
    return _kept(shape.children, values)


def _is_filled(value: Any) -> bool:
    """Whether anything was typed or ticked."""
    if isinstance(value, Mapping):
        return any(map(_is_filled, value.values()))
    return value not in (None, "", [], False)


def _children(shape: Shape, path: Path, stored: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    values = {
        child.name: stored.get(child.name)
        if (*path, child.name) in NOT_ASKED
        else _value(child, (*path, child.name), stored.get(child.name), reading)
        for child in _shown(shape)
    }
    if shape.child("key") is not None:
        values = {"key": reading.posted.get(f"{html_name(path)}-key", "").strip()[:60], **values}
    return values


def _read_rows(shape: Shape, path: Path, stored: Any, reading: Reading) -> list[dict[str, Any]]:
    text = reading.posted.get(f"{html_name(path)}-n", "0")
    count = int(text) if text.isdecimal() and len(text) < 5 else 0
    before, found = _rows(stored), []
    for i in range(min(count, MOST_ROWS)):
        old = before[i] if i < len(before) else {}
        values = _children(shape, (*path, i), old, reading)
        if shape.name == "satisfy":
            values = {
                k: v for k, v in values.items() if k == "way" or k in WAYS.get(str(values.get("way")), ())
            }
        found.append(_kept(shape.children, values))
    return _with_keys(shape, found)


def _with_keys(shape: Shape, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every row gets a key of its own; those that had one keep it, so that running words stay the same."""
    if shape.child("key") is None:
        return rows
    taken = {row.get("key") for row in rows}
    for row in rows:
        if not row.get("key"):
            number = 1
            while f"{shape.name.rstrip('s')}-{number}" in taken:
                number += 1
            row["key"] = f"{shape.name.rstrip('s')}-{number}"
            taken.add(row["key"])
    return rows


def _in_stored_order(typed: list[str], stored: Any) -> list[str]:
    """Ticked codes, those that stood there before in their old order: ticking boxes is no change of order."""
    before = [code for code in stored if code in typed] if isinstance(stored, list | tuple) else []
    return [*before, *(code for code in typed if code not in before)]


def _plain(shape: Shape, typed: list[str]) -> Any:
    text = typed[0].replace("\r\n", "\n").strip() if typed else ""
    if shape.kind is Kind.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if shape.kind is Kind.FLAG:
        return text == "true"
    if not text:
        return None
    if shape.kind is Kind.NUMBER and text.isdecimal() and len(text) < 16:
        return int(text)
    if shape.kind is Kind.ANSWER and text in ("true", "false"):
        return text == "true"
    return text
