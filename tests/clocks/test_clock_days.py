"""Clocks count working days by the stored calendar, stop while paused, and show a light with its word."""

from datetime import date, datetime

import pytest

from yueban.clocks import selectors, services
from yueban.clocks.choices import ClockKind, ClockState, Light
from yueban.kernel import clock
from yueban.kernel.periods import Limit
from yueban.kernel.reference import Reference

CASE = Reference("case", "33060220260930000000010")
YUECHENG = "330602000000"

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_day():
    """Set the day it is."""

    def set_day(day: date) -> None:
        clock.set_source(lambda: datetime(day.year, day.month, day.day, 17, 0, tzinfo=clock.BEIJING))

    yield set_day
    clock.set_source(None)


def start(kind: ClockKind = ClockKind.PROMISE, days: int = 5):
    new = services.NewClock(
        reference=CASE,
        kind=kind,
        limit=Limit(days, "工作日"),
        basis="行政许可法第三十二条",
        division=YUECHENG,
    )
    (row,) = services.made_clocks([new])
    row.save()
    return row


def test_five_days_from_the_eve_of_national_day_end_after_the_holiday(on_day):
    on_day(date(2026, 9, 30))
    # 1-7 October are holidays; 8, 9 work; 10 October is a working Saturday; 12, 13 work.
    assert start(ClockKind.NOTICE).due_on == date(2026, 10, 13)


def test_a_pause_moves_the_due_day_by_its_working_days(on_day):
    on_day(date(2026, 11, 2))
    row = start(days=10)
    assert row.due_on == date(2026, 11, 16)
    on_day(date(2026, 11, 5))
    services.pause_clocks(reference=CASE, kinds=[ClockKind.PROMISE])
    on_day(date(2026, 11, 12))
    (resumed,) = services.resume_clocks(reference=CASE, kinds=[ClockKind.PROMISE])
    assert resumed.due_on == date(2026, 11, 23)
    assert resumed.paused_workdays == 5


@pytest.mark.parametrize(
    ("day", "light", "words"),
    [
        (date(2026, 11, 2), Light.GREEN, "还有5个工作日(11月9日前)"),
        (date(2026, 11, 5), Light.YELLOW, "还有2个工作日(11月9日前)"),
        (date(2026, 11, 9), Light.ORANGE, "今天到期(11月9日)"),
        (date(2026, 11, 11), Light.RED, "已超2个工作日(应于11月9日前)"),
    ],
)
def test_the_light_follows_the_days_left(on_day, day, light, words):
    on_day(date(2026, 11, 2))
    row = start()
    on_day(day)
    found = selectors.light_of(row)
    assert found.light == light
    assert found.sentence.replace("（", "(").replace("）", ")") == words


def test_past_the_statutory_day_the_light_is_deep_red(on_day):
    on_day(date(2026, 11, 2))
    row = start(ClockKind.STATUTORY)
    on_day(date(2026, 11, 14))  # a Saturday: no working day of delay is complete, yet it is late
    assert selectors.light_of(row).light == Light.DEEP_RED


def test_a_met_clock_is_closed_and_another_may_start(on_day):
    on_day(date(2026, 11, 2))
    row = start(ClockKind.NOTICE)
    services.meet_many(CASE.kind, [CASE.number], [ClockKind.NOTICE])
    row.refresh_from_db()
    assert row.state == ClockState.MET
    assert selectors.light_of(row).light == Light.CLOSED
    assert start(ClockKind.NOTICE).pk != row.pk


def test_lapsed_clocks_are_those_whose_last_day_is_over(on_day):
    on_day(date(2026, 11, 2))
    row = start(ClockKind.NOTICE)
    assert not selectors.lapsed(ClockKind.NOTICE, row.due_on).exists()
    assert selectors.lapsed(ClockKind.NOTICE, date(2026, 11, 10)).get() == row


def test_a_due_day_in_a_year_without_notice_is_marked_provisional(on_day):
    on_day(date(2026, 12, 28))
    assert start(days=10).is_provisional
