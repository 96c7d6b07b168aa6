"""When an outlet is open: week, noon, Saturday, evening, holidays, working weekends, in words for people."""

from datetime import datetime

import pytest

from yueban.divisions import services as divisions
from yueban.kernel.clock import BEIJING
from yueban.outlets import selectors

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


HALL, TOWN, EVENING, VILLAGE = "hall-330602", "centre-330602108", "centre-330602011", "point-330602011220"


@pytest.mark.parametrize(
    ("code", "moment", "is_open", "text"),
    [
        # 2026-11-23 is a Monday.
        (HALL, "2026-11-23 08:59", False, "今天9:00开门"),
        (HALL, "2026-11-23 09:00", True, "现在开门，17:00关门"),
        (HALL, "2026-11-23 12:30", True, "午间有人值班，17:00关门"),
        (HALL, "2026-11-23 16:45", True, "现在开门，还有15分钟关门（17:00）"),
        (HALL, "2026-11-23 17:00", False, "明天9:00开门"),
        (HALL, "2026-11-27 18:00", False, "明天9:00开门"),
        (HALL, "2026-11-28 10:00", True, "周六照常服务，11:30关门"),
        (HALL, "2026-11-28 11:30", False, "周一上午9:00开门"),
        (TOWN, "2026-11-27 17:30", False, "周一上午8:30开门"),
        (EVENING, "2026-11-24 18:00", True, "延时服务中，19:30关门"),
        (EVENING, "2026-11-24 16:00", True, "现在开门，19:30关门"),
        (EVENING, "2026-11-25 18:00", False, "明天8:30开门"),
        (VILLAGE, "2026-11-23 12:00", False, "今天13:30开门"),
        (VILLAGE, "2026-11-23 11:00", True, "现在开门，还有30分钟关门（11:30）"),
        # National Day 2026: free from 1 to 7 October; 10 October is a working Saturday.
        (HALL, "2026-10-03 10:00", False, "周四上午9:00开门"),
        (HALL, "2026-09-30 20:00", False, "10月8日（周四）9:00开门"),
        (HALL, "2026-10-10 16:00", True, "现在开门，17:00关门"),
        (VILLAGE, "2026-10-10 09:00", True, "现在开门，11:30关门"),
    ],
)
def test_the_words_say_until_when_or_from_when(code, moment, is_open, text):
    opening = selectors.open_now(selectors.get_outlet(code), at(moment))
    assert (opening.is_open, opening.text) == (is_open, text)


def test_a_closing_day_of_one_county_closes_its_outlets_alone():
    divisions.set_calendar_day(
        day=at("2026-11-23 00:00").date(), is_workday=False, name="停电检修", division="330602000000"
    )
    moment = at("2026-11-23 10:00")
    assert not selectors.open_now(selectors.get_outlet(HALL), moment).is_open
    assert not selectors.open_now(selectors.get_outlet(VILLAGE), moment).is_open
    assert selectors.open_now(selectors.get_outlet("hall-330603"), moment).is_open
    assert selectors.open_now(selectors.get_outlet("hall-330600"), moment).is_open


def test_many_openings_cost_one_query(django_assert_num_queries):
    rows = list(selectors.outlets_in("330602000000"))
    selectors.open_now(rows[0])  # the calendar's days are read once a process
    with django_assert_num_queries(1):
        found = selectors.openings(rows, at("2026-11-23 12:30"))
    assert len(found) == len(rows) > 300
    assert {opening.is_open for opening in found.values()} == {True, False}


def test_a_week_shows_holidays_and_working_weekends():
    week = selectors.week_hours(selectors.get_outlet(HALL), at("2026-10-05 12:00"))
    notes = [(day.day.day, len(day.spans), day.note) for day in week]
    assert notes == [
        (5, 0, "节假日休息"),
        (6, 0, "节假日休息"),
        (7, 0, "节假日休息"),
        (8, 3, ""),
        (9, 3, ""),
        (10, 3, "调休上班"),
        (11, 0, ""),
    ]
    assert [span.text for span in week[3].spans] == ["9:00–12:00", "12:00–13:30", "13:30–17:00"]
