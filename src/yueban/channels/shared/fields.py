"""A form field as the field component draws it: built from a data element, a value and what is known about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from yueban.channels.shared.templatetags.chinese_dates import han_date
from yueban.kernel import masking

# The masking profile of a field's value by the format of its element.
MASKS = {"resident_id": "id_number", "mobile": "phone", "phone": "phone", "email": "email"}


NOT_IN_AN_ID = re.compile(r"[\W_]")
NOT_OF_THE_COMPONENT = frozenset({"masked_as", "frame"})


def masked_as(format_: str, sensitivity: str) -> str:
    """The masking profile of a field; what is sensitive without a profile of its own is masked like a number."""
    return MASKS.get(format_) or ("id_number" if sensitivity == "sensitive" else "")


@dataclass(frozen=True)
class Option:
    """One row of a choice."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Frame:
    """A field as HTML but for what its person typed and what is wrong with it: the pieces that stand around these."""

    opening: str
    about: str
    note: str
    control: str
    ending: str
    mark_of_group: str = ""
    """After the opening of choices with an error."""
    mark_of_control: str = ""
    """After the beginning of a control with an error; then comes the rest of it up to its value."""
    rest: str = ""
    rows: tuple[tuple[str, str, str], ...] | None = None
    """Of a choice each value, with what stands before and after its mark; None where a text is typed."""
    mark_of_row: str = ""
    nothing_chosen: str = ""
    """The first line of a folded list before anything is chosen, …"""
    something_chosen: str = ""
    """… and after it."""


@dataclass(frozen=True)
class Field:
    """Everything <c-field :attrs="field.attributes" /> needs; `type` is a data element's type."""

    name: str
    label: str
    type: str = "text"
    value: object = ""
    error: str = ""
    help: str = ""
    source: str = ""
    note: str = ""
    unit: str = ""
    required: bool = False
    readonly: bool = False
    options: Sequence[Option] = ()
    max_length: int | None = None
    autocomplete: str = ""
    masked_as: str = ""
    frame: Frame | None = None
    """Prepared once for all who fill in this version of an item, in one language."""

    @cached_property
    def id(self) -> str:
        """The id of the control, safe in an address after `#`."""
        return "f-" + NOT_IN_AN_ID.sub("-", self.name)

    @property
    def attributes(self) -> dict[str, object]:
        """The component's attributes."""
        return {
            one.name: getattr(self, one.name) for one in fields(self) if one.name not in NOT_OF_THE_COMPONENT
        } | {"id": self.id}

    @property
    def shown_value(self) -> str:
        """The value as a page shows it back: the names of codes, 是 and 否, identity numbers masked."""
        names = {option.value: option.label for option in self.options}
        if isinstance(self.value, bool):
            return names.get("true" if self.value else "false", _("是") if self.value else _("否"))
        if isinstance(self.value, list | tuple):
            return "、".join(names.get(str(one), str(one)) for one in self.value)
        text = names.get(str(self.value), "" if self.value is None else str(self.value))
        if self.type == "date":
            text = _day(text)
        return masking.mask(self.masked_as, text) if self.masked_as and text else text


def _day(text: str) -> str:
    """2027年6月30日 for an ISO date; any other text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return han_date(day)
