"""Writes of legal clocks."""

from datetime import date

from django.db.models import QuerySet

from yueban.clocks.choices import ClockKind, ClockState
from yueban.clocks.demo import advance_demo_clock as advance_demo_clock
from yueban.clocks.demo import reread_demo_clock as reread_demo_clock
from yueban.clocks.models import Clock
from yueban.clocks.selectors import due_on
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.periods import Limit
from yueban.kernel.reference import Reference

LIVE = (ClockState.RUNNING, ClockState.PAUSED)


def start_clock(
    *,
    reference: Reference,
    kind: ClockKind,
    limit: Limit,
    basis: str,
    division: str,
    started_on: date | None = None,
) -> Clock:
    """Start one limit; day 0 is `started_on` (today unless told)."""
    day = started_on or clock.today()
    due = due_on(day, limit, division)
    return Clock.objects.create(
        reference_kind=reference.kind,
        reference_number=reference.number,
        kind=kind,
        basis=basis,
        amount=limit.amount,
        unit=limit.unit,
        division_code=division,
        started_on=day,
        due_on=due,
        is_provisional=divisions.is_provisional_year(due.year),
    )


def meet_clocks(*, reference: Reference, kinds: list[ClockKind]) -> int:
    """What these clocks limited has happened."""
    return _live(reference, kinds).update(state=ClockState.MET, ended_on=clock.today())


def void_clocks(*, reference: Reference) -> int:
    """The thing ended another way: its live clocks no longer mean anything."""
    return _live(reference, list(ClockKind)).update(state=ClockState.VOID, ended_on=clock.today())


def pause_clocks(*, reference: Reference, kinds: list[ClockKind]) -> int:
    """Stop counting from today; the pause day itself is not counted."""
    return (
        _live(reference, kinds)
        .filter(state=ClockState.RUNNING)
        .update(state=ClockState.PAUSED, paused_on=clock.today())
    )


def resume_clocks(*, reference: Reference, kinds: list[ClockKind], on: date | None = None) -> list[Clock]:
    """Count on after the last day of the pause (`on`, today unless told); the due day moves by its working days."""
    last = on or clock.today()
    rows = list(_live(reference, kinds).filter(state=ClockState.PAUSED).select_for_update())
    for row in rows:
        assert row.paused_on is not None  # the database sets it with the state
        pause = divisions.workdays_between(row.paused_on, last, row.division_code)
        row.paused_workdays += pause
        row.due_on = divisions.add_workdays(row.due_on, pause, row.division_code)
        row.state = ClockState.RUNNING
        row.paused_on = None
    Clock.objects.bulk_update(rows, ["paused_workdays", "due_on", "state", "paused_on"])
    return rows


def _live(reference: Reference, kinds: list[ClockKind]) -> QuerySet[Clock]:
    return Clock.objects.filter(
        reference_kind=reference.kind, reference_number=reference.number, kind__in=kinds, state__in=LIVE
    )
