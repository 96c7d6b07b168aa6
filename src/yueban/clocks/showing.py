"""Which things show a light: lists of a city find them by the clocks' days, without working out a light for each."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from yueban.clocks.choices import ClockKind, ClockState, Light
from yueban.clocks.lights import YELLOW_DAYS, overdue
from yueban.clocks.models import Clock
from yueban.divisions import selectors as divisions
from yueban.divisions.selectors import WorkCalendar
from yueban.kernel import clock

LIVE = (ClockState.RUNNING, ClockState.PAUSED)
LONGEST = 120  # a fifth of the longest limit there is, in working days
# Lights that few things show: found through their clocks. The others are shown by so many that a list which
# is walked in its own order meets them soon.
RARE = frozenset({Light.RED, Light.DEEP_RED, Light.ORANGE, Light.PAUSED})


def numbers_showing(kind: str, light: str) -> QuerySet[Clock, str]:
    """Numbers of the things of a kind whose nearest live clock shows this light now."""
    return _nearest(light_condition(light), kind, LIVE).values_list("reference_number", flat=True)


def overdue_first(kind: str) -> QuerySet[Clock]:
    """The nearest overdue clock of each thing of a kind that has one, the most overdue first; one index."""
    running = Q(state=ClockState.RUNNING)
    return _nearest(running & overdue(), kind, [ClockState.RUNNING]).order_by("due_on", "pk")


def showing_first(kind: str, light: str) -> QuerySet[Clock]:
    """The nearest clocks of the things of a kind that show this light now, the most urgent first."""
    return _nearest(light_condition(light), kind, LIVE).order_by("due_on", "pk")


def _nearest(wanted: Q, kind: str, states: Sequence[ClockState]) -> QuerySet[Clock]:
    """The clocks that are wanted and before which no other of the same thing in such a state ends."""
    nearer = Clock.objects.filter(
        Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), pk__lt=OuterRef("pk")),
        reference_kind=kind,
        reference_number=OuterRef("reference_number"),
        state__in=states,
    )
    return Clock.objects.filter(wanted, reference_kind=kind).exclude(Exists(nearer))


def nearest_shows(kind: str, number_field: str, light: str) -> QuerySet[Any, Any]:
    """For each row of an outer query whether its nearest live clock shows this light; no row where none is live."""
    rows = Clock.objects.filter(reference_kind=kind, reference_number=OuterRef(number_field), state__in=LIVE)
    nearest = rows.order_by("due_on", "pk").annotate(shows=light_condition(light))
    return nearest.values("shows")[:1]


def light_condition(light: str, today: date | None = None) -> Q:
    """The clocks that show a light, by their days; the same as clocks/lights.py says of each."""
    day = today or clock.today()
    running = Q(state=ClockState.RUNNING)
    if light == Light.PAUSED:
        return Q(state=ClockState.PAUSED)
    if light in (Light.RED, Light.DEEP_RED):
        deep = Q(kind=ClockKind.STATUTORY)
        return running & Q(due_on__lt=day) & (deep if light == Light.DEEP_RED else ~deep)
    return running & Q(due_on__gte=day) & _by_place(light, day)


def _by_place(light: str, day: date) -> Q:
    """Working days left differ with the calendar: divisions with days of their own are asked one by one."""
    own = divisions.divisions_with_own_days()
    calendars = divisions.work_calendars(["", *own])
    found, taken = Q(pk__in=[]), Q(pk__in=[])
    # The nearest calendar stands: villages before their town, towns before their county.
    for code in sorted(own, key=lambda one: len(divisions.prefix_of(one)), reverse=True):
        here = Q(division_code__startswith=divisions.prefix_of(code))
        found |= here & ~taken & _within(light, day, calendars[code])
        taken |= here
    elsewhere = _within(light, day, calendars[""])
    return found | (elsewhere & ~taken) if own else elsewhere


def _within(light: str, day: date, calendar: WorkCalendar) -> Q:
    # The last day on which so many working days are left is the one before the next working day.
    last = [calendar.add(day, left + 1) - timedelta(days=1) for left in range(LONGEST + 1)]
    if light == Light.ORANGE:
        return Q(due_on__lte=last[0])
    yellow = RawSQL(  # noqa: S611 - constants of this file alone
        f"(%s::date[])[1 + least(greatest({YELLOW_DAYS}, amount / 5), {LONGEST})]",
        [last],
    )
    if light == Light.YELLOW:
        return Q(due_on__gt=last[0], due_on__lte=yellow)
    return Q(due_on__gt=yellow)
