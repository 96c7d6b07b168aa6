"""The online form: sections and fields, each field an element."""

from pydantic import Field

from yueban.elements.selectors import Bounds
from yueban.kernel.rows import EMPTY, ElementCode, Key, Line, Row, Rule


class FormField(Row):
    """One field; its type, unit, codes and format are its element's, its limits may be narrower.

    ``only`` = which of the element's codes are offered; empty = all.
    """

    element: ElementCode
    required: bool = False
    prefill: bool = False
    label: str | None = None
    label_en: str | None = None
    help: str | None = None
    help_en: str | None = None
    max_length: int | None = Field(default=None, ge=1, le=20000)
    bounds: Bounds | None = None
    only: tuple[str, ...] = Field(default=EMPTY, strict=False)
    when: Rule | None = None


class Repeat(Row):
    """A section filled once for each vehicle, driver …"""

    min: int = Field(default=0, ge=0, le=1000)
    max: int = Field(ge=1, le=1000)
    label: Line


class Section(Row):
    """A group of fields, shown when its condition holds."""

    key: Key
    title: Line
    title_en: str | None = None
    help: str | None = None
    repeat: Repeat | None = None
    when: Rule | None = None
    fields: tuple[FormField, ...] = Field(strict=False, min_length=1)


class Form(Row):
    """The sections in order."""

    sections: tuple[Section, ...] = Field(strict=False, min_length=1)
