"""Working-day arithmetic on the stored calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.divisions import selectors, services
from yueban.divisions.workdays import WorkCalendar

pytestmark = pytest.mark.django_db
YUECHENG = "330602000000"


def test_five_days_from_the_eve_of_national_day_end_after_the_working_saturday():
    """Appendix A 3: received on 2026-09-30, the 5-day notice ends on 2026-10-13."""
    assert selectors.add_workdays(date(2026, 9, 30), 5, YUECHENG) == date(2026, 10, 13)


def test_a_working_saturday_counts_and_a_holiday_monday_does_not():
    assert selectors.is_workday(date(2026, 10, 10))
    assert not selectors.is_workday(date(2026, 10, 5))
    assert selectors.workdays_between(date(2026, 9, 30), date(2026, 10, 12)) == 4


def test_the_day_of_the_event_is_not_counted():
    assert selectors.add_workdays(date(2026, 11, 23), 1) == date(2026, 11, 24)


def test_no_days_from_a_free_day_is_the_next_working_day():
    assert selectors.add_workdays(date(2026, 11, 21), 0) == date(2026, 11, 23)
    assert selectors.add_workdays(date(2026, 11, 23), 0) == date(2026, 11, 23)


def test_an_unpublished_year_counts_weekends_and_fixed_holidays_and_is_provisional():
    assert selectors.is_provisional_year(2027)
    assert not selectors.is_provisional_year(2026)
    assert not selectors.is_workday(date(2027, 1, 1))
    assert selectors.is_workday(date(2027, 2, 8))
    assert selectors.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_a_loaded_notice_changes_dates_computed_before():
    assert selectors.add_workdays(date(2027, 2, 5), 1) == date(2027, 2, 8)
    services.set_calendar_day(day=date(2027, 2, 8), is_workday=False, name="春节")
    assert selectors.add_workdays(date(2027, 2, 5), 1) == date(2027, 2, 9)
    assert not selectors.is_provisional_year(2027)


def test_a_county_may_close_on_a_day_of_its_own():
    services.set_calendar_day(day=date(2026, 11, 24), is_workday=False, name="停电", division=YUECHENG)
    assert not selectors.is_workday(date(2026, 11, 24), YUECHENG)
    assert not selectors.is_workday(date(2026, 11, 24), "330602001000")
    assert selectors.is_workday(date(2026, 11, 24), "330603000000")
    assert selectors.is_workday(date(2026, 11, 24))


def test_a_countys_own_day_stands_before_the_countrys():
    services.set_calendar_day(day=date(2026, 10, 1), is_workday=True, name="值守", division=YUECHENG)
    assert selectors.is_workday(date(2026, 10, 1), YUECHENG)
    assert not selectors.is_workday(date(2026, 10, 1), "330600000000")


def test_the_calendar_is_read_once_for_many_dates(django_assert_num_queries):
    selectors.is_workday(date(2026, 11, 23), YUECHENG)
    with django_assert_num_queries(1):
        calendar = selectors.work_calendar(YUECHENG)
        for number in range(200):
            calendar.add(date(2026, 1, 1), number)


CALENDAR = WorkCalendar(
    {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}, frozenset({2026})
)
days = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@given(days, st.integers(1, 600))
def test_counting_on_and_counting_between_agree(day, count):
    end = CALENDAR.add(day, count)
    assert CALENDAR.between(day, end) == count
    assert CALENDAR.is_workday(end)


@given(days, st.integers(1, 600))
def test_counting_back_undoes_counting_on_from_a_working_day(day, count):
    start = CALENDAR.add(day, 0)
    assert CALENDAR.add(CALENDAR.add(start, count), -count) == start


@given(days, days)
def test_between_is_the_sum_of_single_days(start, end):
    first, last = min(start, end), max(start, end)
    expected = sum(CALENDAR.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert CALENDAR.between(first, last) == expected
    assert CALENDAR.between(last, first) == -expected


@given(days, st.integers(0, 40), st.integers(0, 40))
def test_elapsed_and_remaining_always_sum_to_the_limit(day, limit, passed):
    due = CALENDAR.add(day, limit + 1)
    today = CALENDAR.add(day, passed + 1)
    assert CALENDAR.between(day, today) + CALENDAR.between(today, due) == limit + 1
