"""Dates as readers of the page expect them: 2026年11月22日 and 今天 09:41, or 22 November 2026 and today 09:41."""

import calendar
from datetime import date, datetime

from django import template
from django.utils import timezone

from yueban.channels.shared.english import is_english
from yueban.kernel import clock

register = template.Library()
WEEKDAYS = "一二三四五六日"


def _english(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]}"


@register.filter
def han_date(day: date | datetime | None) -> str:
    """2026年11月22日."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    if is_english():
        return f"{_english(day)} {day.year}"
    return clock.written(day)


@register.filter
def han_weekday(day: date | None) -> str:
    """11月25日(周三), with the year where it is not this one."""
    if day is None:
        return ""
    is_this_year = day.year == clock.today().year
    if is_english():
        return f"{calendar.day_name[day.weekday()]} {_english(day)}" + (
            "" if is_this_year else f" {day.year}"
        )
    year = "" if is_this_year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def han_moment(moment: datetime | None) -> str:
    """今天 09:41, 11月20日 09:41, or with the year where it is not this one."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    today = clock.today()
    if local.date() == today:
        return f"{'today' if is_english() else '今天'} {local:%H:%M}"
    if is_english():
        return f"{_english(local)}{'' if local.year == today.year else f' {local.year}'} {local:%H:%M}"
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


# The kinds of events whose dot is not plain: a decision is stamped, a no is open.
DOTS = {"grant": "stamp", "certify": "stamp", "refuse": "halt", "refuse_acceptance": "halt", "return": "halt"}


@register.filter
def dot_class(kind: str) -> str:
    """The class of a timeline dot by the kind of its entry."""
    return kind if kind in {"stamp", "halt", "now", "done"} else DOTS.get(kind, "done")
