"""Drawing fields, and the numbers a pager shows."""

from collections.abc import Iterable

from django import template
from django.core.paginator import Page, Paginator

from yueban.channels.shared import drawing

register = template.Library()
HOTLINE = "12345"

register.simple_tag(drawing.draw, name="draw")
register.simple_tag(drawing.draw_field, name="draw_field")
register.simple_tag(drawing.draw_about, name="draw_about")
register.simple_tag(drawing.draw_choice, name="draw_choice")


@register.filter
def is_chosen(option: str, value: object) -> bool:
    """Whether an option is the value, or one of the values."""
    return option in drawing.chosen(value)


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
