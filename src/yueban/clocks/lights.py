"""When a clock is due, how many days are left, and which light that shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yueban.clocks.choices import MISSED_WORDS, ClockKind, ClockState, Light
from yueban.clocks.models import Clock
from yueban.divisions import selectors as divisions
from yueban.divisions.selectors import WorkCalendar
from yueban.kernel import clock
from yueban.kernel.periods import Limit

YELLOW_DAYS = 2  # working days left at which a light turns yellow


@dataclass(frozen=True)
class ClockLight:
    """What a person sees of a clock: colour, word and the sentence with the day."""

    light: str
    word: str
    kind: str
    due_on: date
    remaining: int

    @property
    def sentence(self) -> str:
        """还有3个工作日（11月25日前）."""
        day = f"{self.due_on.month}月{self.due_on.day}日"
        if self.light == Light.PAUSED:
            return "暂停计时"
        if self.remaining < 0:
            return f"已超{-self.remaining}个工作日（应于{day}前）"
        return f"今天到期（{day}）" if self.remaining == 0 else f"还有{self.remaining}个工作日（{day}前）"


def overdue(field: str = "due_on", today: date | None = None) -> Q:
    """The one meaning of overdue for a list: its last day lies before today, so that its light is red."""
    return Q(**{f"{field}__lt": today or clock.today()})


def light_of(row: Clock, today: date | None = None) -> ClockLight:
    """The light of one clock today."""
    return lights_of([row], today)[0]


def lights_of(rows: Iterable[Clock], today: date | None = None) -> list[ClockLight]:
    """The lights of many clocks; the calendars are asked for once."""
    day, asked = today or clock.today(), list(rows)
    calendars = divisions.work_calendars({row.division_code for row in asked}) if asked else {}
    lights = []
    for row in asked:
        remaining = _remaining(row, day, calendars[row.division_code])
        light = _colour(row, remaining)
        lights.append(ClockLight(light, _word(light, row.kind), row.kind, row.due_on, remaining))
    return lights


def _word(light: Light, kind: str) -> str:
    """正常, 今天到期; what is missed says what was not done in time."""
    late = light in (Light.RED, Light.DEEP_RED)
    return MISSED_WORDS.get(kind, str(light.label)) if late else str(light.label)


def light_until(due: date, division: str, today: date | None = None) -> ClockLight:
    """The light of a plain due day, such as a task's."""
    return lights_until([(due, division)], today)[0]


def lights_until(dues: Iterable[tuple[date, str]], today: date | None = None) -> list[ClockLight]:
    """The lights of many plain due days, each with its division."""
    plain = {"kind": "", "amount": 0, "state": ClockState.RUNNING}
    return lights_of((Clock(due_on=due, division_code=division, **plain) for due, division in dues), today)


def due_on(day: date, limit: Limit, division: str) -> date:
    """The last day of a limit whose day 0 is `day`; natural days roll over holidays (民法典 203)."""
    return due_by(divisions.work_calendar(division), day, limit)


def due_by(calendar: WorkCalendar, day: date, limit: Limit) -> date:
    """The same, by a calendar that was asked for once."""
    if limit.needs_calendar:
        return calendar.add(day, limit.amount)
    last = limit.after(day)
    return last if calendar.is_workday(last) else calendar.add(last, 1)


def _remaining(row: Clock, day: date, calendar: WorkCalendar) -> int:
    if row.due_on >= day:
        return calendar.between(day, row.due_on)
    return -calendar.between(row.due_on, day) or -1


def _colour(row: Clock, remaining: int) -> Light:
    if row.state == ClockState.PAUSED:
        return Light.PAUSED
    if row.state in (ClockState.MET, ClockState.VOID):
        return Light.CLOSED
    if remaining < 0:
        return Light.DEEP_RED if row.kind == ClockKind.STATUTORY else Light.RED
    if remaining == 0:
        return Light.ORANGE
    return Light.YELLOW if remaining <= max(YELLOW_DAYS, row.amount // 5) else Light.GREEN
