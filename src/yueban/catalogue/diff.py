"""差异: two definitions compared field by field, in Chinese words, lists aligned by what their rows are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from yueban.catalogue import rules
from yueban.catalogue.shape import Kind, Shape, path_label, path_of, standard_shape
from yueban.elements.selectors import Dictionary
from yueban.kernel.errors import ServiceError

# What names a row in each list: rows with the same name are the same row, wherever they stand.
ROW_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "basis": ("law", "article"),
    "questions": ("key",),
    "options": ("value",),
    "outcomes": ("key",),
    "sections": ("key",),
    "fields": ("element",),
    "materials": ("key",),
    "satisfy": ("way", "certificate_type", "agency_kind", "source"),
    "route": ("key",),
    "faq": ("q",),
    "unverified": ("field", "note"),
    "offerings": ("level", "does", "within"),
    "windows": ("name", "agency"),
}
# What is shown of a row: its first field that is filled in.
TITLES: Final = (
    *("name", "title", "kind", "message", "text", "label", "law", "q", "field", "element", "way", "level"),
    *("does", "key"),
)
NOT_COMPARED: Final = frozenset({"key", "agency_kind", "adopted_by", "exchanged"})
NOTHING: Final = "（无）"
COUNTED_WITH_GE: Final = frozenset({"工作日", "月", "小时"})
MOST_SHOWN: Final = 2000


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``field`` is the path as people write it, ``label`` the same in words."""

    field: str
    label: str
    before: str
    after: str

    @property
    def is_new(self) -> bool:
        """Whether nothing stood here before."""
        return self.before == NOTHING

    @property
    def is_gone(self) -> bool:
        """Whether nothing stands here any more."""
        return self.after == NOTHING


def diff_definitions(
    before: Mapping[str, Any], after: Mapping[str, Any], dictionary: Dictionary
) -> list[Change]:
    """What changes from one definition to another, in the order of the standard."""
    compared = _Comparison(dictionary)
    found: list[Change] = []
    for shape in standard_shape():
        if shape.name not in NOT_COMPARED:
            pair = before.get(shape.name), after.get(shape.name)
            found += compared.field(shape, *pair, shape.name, shape.label)
    return found


def field_text(shape: Shape, value: Any, dictionary: Dictionary) -> str:
    """What a field says, in words."""
    return _Comparison(dictionary).text(shape, value)


def row_title(shape: Shape, row: Mapping[str, Any], dictionary: Dictionary) -> str:
    """What names a row to people; empty for one that is not filled in."""
    return _Comparison(dictionary).title(shape, row, "")


