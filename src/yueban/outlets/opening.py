"""When an outlet is open: the week's hours, holidays, working weekends. No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from yueban.divisions.selectors import WorkCalendar
from yueban.kernel.clock import BEIJING
from yueban.outlets.choices import HoursKind

# How far ahead the next opening is looked for; no holiday is longer.
HORIZON = 30
MONDAY, SATURDAY = 0, 5
SOON = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Span:
    """Open from one time to another."""

    opens: time
    closes: time
    kind: str = HoursKind.REGULAR

    @property
    def text(self) -> str:
        """9:00–12:00."""
        return f"{_clock(self.opens)}–{_clock(self.closes)}"


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day; ``note`` says why they are not the weekday's."""

    day: date
    spans: tuple[Span, ...]
    note: str = ""

    @property
    def whole(self) -> tuple[Span, ...]:
        """The spans with those that touch joined, whatever their kinds."""
        joined: list[Span] = []
        for span in self.spans:
            if joined and span.opens <= joined[-1].closes:
                joined[-1] = Span(joined[-1].opens, max(joined[-1].closes, span.closes))
            else:
                joined.append(Span(span.opens, span.closes))
        return tuple(joined)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether an outlet is open at a moment, until when or from when, in words for people."""

    is_open: bool
    text: str
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    kind: str = ""


def hours_on(spans: Sequence[Mapping[str, Any]], calendar: WorkCalendar, day: date) -> DayHours:
    """The hours of a day: none on holidays; a working weekend has a Monday's ordinary hours."""
    if calendar.is_holiday(day):
        return DayHours(day, (), _("节假日休息"))
    if day.weekday() >= SATURDAY and calendar.is_workday(day):
        usual = {HoursKind.REGULAR.value, HoursKind.NOON.value}
        found = tuple(span for span in _spans(spans, MONDAY) if span.kind in usual)
        return DayHours(day, found, _("调休上班"))
    return DayHours(day, _spans(spans, day.weekday()))


def week_of(spans: Sequence[Mapping[str, Any]], calendar: WorkCalendar, first: date) -> list[DayHours]:
    """The hours of seven days."""
    return [hours_on(spans, calendar, first + timedelta(days=n)) for n in range(7)]


def opening_at(spans: Sequence[Mapping[str, Any]], calendar: WorkCalendar, at: datetime) -> Opening:
    """Whether it is open at the moment; spans that touch are one."""
    here = at.astimezone(BEIJING)
    today = hours_on(spans, calendar, here.date())
    now = here.time().replace(tzinfo=None)
    current = next((span for span in today.spans if span.opens <= now < span.closes), None)
    if current is not None:
        closes = _end_of(today.spans, current)
        closes_at = datetime.combine(here.date(), closes, BEIJING)
        return Opening(True, _open_text(current, closes_at, here), closes_at, None, current.kind)
    following = next(_later(spans, calendar, here, today), None)
    if following is None:
        return Opening(False, _("现在关门，开门时间请电话询问"))
    return Opening(False, _closed_text(following, here), None, following)


def after_open_time(
    spans: Sequence[Mapping[str, Any]], calendar: WorkCalendar, at: datetime, wanted: timedelta
) -> datetime | None:
    """The moment by which an outlet has been open for so long since ``at``; None where it never opens.

    Closed hours do not count: what is asked in the evening is due as long after the next opening.
    """
    here = at.astimezone(BEIJING)
    for n in range(HORIZON + 1):
        day = here.date() + timedelta(days=n)
        for span in hours_on(spans, calendar, day).whole:
            starts = max(here, datetime.combine(day, span.opens, BEIJING))
            room = datetime.combine(day, span.closes, BEIJING) - starts
            if wanted <= room:
                return starts + wanted
            wanted -= max(room, timedelta())
    return None


def _spans(spans: Sequence[Mapping[str, Any]], weekday: int) -> tuple[Span, ...]:
    found = [
        Span(time.fromisoformat(one["opens"]), time.fromisoformat(one["closes"]), one["kind"])
        for one in spans
        if one["weekday"] == weekday
    ]
    return tuple(sorted(found, key=lambda span: span.opens))


def _end_of(spans: Sequence[Span], current: Span) -> time:
    closes = current.closes
    for span in spans:
        if span.opens <= closes < span.closes:
            closes = span.closes
    return closes


def _later(
    spans: Sequence[Mapping[str, Any]], calendar: WorkCalendar, here: datetime, today: DayHours
) -> Iterator[datetime]:
    now = here.time().replace(tzinfo=None)
    yield from (datetime.combine(here.date(), s.opens, BEIJING) for s in today.spans if s.opens > now)
    for n in range(1, HORIZON + 1):
        day = here.date() + timedelta(days=n)
        yield from (datetime.combine(day, s.opens, BEIJING) for s in hours_on(spans, calendar, day).spans)


def _open_text(span: Span, closes_at: datetime, here: datetime) -> str:
    shown = {"time": _clock(closes_at.time())}
    if closes_at - here <= SOON:
        minutes = max(1, int((closes_at - here).total_seconds() // 60))
        return _("现在开门，还有%(minutes)s分钟关门（%(time)s）") % (shown | {"minutes": minutes})
    if span.kind == HoursKind.NOON:
        return _("午间有人值班，%(time)s关门") % shown
    if span.kind == HoursKind.SATURDAY:
        return _("周六照常服务，%(time)s关门") % shown
    if span.kind == HoursKind.EXTENDED:
        return _("延时服务中，%(time)s关门") % shown
    return _("现在开门，%(time)s关门") % shown


def _closed_text(opens: datetime, here: datetime) -> str:
    shown = {"time": _clock(opens.time())}
    days = (opens.date() - here.date()).days
    if days == 0:
        return _("今天%(time)s开门") % shown
    if days == 1:
        return _("明天%(time)s开门") % shown
    if days < 7:
        return _("%(weekday)s%(part)s%(time)s开门") % (
            shown
            | {"weekday": weekday_name(opens.date()), "part": _("上午") if opens.hour < 12 else _("下午")}
        )
    day = {"month": opens.month, "day": opens.day, "weekday": weekday_name(opens.date())}
    return _("%(month)s月%(day)s日（%(weekday)s）%(time)s开门") % (shown | day)


def weekday_name(day: date) -> str:
    """周一 to 周日."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[day.weekday()]


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"
