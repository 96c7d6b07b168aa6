"""Periods and limits."""

from datetime import date

import pytest

from yueban.kernel.periods import Limit, Period, PeriodInvalid, Unit


def test_a_period_holds_both_its_ends():
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert year.contains(date(2026, 1, 1))
    assert year.contains(date(2026, 12, 31))
    assert not year.contains(date(2027, 1, 1))
    assert year.days == 365
    assert Period(start=date(2026, 1, 1)).contains(date(2999, 1, 1))


def test_periods_overlap_when_they_share_a_day():
    first = Period(None, date(2026, 6, 30))
    assert first.overlaps(Period(date(2026, 6, 30), None))
    assert not first.overlaps(Period(date(2026, 7, 1), None))


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(PeriodInvalid, match="早于起点"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("5个工作日", 5, Unit.WORKDAY),
        ("30天", 30, Unit.DAY),
        ("4年", 4, Unit.YEAR),
        ("3 个月", 3, Unit.MONTH),
        ("24小时", 24, Unit.HOUR),
    ],
)
def test_limits_are_read_as_people_write_them(text, amount, unit):
    assert Limit.parse(text) == Limit(amount, unit)


def test_zero_is_done_on_the_spot():
    assert Limit.parse("即办").is_immediate
    assert str(Limit(0, "工作日")) == "即办"
    assert str(Limit(5, "工作日")) == "5个工作日"


def test_a_licence_of_four_years_ends_the_day_before():
    assert Limit(4, "年").last_day_from(date(2026, 11, 22)) == date(2030, 11, 21)
    assert Limit(10, "自然日").last_day_from(date(2026, 11, 22)) == date(2026, 12, 1)


def test_a_month_ends_on_its_last_day():
    assert Limit(1, "月").after(date(2027, 1, 31)) == date(2027, 2, 28)
    assert Limit(1, "年").after(date(2028, 2, 29)) == date(2029, 2, 28)


def test_workdays_are_the_calendars_business():
    assert Limit(5, "工作日").needs_calendar
    with pytest.raises(PeriodInvalid, match="不能按日历日"):
        Limit(5, "工作日").after(date(2026, 1, 1))


def test_a_limit_of_another_unit_or_below_zero_is_refused():
    with pytest.raises(PeriodInvalid, match="未定义"):
        Limit(1, "周")
    with pytest.raises(PeriodInvalid, match="负数"):
        Limit(-1, "工作日")
    with pytest.raises(PeriodInvalid, match="不是时限"):
        Limit.parse("尽快")
