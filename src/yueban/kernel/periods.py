"""Periods between days, and limits such as 20 个工作日; the calendar itself lives in divisions."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from yueban.kernel.errors import Invalid


class PeriodInvalid(Invalid):
    """A period that ends before it starts, or a limit that cannot be read."""

    code = "period.invalid"


class Unit(StrEnum):
    """Units of a limit, by their official names (numeric codes differ between provinces)."""

    WORKDAY = "工作日"
    DAY = "自然日"
    HOUR = "小时"
    MINUTE = "分钟"
    MONTH = "月"
    YEAR = "年"


MEASURES: Final = {
    Unit.WORKDAY: "个工作日",
    Unit.DAY: "个自然日",
    Unit.HOUR: "小时",
    Unit.MINUTE: "分钟",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}
LIMIT_TEXT: Final = re.compile(r"(?P<amount>\d{1,4})\s*个?\s*(?P<unit>工作日|自然日|小时|分钟|月|年|日|天)")


@dataclass(frozen=True, slots=True)
class Period:
    """Both days inclusive; None is open."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise PeriodInvalid(f"期间的终点 {self.end} 早于起点 {self.start}。", hint="请核对起止日期。")

    def contains(self, day: date) -> bool:
        """Whether the day lies within."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        starts_before_end = self.start is None or other.end is None or self.start <= other.end
        ends_after_start = self.end is None or other.start is None or other.start <= self.end
        return starts_before_end and ends_after_start

    @property
    def days(self) -> int | None:
        """How many days, both ends counted; None when open."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of a unit; zero is 即办."""

    amount: int
    unit: Unit

    def __init__(self, amount: int, unit: Unit | str) -> None:
        if amount < 0:
            raise PeriodInvalid(f"时限不能为负数（{amount}）。", hint="即办填 0。")
        if unit not in set(Unit):
            raise PeriodInvalid(f"时限单位“{unit}”未定义。", hint=f"可用：{'、'.join(Unit)}。")
        object.__setattr__(self, "amount", amount)
        object.__setattr__(self, "unit", Unit(unit))

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Read 即办, 5个工作日, 30天 …; raises PeriodInvalid."""
        if text.strip() == "即办":
            return cls(0, Unit.WORKDAY)
        match = LIMIT_TEXT.fullmatch(text.strip())
        if match is None:
            raise PeriodInvalid(f"“{text}”不是时限。", hint="写作“5个工作日”“30个自然日”或“即办”。")
        unit = match["unit"]
        return cls(int(match["amount"]), Unit.DAY if unit in {"日", "天"} else Unit(unit))

    @property
    def is_immediate(self) -> bool:
        """Whether the thing is done on the spot."""
        return self.amount == 0

    @property
    def needs_calendar(self) -> bool:
        """Whether only the calendar of workdays can count it."""
        return self.unit is Unit.WORKDAY

    def last_day_from(self, start: date) -> date:
        """The last day of something valid for the limit from ``start``: one year ends the day before.

        For 自然日, 月 and 年 only; raises PeriodInvalid for units counted elsewhere.
        """
        if self.unit is Unit.DAY:
            return start + timedelta(days=self.amount - 1)
        return self.after(start) - timedelta(days=1)

    def after(self, start: date) -> date:
        """The day the limit later: the same day of the month, or the month's last (民法典 202条).

        For 自然日, 月 and 年 only; raises PeriodInvalid for units counted elsewhere.
        """
        if self.unit is Unit.DAY:
            return start + timedelta(days=self.amount)
        if self.unit is Unit.MONTH:
            return _add_months(start, self.amount)
        if self.unit is Unit.YEAR:
            return _add_months(start, self.amount * 12)
        raise PeriodInvalid(
            f"“{self}”不能按日历日推算。", hint="工作日按区划日历推算，小时和分钟按时刻推算。"
        )

    def __str__(self) -> str:
        return "即办" if self.is_immediate else f"{self.amount}{MEASURES[self.unit]}"


def _add_months(start: date, months: int) -> date:
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
