"""How a data element's type becomes an HTML control, and the numbers a pager shows."""

from collections.abc import Iterable, Sequence

from django import template
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from yueban.channels.shared.fields import Option

register = template.Library()
SHORT_LIST = 5
HOTLINE = "12345"
INPUT_TYPES = {"date": "date", "tel": "tel", "password": "password", "search": "search", "email": "email"}
INPUT_MODES = {"integer": "numeric", "decimal": "decimal", "money": "decimal", "tel": "tel"}
SHORT_TYPES = frozenset({"integer", "decimal", "money", "date"})


@register.filter
def input_type(kind: str) -> str:
    """The `type` attribute; numbers stay text, so that a slip of the wheel never changes them."""
    return INPUT_TYPES.get(kind, "text")


@register.filter
def input_mode(kind: str, chosen: str = "") -> str:
    """The keyboard a phone shows."""
    return chosen or INPUT_MODES.get(kind, "")


@register.filter
def width_class(kind: str) -> str:
    """Short controls for short answers."""
    return "short" if kind in SHORT_TYPES else ""


@register.filter
def is_short_list(kind: str, options: Sequence[Option]) -> bool:
    """Whether a code is better chosen from visible rows than from a folded list."""
    return kind == "code" and 0 < len(options) <= SHORT_LIST


@register.filter
def options_of(kind: str, options: Sequence[Option]) -> Sequence[Option]:
    """The rows of a choice; 是 and 否 for a yes-or-no question."""
    if kind == "boolean" and not options:
        return (Option("true", _("是")), Option("false", _("否")))
    return options


@register.filter
def is_chosen(option: str, value: object) -> bool:
    """Whether an option is the value, or one of the values."""
    if isinstance(value, bool):
        return option == ("true" if value else "false")
    if isinstance(value, list | tuple | set | frozenset):
        return option in {str(one) for one in value}
    return value is not None and option == str(value)


@register.filter
def option_id(control: str, counter: int) -> str:
    """The id of one row of a choice."""
    return f"{control}-{counter}"


@register.filter
def as_dialled(phone: str) -> str:
    """The hotline 12345 without an area code, as people in the city dial it; any other number as it is."""
    return HOTLINE if phone.endswith(f"-{HOTLINE}") else phone


@register.filter
def page_numbers(paginator: Paginator, page: Page) -> Iterable[int | str]:  # type: ignore[type-arg]
    """Numbers to show around the present page; an empty string stands for a gap."""
    gap = str(paginator.ELLIPSIS)
    found = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return ["" if number == gap else number for number in found]
