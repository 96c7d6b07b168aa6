"""Writes of legal clocks: one statement for any number of things, so that a sweep costs no more than a click."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yueban.clocks.choices import ClockKind, ClockState
from yueban.clocks.demo import advance_demo_clock as advance_demo_clock
from yueban.clocks.demo import reread_demo_clock as reread_demo_clock
from yueban.clocks.lights import due_by
from yueban.clocks.models import Clock
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.periods import Limit
from yueban.kernel.reference import Reference
from yueban.kernel.writes import Statement, Write, together
from yueban.prepared import run_prepared

LIVE = (ClockState.RUNNING, ClockState.PAUSED)
WRITTEN = {
    "reference_kind": "text",
    "reference_number": "text",
    "kind": "text",
    "basis": "text",
    "amount": "int",
    "unit": "text",
    "division_code": "text",
    "started_on": "date",
    "due_on": "date",
    "is_provisional": "bool",
}
START = Statement(
    "clocks_started",
    WRITTEN,
    f"""
    INSERT INTO clocks_clock ({", ".join(WRITTEN)}, paused_workdays, extended, state)
    SELECT new.*, 0, 0, 'running' FROM {{rows}}
    ON CONFLICT DO NOTHING
    """,  # noqa: S608 - put together from the names above
)
END = Statement(
    "clocks_ended",
    {
        "reference_kind": "text",
        "reference_number": "text",
        "kinds": "text[]",
        "day": "date",
        "for_good": "bool",
    },
    """
    UPDATE clocks_clock AS clock SET
        state = CASE WHEN clock.kind = ANY(new.kinds) THEN 'met' ELSE 'void' END,
        paused_on = CASE WHEN clock.kind = ANY(new.kinds) THEN clock.paused_on END,
        ended_on = new.day
    FROM {rows}
    WHERE clock.reference_kind = new.reference_kind AND clock.reference_number = new.reference_number
      AND clock.state IN ('running', 'paused') AND (new.for_good OR clock.kind = ANY(new.kinds))
    """,
)


@dataclass(frozen=True, kw_only=True)
class NewClock:
    """A limit that begins; day 0 is `started_on`, today unless told."""

    reference: Reference
    kind: ClockKind
    limit: Limit
    basis: str
    division: str
    started_on: date | None = None


def made_clocks(news: Sequence[NewClock], *, edition: divisions.EditionStamp | None = None) -> list[Clock]:
    """The rows that would be written, with their last days; each division's calendar is asked for once.

    ``edition`` is the calendar's edition where the caller has just read it.
    """
    calendars = divisions.work_calendars({new.division for new in news}, edition=edition) if news else {}
    today = clock.today()
    return [_made(new, calendars[new.division], today) for new in news]


def _made(new: NewClock, calendar: divisions.WorkCalendar, today: date) -> Clock:
    day = new.started_on or today
    due = due_by(calendar, day, new.limit)
    return Clock(
        reference_kind=new.reference.kind,
        reference_number=new.reference.number,
        kind=new.kind,
        basis=new.basis,
        amount=new.limit.amount,
        unit=new.limit.unit,
        division_code=new.division,
        started_on=day,
        due_on=due,
        is_provisional=calendar.is_provisional(due.year),
    )


def start_clocks(rows: Sequence[Clock]) -> None:
    """Write made clocks; a limit of this kind that runs already goes on as it is."""
    if rows:
        run_prepared(*together([started(rows)]))


def started(rows: Sequence[Clock]) -> Write:
    """What writes made clocks, as `start_clocks` does."""
    return Write(START, [{name: getattr(row, name) for name in WRITTEN} for row in rows])


def ended(kind: str, numbers: Sequence[str], kinds: Collection[ClockKind], *, for_good: bool) -> Write:
    """What these clocks limited has happened; where the thing has ended for good, its other clocks are void."""
    same = {"reference_kind": kind, "kinds": list(kinds), "day": clock.today(), "for_good": for_good}
    return Write(END, [same | {"reference_number": number} for number in numbers])


def meet_many(kind: str, numbers: Iterable[str], kinds: Collection[ClockKind]) -> int:
    """What these clocks of many things of one kind limited has happened."""
    return _live_of(kind, numbers, kinds).update(state=ClockState.MET, ended_on=clock.today())


def void_many(kind: str, numbers: Iterable[str]) -> int:
    """The same for many things of one kind."""
    rows = _live_of(kind, numbers, list(ClockKind))
    return rows.update(state=ClockState.VOID, ended_on=clock.today(), paused_on=None)


def pause_clocks(*, reference: Reference, kinds: Collection[ClockKind]) -> int:
    """Stop counting from today; the pause day itself is not counted."""
    return pause_many(reference.kind, [reference.number], kinds)


def pause_many(kind: str, numbers: Iterable[str], kinds: Collection[ClockKind]) -> int:
    """The same for many things of one kind."""
    running = _live_of(kind, numbers, kinds).filter(state=ClockState.RUNNING)
    return running.update(state=ClockState.PAUSED, paused_on=clock.today())


def resume_clocks(
    *, reference: Reference, kinds: Collection[ClockKind], on: date | None = None
) -> list[Clock]:
    """Count on after the last day of the pause (`on`, today unless told); the due day moves by its working days."""
    return resume_many(reference.kind, [reference.number], kinds, on=on)


def resume_many(
    kind: str, numbers: Iterable[str], kinds: Collection[ClockKind], *, on: date | None = None
) -> list[Clock]:
    """The same for many things of one kind; the clocks that count on, with their new last days."""
    last = on or clock.today()
    rows = list(_live_of(kind, numbers, kinds).filter(state=ClockState.PAUSED).select_for_update())
    calendars = divisions.work_calendars({row.division_code for row in rows})
    for row in rows:
        assert row.paused_on is not None  # the database sets it with the state
        calendar = calendars[row.division_code]
        pause = calendar.between(row.paused_on, last)
        row.paused_workdays += pause
        _move_due(row, calendar, pause)
        row.state, row.paused_on = ClockState.RUNNING, None
    Clock.objects.bulk_update(
        rows, ["paused_workdays", "due_on", "is_provisional", "state", "paused_on", "reminded_on"]
    )
    return rows


def extend_clocks(*, reference: Reference, kinds: Collection[ClockKind], days: int) -> list[Clock]:
    """Make running limits longer by working days; the clocks with their new last days."""
    rows = list(_live_of(reference.kind, [reference.number], kinds).select_for_update())
    calendars = divisions.work_calendars({row.division_code for row in rows})
    for row in rows:
        row.extended += days
        _move_due(row, calendars[row.division_code], days)
    Clock.objects.bulk_update(rows, ["extended", "due_on", "is_provisional", "missed_on", "reminded_on"])
    return rows


def _move_due(row: Clock, calendar: divisions.WorkCalendar, days: int) -> None:
    """The last day comes later, so what was told of it may be told again."""
    if days:
        row.due_on = calendar.add(row.due_on, days)
        row.is_provisional = calendar.is_provisional(row.due_on.year)
        row.reminded_on = row.missed_on = None


def mark(rows: Collection[Clock], *, field: str) -> int:
    """Remember that something of these clocks has been told (`reminded_on`, `missed_on`)."""
    return Clock.objects.filter(pk__in=[row.pk for row in rows]).update(**{field: clock.today()})


def count_anew() -> list[Clock]:
    """A year's holidays are published: last days that were 暂按 are counted again; the clocks that were."""
    rows = list(Clock.objects.filter(is_provisional=True, state__in=LIVE).order_by("pk").select_for_update())
    calendars = divisions.work_calendars({row.division_code for row in rows})
    for row in rows:
        calendar = calendars[row.division_code]
        row.due_on = due_by(calendar, row.started_on, Limit(row.amount, row.unit))
        if later := row.extended + row.paused_workdays:
            row.due_on = calendar.add(row.due_on, later)
        row.is_provisional = calendar.is_provisional(row.due_on.year)
    Clock.objects.bulk_update(rows, ["due_on", "is_provisional"], batch_size=1000)
    return rows


def _live_of(kind: str, numbers: Iterable[str], kinds: Collection[ClockKind]) -> QuerySet[Clock]:
    return Clock.objects.filter(
        reference_kind=kind, reference_number__in=list(numbers), kind__in=list(kinds), state__in=LIVE
    )