@dataclass(frozen=True)
class _Comparison:
    """Walks two values side by side; codes and rules are said in the dictionary's words."""

    dictionary: Dictionary

    def field(self, shape: Shape, before: Any, after: Any, field: str, label: str) -> Iterator[Change]:
        """The differences of one field."""
        if _empty(before) and _empty(after):
            return
        both = isinstance(before, Mapping) and isinstance(after, Mapping)
        if shape.kind is Kind.GROUP and both and not _is_period(shape):
            for child in shape.children:
                names = f"{field}.{child.name}", f"{label} · {child.label}"
                yield from self.field(child, before.get(child.name), after.get(child.name), *names)
        elif shape.kind is Kind.ROWS:
            yield from self._rows(shape, _list(before), _list(after), field, label)
        else:
            said = self.text(shape, before), self.text(shape, after)
            if said[0] != said[1]:
                yield Change(field, label, *said)

    def _rows(
        self, shape: Shape, before: Sequence[Any], after: Sequence[Any], field: str, label: str
    ) -> Iterator[Change]:
        old, new = _named(shape.name, before), _named(shape.name, after)
        for name, (_, row) in old.items():
            if name not in new:
                title = self.title(shape, row, name)
                yield Change(f"{field}[{title}]", f"{label} · {title}", self.row_text(shape, row), NOTHING)
        for name, (place, row) in new.items():
            where, title = f"{field}[{place}]", f"{label} · {self.title(shape, row, name)}"
            if name not in old:
                yield Change(where, title, NOTHING, self.row_text(shape, row))
                continue
            for child in shape.children:
                pair = old[name][1].get(child.name), row.get(child.name)
                names = f"{where}.{child.name}", f"{title} · {child.label}"
                yield from self.field(child, *pair, *names)
        kept_before, kept_after = [n for n in old if n in new], [n for n in new if n in old]
        if kept_before != kept_after:
            yield Change(
                field,
                f"{label} · 顺序",
                "、".join(self.title(shape, old[name][1], name) for name in kept_before),
                "、".join(self.title(shape, new[name][1], name) for name in kept_after),
            )

    def title(self, shape: Shape, row: Mapping[str, Any], name: str) -> str:
        """What names a row to people: its first field that is filled in, in words; ``name`` where there is none."""
        named = [child for child in map(shape.child, TITLES) if child is not None and row.get(child.name)]
        fields = [child for child in named if child.name != "key"]
        if not fields:
            return _short(name) if name or not row.get("key") else _short(str(row["key"]))
        if shape.name == "unverified":
            return path_label(path_of(str(row["field"])))
        parts = [self.text(child, row[child.name]) for child in fields[: _parts(shape.name)]]
        return _short("：".join(parts))

    def row_text(self, shape: Shape, row: Mapping[str, Any]) -> str:
        """A whole row in one line: what is filled in, with its names."""
        parts = [
            f"{child.label}：{self.text(child, row[child.name])}"
            for child in shape.children
            if child.name != "key" and not _empty(row.get(child.name))
        ]
        return "；".join(parts)[:MOST_SHOWN] or NOTHING

    def text(self, shape: Shape, value: Any) -> str:
        """A value as people read it."""
        if _empty(value):
            return NOTHING
        if isinstance(value, bool):
            return "是" if value else "否"
        if shape.kind is Kind.RULE:
            return self._rule(value)
        if _is_period(shape) and isinstance(value, Mapping):
            return self._period(value)
        if shape.kind is Kind.GROUP and isinstance(value, Mapping):
            return self.row_text(shape, value)
        if shape.kind is Kind.ROWS:
            rows = [row for row in _list(value) if isinstance(row, Mapping)]
            return "；".join(f"（{self.row_text(shape, row)}）" for row in rows)[:MOST_SHOWN]
        if isinstance(value, list | tuple):
            return "、".join(self._word(shape, part) for part in value)[:MOST_SHOWN]
        return self._word(shape, value)[:MOST_SHOWN]

    def _period(self, value: Mapping[str, Any]) -> str:
        """5个工作日（从受理之日起算）; 0 = 即办."""
        amount, unit = value.get("amount"), str(value.get("unit") or "")
        said = f"{amount}{'个' if unit in COUNTED_WITH_GE else ''}{unit}" if amount else "即办"
        notes = [str(value.get("note") or ""), "法律没有规定" if value.get("by_law") is False else ""]
        note = "，".join(filter(None, notes))
        return f"{said}（{note}）" if note else said

    def _word(self, shape: Shape, value: Any) -> str:
        text = str(value)
        if shape.words:
            return shape.words.get(text, text)
        if shape.codes:
            for edition in self.dictionary.code_lists:
                for entry in edition.codes if edition.key == shape.codes else ():
                    if entry.code == text:
                        return entry.name
        element = self.dictionary.elements.get(text)
        return f"{element.name}（{text}）" if element is not None else text

    def _rule(self, value: Any) -> str:
        try:
            return rules.sentence(value, self.dictionary.vocabulary) or NOTHING
        except (ServiceError, KeyError):
            return "（读不懂的条件）"


def _is_period(shape: Shape) -> bool:
    """Whether a group is a length of time: a number with its unit, read as one."""
    return shape.kind is Kind.GROUP and shape.child("amount") is not None and shape.child("unit") is not None


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _named(list_name: str, rows: Sequence[Any]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """Rows by what names them; a second row of the same name is told apart by a number."""
    fields = ROW_NAMES.get(list_name, ("key", "name"))
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            continue
        name = "/".join(str(row.get(field) or "") for field in fields).strip("/") or f"#{place + 1}"
        while name in found:
            name += "+"
        found[name] = (place, row)
    return found


def _short(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:40]}…"


def _parts(list_name: str) -> int:
    """How many fields name a row of a list: an outcome is its kind and its words, an offering its level and act."""
    return 2 if list_name in {"outcomes", "offerings"} else 1
