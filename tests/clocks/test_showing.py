"""Lists find things by their light through the clocks' days: the same that a look at every clock finds."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.db.models import Subquery

from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind, ClockState, Light
from yueban.clocks.models import Clock
from yueban.divisions import services as divisions
from yueban.kernel import clock

YUECHENG, KEQIAO, TASHAN = "330602000000", "330603000000", "330602001000"
SHOWN = [light for light in Light if light != Light.CLOSED]

pytestmark = pytest.mark.django_db


def make_clocks(today: date) -> None:
    """Up to four clocks of each of 200 things, of every kind, state and length, around this day."""
    chance = random.Random(today.toordinal())
    Clock.objects.bulk_create(
        Clock(
            reference_kind="case",
            reference_number=f"{number:04}",
            kind=kind,
            basis="测试",
            amount=chance.choice([1, 5, 10, 14, 15, 20, 45, 200]),
            unit="工作日",
            division_code=chance.choice([YUECHENG, KEQIAO, TASHAN]),
            started_on=today,
            due_on=today + timedelta(days=chance.randrange(-15, 70)),
            state=chance.choice([*ClockState, ClockState.RUNNING]),
        )
        for number in range(200)
        for kind in chance.sample(list(ClockKind), chance.randrange(1, 5))
    )


def looked_at() -> dict[str, set[str]]:
    """By light the things whose nearest live clock shows it, each clock looked at."""
    found: dict[str, set[str]] = {light: set() for light in SHOWN}
    numbers = Clock.objects.values_list("reference_number", flat=True)
    for number, rows in clocks.live_clocks_of("case", numbers).items():
        nearest = min(rows, key=lambda row: (row.due_on, row.pk))
        found[clocks.light_of(nearest).light].add(number)
    return found


@pytest.mark.parametrize("today", [date(2026, 9, 30), date(2026, 11, 20), date(2027, 2, 14)])
def test_each_light_finds_the_things_whose_nearest_clock_shows_it(today):
    divisions.set_calendar_day(day=today + timedelta(days=1), is_workday=True, name="加班", division=YUECHENG)
    divisions.set_calendar_day(day=today + timedelta(days=3), is_workday=False, name="停办", division=TASHAN)
    clock.set_source(lambda: datetime(today.year, today.month, today.day, 9, 0, tzinfo=clock.BEIJING))
    make_clocks(today)
    wanted = looked_at()
    assert sum(len(numbers) for numbers in wanted.values()) > 100
    for light in SHOWN:
        assert set(clocks.numbers_showing("case", light)) == wanted[light], light
        shows = Subquery(clocks.nearest_shows("case", "reference_number", light))
        rows = Clock.objects.annotate(shows=shows)
        assert set(rows.filter(shows=True).values_list("reference_number", flat=True)) == wanted[light], light
