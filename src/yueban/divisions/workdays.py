"""Working-day arithmetic over a calendar held in memory (行政许可法 art. 82; domain rules: day 0 is the event)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

# Solar holidays of 全国年节及纪念日放假办法 (2024): what is certain before the year's notice is published.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True)
class WorkCalendar:
    """The calendar of one division: days that differ from the week, and the years whose notice is known."""

    exceptions: Mapping[date, bool]
    published_years: frozenset[int]
    _years: dict[int, list[int]] = field(default_factory=dict, repr=False, compare=False)

    def is_workday(self, day: date) -> bool:
        """Whether work is done on the day; in an unpublished year weekends and fixed holidays are free."""
        stated = self.exceptions.get(day)
        if stated is not None:
            return stated
        if day.year not in self.published_years and (day.month, day.day) in FIXED_HOLIDAYS:
            return False
        return day.weekday() < 5

    def is_holiday(self, day: date) -> bool:
        """Whether the day is free although its weekday, or the Saturday service, would not make it so."""
        stated = self.exceptions.get(day)
        if stated is not None:
            return not stated
        return day.year not in self.published_years and (day.month, day.day) in FIXED_HOLIDAYS

    def is_provisional(self, year: int) -> bool:
        """Whether the year's holidays are not published yet, so that dates in it are 暂按."""
        return year not in self.published_years

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it when negative).

        ``day`` itself is never counted; 0 gives the day, or the next working day when it is free.
        """
        if count < 0:
            return self._back(day, -count)
        if count == 0:
            return day if self.is_workday(day) else self.add(day, 1)
        year, ordinal = day.year, day.toordinal()
        while True:
            days = self._workdays(year)
            position = bisect_right(days, ordinal) + count - 1
            if position < len(days):
                return date.fromordinal(days[position])
            count -= len(days) - bisect_right(days, ordinal)
            year += 1

    def _back(self, day: date, count: int) -> date:
        year, ordinal = day.year, day.toordinal()
        while True:
            days = self._workdays(year)
            position = bisect_left(days, ordinal)
            if position >= count:
                return date.fromordinal(days[position - count])
            count -= position
            year -= 1

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self.between(end, start)
        total = 0
        for year in range(start.year, end.year + 1):
            days = self._workdays(year)
            total += bisect_right(days, end.toordinal()) - bisect_right(days, start.toordinal())
        return total

    def _workdays(self, year: int) -> list[int]:
        """Ordinals of the year's working days, computed once."""
        found = self._years.get(year)
        if found is None:
            first = date(year, 1, 1)
            days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
            found = [day.toordinal() for day in days if self.is_workday(day)]
            self._years[year] = found
        return found


@dataclass(frozen=True)
class Edition:
    """All stated days of one edition of the calendar, and the calendars already made of them."""

    everywhere: Mapping[date, bool]
    local: Mapping[str, Mapping[date, bool]]
    _made: dict[tuple[str, ...], WorkCalendar] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str | None, date, bool]]) -> Edition:
        """Read rows of (division code or None, day, is_workday)."""
        everywhere: dict[date, bool] = {}
        local: dict[str, dict[date, bool]] = {}
        for code, day, is_workday in rows:
            (everywhere if code is None else local.setdefault(code, {}))[day] = is_workday
        return cls(everywhere, local)

    def calendar_of(self, chain: Sequence[str]) -> WorkCalendar:
        """The calendar of a division, given it and those above it; the nearest one's days stand."""
        own = tuple(code for code in chain if code in self.local)
        if own not in self._made:
            days = dict(self.everywhere)
            for code in reversed(own):
                days |= self.local[code]
            self._made[own] = WorkCalendar(days, frozenset(day.year for day in self.everywhere))
        return self._made[own]
