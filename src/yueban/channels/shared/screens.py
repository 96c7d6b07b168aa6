"""A form a few fields a screen: what is known first, to be checked at a glance, then the rest, three at a time.

The sections and fields are those of `forms`: a screen is a way to show them and never leaves one out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.channels.shared import forms
from yueban.channels.shared.fields import Field
from yueban.channels.shared.forms import Entry, SectionView

FIELDS_A_SCREEN = 3
KNOWN = "known"


@dataclass(frozen=True)
class Part:
    """What of one section stands on a screen."""

    key: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Screen:
    """What is asked at once. kind: known (check it), ask (fill it in), rows (another vehicle?)."""

    key: str
    kind: str
    title: str
    parts: tuple[Part, ...] = ()
    help: str = ""
    section: str = ""
    row_label: str = ""
    row_count: int = 0
    may_add: bool = False
    may_remove: bool = False
    error: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of its fields."""
        return tuple(field for part in self.parts for field in part.fields)

    @property
    def names(self) -> frozenset[str]:
        """The paths of its fields."""
        return frozenset(field.name for field in self.fields)

    @property
    def is_wrong(self) -> bool:
        """Whether something on it has to be mended."""
        return bool(self.error) or any(field.error for field in self.fields)


def screens_of(sections: Iterable[SectionView], read_back: Collection[str] = ()) -> list[Screen]:
    """The whole form as screens, in their order; the fields of these paths stand first, to be looked over."""
    drawn = list(sections)
    known = tuple(_known_parts(drawn, read_back))
    taken = frozenset(field.name for part in known for field in part.fields)
    found = [Screen(KNOWN, KNOWN, "", known)] if known else []
    for section in drawn:
        found += _screens_of_section(section, taken)
    return found


def _known_parts(sections: Iterable[SectionView], read_back: Collection[str]) -> Iterator[Part]:
    """What was filled in beforehand, by section."""
    for section in sections:
        if not section.repeat_label:
            fields = tuple(one for one in section.entries[0].fields if one.name in read_back)
            if fields:
                yield Part(section.key, section.title, fields)


def _screens_of_section(section: SectionView, taken: frozenset[str]) -> Iterator[Screen]:
    for entry in section.entries:
        yield from _screens_of_entry(section, entry, taken)
    if section.repeat_label:
        yield Screen(
            key=f"rows:{section.key}",
            kind="rows",
            title=section.title,
            section=section.key,
            row_label=section.repeat_label,
            row_count=len(section.entries),
            may_add=section.may_add,
            may_remove=section.may_remove,
            error=section.error,
        )


def _screens_of_entry(section: SectionView, entry: Entry, taken: frozenset[str]) -> Iterator[Screen]:
    asked = [field for field in entry.fields if field.name not in taken]
    label = f"{section.repeat_label} {entry.index + 1}" if section.repeat_label else ""
    for first in range(0, len(asked), FIELDS_A_SCREEN):
        part = Part(section.key, section.title, tuple(asked[first : first + FIELDS_A_SCREEN]))
        yield Screen(
            part.fields[0].name, "ask", section.title, (part,), section.help, section.key, row_label=label
        )


def place_of(screens: Sequence[Screen], key: str) -> int:
    """Where the screen of this key stands, or the first that holds this field or this row; the first for none."""
    for number, screen in enumerate(screens):
        if screen.key == key or key in screen.names:
            return number
    rows = (n for n, one in enumerate(screens) if any(name.startswith(f"{key}-") for name in one.names))
    return next(rows, 0) if key else 0


def after(before: Sequence[Screen], shown: Screen, now: Sequence[Screen]) -> Screen | None:
    """The screen that follows: the first one now that holds what stood neither on this one nor before it.

    An answer may have opened a field here or further up: it is asked before it goes on.
    """
    passed = before[: before.index(shown) + 1]
    seen = {name for screen in passed for name in screen.names} | {screen.key for screen in passed}
    return next((one for one in now if not (one.names or {one.key}) <= seen), None)


def read_back_of(compiled: Applicable, known: Collection[str]) -> frozenset[str]:
    """The paths of the fields that are filled in beforehand with what is known."""
    return frozenset(
        field.element
        for section in compiled.form.sections
        if section.repeat is None
        for field in section.fields
        if field.prefill and field.element in known
    )


def laid_over(
    compiled: Applicable, stored: Mapping[str, Any], posted: QueryDict, names: Iterable[str]
) -> dict[str, Any]:
    """The stored form with what one screen sent in the place of its own fields."""
    own = frozenset(names)
    sent = forms.flat_of(compiled, posted)
    kept = {path: value for path, value in catalogue.flat(compiled, stored).items() if path not in own}
    return catalogue.nested(compiled, kept | {path: value for path, value in sent.items() if path in own})


def without_row(stored: Mapping[str, Any], section: str) -> dict[str, Any]:
    """The stored form without the last row of a section."""
    rows = stored.get(section)
    return {**stored, section: rows[:-1]} if isinstance(rows, list) else dict(stored)
