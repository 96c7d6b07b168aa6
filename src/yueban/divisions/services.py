"""Writes of divisions and of the calendar."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from yueban.divisions.choices import DivisionLevel
from yueban.divisions.models import CalendarDay, CalendarEdition, Division
from yueban.kernel.changes import Changes


@dataclass(frozen=True)
class DivisionRow:
    """A division as a city pack states it."""

    code: str
    name: str
    level: str
    parent: str
    name_en: str = ""


@dataclass(frozen=True)
class CalendarRow:
    """A day as a city pack states it; ``division`` empty = everywhere."""

    day: date
    is_workday: bool
    name: str = ""
    division: str = ""


def save_divisions(*, rows: Sequence[DivisionRow]) -> Changes:
    """Create and update divisions in a few statements whatever their number; a parent not given is none."""
    stored = {row.code: row for row in Division.objects.select_related("parent")}
    fresh = [row for row in rows if row.code not in stored]
    known = stored.keys() | {row.code for row in rows}
    altered = [row for row in rows if row.code in stored and _stated(stored[row.code]) != _wanted(row, known)]
    for level in DivisionLevel.values:
        # Parents first, so that each level is one statement that knows its parents.
        created = Division.objects.bulk_create(
            [_fill(stored, Division(code=row.code), row) for row in fresh if row.level == level]
        )
        stored |= {row.code: row for row in created}
    touched = [_fill(stored, stored[row.code], row) for row in altered]
    Division.objects.bulk_update(touched, ["name", "name_en", "level", "parent"], batch_size=500)
    return Changes(len(fresh), len(altered), len(rows) - len(fresh) - len(altered))


def _stated(division: Division) -> tuple[str, str, str, str]:
    parent = division.parent.code if division.parent else ""
    return division.name, division.name_en, division.level, parent


def _wanted(row: DivisionRow, known: Collection[str]) -> tuple[str, str, str, str]:
    return row.name, row.name_en, row.level, row.parent if row.parent in known else ""


def _fill(stored: dict[str, Division], division: Division, row: DivisionRow) -> Division:
    division.name, division.name_en, division.level = row.name, row.name_en, row.level
    division.parent = stored.get(row.parent)
    return division


def save_calendar(*, rows: Sequence[CalendarRow]) -> Changes:
    """Create and update days; every process reads the calendar anew once this is committed."""
    divisions = dict(Division.objects.filter(code__in={r.division for r in rows}).values_list("code", "pk"))
    stored = {(day.division_id, day.day): day for day in CalendarDay.objects.all()}
    wanted = {(divisions.get(row.division), row.day): row for row in rows}
    fresh = {key: row for key, row in wanted.items() if key not in stored}
    altered = {
        key: row
        for key, row in wanted.items()
        if key in stored and (stored[key].is_workday, stored[key].name) != (row.is_workday, row.name)
    }
    CalendarDay.objects.bulk_create(
        CalendarDay(division_id=key[0], day=row.day, is_workday=row.is_workday, name=row.name)
        for key, row in fresh.items()
    )
    for key, row in altered.items():
        stored[key].is_workday, stored[key].name = row.is_workday, row.name
    CalendarDay.objects.bulk_update([stored[key] for key in altered], ["is_workday", "name"])
    if fresh or altered:
        _announce_edition()
    return Changes(len(fresh), len(altered), len(wanted) - len(fresh) - len(altered))


def set_calendar_day(*, day: date, is_workday: bool, name: str, division: str = "") -> Changes:
    """State one day, for example an extra closing day of one county."""
    return save_calendar(rows=[CalendarRow(day, is_workday, name, division)])


def _announce_edition() -> None:
    edition = CalendarEdition.objects.select_for_update().first() or CalendarEdition()
    edition.stamp = uuid.uuid4()
    edition.save()
