"""A form a few fields a screen: what is known first, to be checked at a glance, then the rest, three at a time.

The sections and fields are those of `forms`: a screen is a way to show them and never leaves one out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import Compiled
from yueban.channels.shared import forms
from yueban.channels.shared.fields import Field
from yueban.channels.shared.forms import Entry, SectionView

FIELDS_A_SCREEN = 3
KNOWN = "known"


@dataclass(frozen=True)
class Screen:
    """What is asked at once. kind: known (check it), ask (fill it in), rows (another vehicle?)."""

    key: str
    kind: str
    title: str
    fields: tuple[Field, ...]
    help: str = ""
    section: str = ""
    row_label: str = ""
    row_count: int = 0
    may_add: bool = False
    may_remove: bool = False
    error: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The paths of its fields."""
        return frozenset(field.name for field in self.fields)

    @property
    def is_wrong(self) -> bool:
        """Whether something on it has to be mended."""
        return bool(self.error) or any(field.error for field in self.fields)


def screens_of(sections: Iterable[SectionView]) -> list[Screen]:
    """The whole form as screens, in their order."""
    drawn = list(sections)
    known = tuple(
        field
        for section in drawn
        if not section.repeat_label
        for field in section.entries[0].fields
        if field.source and not field.error
    )
    taken = frozenset(field.name for field in known)
    found = [Screen(KNOWN, KNOWN, "", known)] if known else []
    for section in drawn:
        found += _screens_of_section(section, taken)
    return found


def _screens_of_section(section: SectionView, taken: frozenset[str]) -> Iterator[Screen]:
    for entry in section.entries:
        yield from _screens_of_entry(section, entry, taken)
    if section.repeat_label:
        yield Screen(
            key=f"rows:{section.key}",
            kind="rows",
            title=section.title,
            fields=(),
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
        fields = tuple(asked[first : first + FIELDS_A_SCREEN])
        yield Screen(fields[0].name, "ask", section.title, fields, section.help, section.key, label)


def place_of(screens: Sequence[Screen], key: str) -> int:
    """Where the screen of this key stands, or the first that holds this field or this row; the first for none."""
    for number, screen in enumerate(screens):
        if screen.key == key or key in screen.names:
            return number
    rows = (n for n, one in enumerate(screens) if any(name.startswith(f"{key}-") for name in one.names))
    return next(rows, 0) if key else 0


def first_wrong(screens: Sequence[Screen]) -> Screen | None:
    """The first screen on which something has to be mended."""
    return next((screen for screen in screens if screen.is_wrong), None)


def laid_over(
    compiled: Compiled, stored: Mapping[str, Any], posted: QueryDict, names: Iterable[str]
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
