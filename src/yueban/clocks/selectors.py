"""Reads of legal clocks; due days and lights are worked out in lights.py."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, QuerySet

from yueban.clocks.choices import ClockKind, ClockState
from yueban.clocks.lights import ClockLight as ClockLight
from yueban.clocks.lights import due_on as due_on
from yueban.clocks.lights import light_of as light_of
from yueban.clocks.lights import light_until as light_until
from yueban.clocks.lights import lights_of as lights_of
from yueban.clocks.lights import lights_until as lights_until
from yueban.clocks.lights import overdue as overdue
from yueban.clocks.models import Clock
from yueban.clocks.showing import RARE as RARE
from yueban.clocks.showing import nearest_shows as nearest_shows
from yueban.clocks.showing import numbers_showing as numbers_showing
from yueban.clocks.showing import overdue_first as overdue_first
from yueban.clocks.showing import showing_first as showing_first
from yueban.kernel.reference import Reference


def clocks_of(reference: Reference) -> QuerySet[Clock]:
    """All clocks of one thing in the order they were started."""
    return Clock.objects.filter(reference_kind=reference.kind, reference_number=reference.number).order_by(
        "pk"
    )


def live_clocks_of(kind: str, numbers: Iterable[str]) -> dict[str, list[Clock]]:
    """Live clocks of many things in one query, by number."""
    found: dict[str, list[Clock]] = {}
    rows = Clock.objects.filter(
        reference_kind=kind,
        reference_number__in=list(numbers),
        state__in=[ClockState.RUNNING, ClockState.PAUSED],
    )
    for row in rows.order_by("due_on"):
        found.setdefault(row.reference_number, []).append(row)
    return found


def lapsed(kind: ClockKind, day: date) -> QuerySet[Clock]:
    """Running clocks of a kind whose last day lies before this day."""
    return Clock.objects.filter(state=ClockState.RUNNING, kind=kind, due_on__lt=day).order_by("due_on", "pk")


def missed(day: date) -> QuerySet[Clock]:
    """Running clocks whose last day lies before this day and of which nobody has been told yet; one index."""
    return Clock.objects.filter(state=ClockState.RUNNING, missed_on=None, due_on__lt=day).order_by(
        "due_on", "pk"
    )


def ending_soon(kind: str, until: date) -> QuerySet[Clock]:
    """Running clocks of a kind that end by this day and of which nobody has been reminded yet; one index."""
    return Clock.objects.filter(
        state=ClockState.RUNNING, reminded_on=None, kind=kind, due_on__lte=until
    ).order_by("due_on", "pk")


def overdue_numbers(kind: str) -> QuerySet[Clock, str]:
    """Numbers of the things of a kind of which a running clock is overdue."""
    rows = Clock.objects.filter(overdue(), reference_kind=kind, state=ClockState.RUNNING)
    return rows.values_list("reference_number", flat=True)


def ended_late(kind: str, limit: ClockKind, number_field: str) -> QuerySet[Clock]:
    """For each row of an outer query by its number, the ended clocks of this limit that ended after their last day."""
    return ended(kind, limit, number_field).filter(ended_on__gt=F("due_on"))


def ended(kind: str, limit: ClockKind, number_field: str) -> QuerySet[Clock]:
    """For each row of an outer query by its number, the clocks of this limit that what they wait for has ended."""
    rows = Clock.objects.filter(reference_kind=kind, reference_number=OuterRef(number_field))
    return rows.filter(kind=limit, state=ClockState.MET, ended_on__isnull=False)


def looked_up(numbers: QuerySet[Clock, str]) -> Func:
    """For `number__in`: numbers that are looked up once and first, in whatever order the list is walked."""
    return Func(ArraySubquery(numbers), template="(SELECT unnest(%(expressions)s))")


def nearest_live(kind: str, number_field: str) -> QuerySet[Clock]:
    """For each row of an outer query by its number, the live clock that ends first."""
    live = [ClockState.RUNNING, ClockState.PAUSED]
    rows = Clock.objects.filter(reference_kind=kind, reference_number=OuterRef(number_field), state__in=live)
    return rows.order_by("due_on", "pk")
