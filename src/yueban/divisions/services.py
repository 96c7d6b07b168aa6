"""Writes of divisions and of the calendar."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from yueban.audit import services as audit
from yueban.divisions.choices import DivisionLevel
from yueban.divisions.errors import DivisionNotFound, MergeRefused
from yueban.divisions.models import CalendarDay, CalendarEdition, Division, FormerName
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.reference import Reference


@dataclass(frozen=True)
class DivisionRow:
    """A division as a city pack states it."""

    code: str
    name: str
    level: str
    parent: str
    name_en: str = ""
    is_functional: bool = False
    merged_into: str = ""
    ended_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class CalendarRow:
    """A day as a city pack states it; ``division`` empty = everywhere."""

    day: date
    is_workday: bool
    name: str = ""
    division: str = ""


@dataclass(frozen=True)
class Saved:
    """What a load of divisions did: counts, and who was merged into whom (codes)."""

    changes: Changes
    merged: tuple[tuple[str, str], ...]


def save_divisions(*, rows: Sequence[DivisionRow]) -> Changes:
    """``store_divisions``, for those who need only the counts."""
    return store_divisions(rows=rows).changes


def store_divisions(*, rows: Sequence[DivisionRow]) -> Saved:
    """Create and update divisions in a few statements whatever their number; a parent not given is none.

    A changed name leaves the old one as a former name, so that it is still found.
    """
    stored = {row.code: row for row in Division.objects.select_related("parent", "merged_into")}
    fresh = [row for row in rows if row.code not in stored]
    known = stored.keys() | {row.code for row in rows}
    altered = [row for row in rows if row.code in stored and _stated(stored[row.code]) != _wanted(row, known)]
    merged = tuple((row.code, row.merged_into) for row in altered if _is_newly_merged(stored[row.code], row))
    _keep_names(altered, stored)
    for level in DivisionLevel.values:
        # Parents first, so that each level is one statement that knows its parents.
        created = Division.objects.bulk_create(
            [_fill(stored, Division(code=row.code), row) for row in fresh if row.level == level]
        )
        stored |= {row.code: row for row in created}
    # What a row names on its own level was not there yet: what it merged into, a zone's parent.
    later = [row for row in fresh if row.merged_into or stored[row.code].parent != stored.get(row.parent)]
    for row in [*fresh, *altered]:
        stored[row.code].merged_into = stored.get(row.merged_into)
    touched = [_fill(stored, stored[row.code], row) for row in [*altered, *later]]
    Division.objects.bulk_update(touched, _FIELDS, batch_size=500)
    return Saved(Changes(len(fresh), len(altered), len(rows) - len(fresh) - len(altered)), merged)


_FIELDS = ("name", "name_en", "level", "parent", "is_functional", "merged_into", "ended_on", "note")


def _is_newly_merged(division: Division, row: DivisionRow) -> bool:
    there = division.merged_into.code if division.merged_into else ""
    return bool(row.merged_into) and there != row.merged_into


def _keep_names(altered: Sequence[DivisionRow], stored: dict[str, Division]) -> None:
    FormerName.objects.bulk_create(
        FormerName(division=stored[row.code], name=stored[row.code].name, until=clock.today())
        for row in altered
        if stored[row.code].name != row.name
    )


def rename_division(*, code: str, name: str, actor: Actor) -> Division:
    """Give a division another name; the old one is kept and found. The same name again changes nothing."""
    division = _locked(code)
    if division.name != name:
        FormerName.objects.create(division=division, name=division.name, until=clock.today())
        _record("division_renamed", code, actor, {"from": division.name, "to": name})
        division.name = name
        division.save(update_fields=["name"])
    return division


def merge_division(*, code: str, into: str, on: date, actor: Actor) -> Division:
    """End a division on a day and point it to the one that takes it in; again changes nothing.

    Raises MergeRefused for itself, for another level, and for a circle.
    """
    division, target = _locked(code), _locked(into)
    if division.merged_into_id == target.pk:
        return division
    _check_merge(division, target)
    division.merged_into, division.ended_on = target, on
    division.save(update_fields=["merged_into", "ended_on"])
    _record("division_merged", code, actor, {"into": into, "on": on.isoformat()})
    return division


def _check_merge(division: Division, target: Division) -> None:
    if division.level != target.level:
        raise MergeRefused(
            f"“{division.name}”和“{target.name}”级别不同，不能合并。", hint="请选同一级别的区划。"
        )
    here: Division | None = target
    while here is not None:
        if here.pk == division.pk:
            raise MergeRefused(
                f"“{target.name}”已经并入“{division.name}”，不能再反过来合并。", hint="请核对合并方向。"
            )
        here = here.merged_into


def _locked(code: str) -> Division:
    division = Division.objects.select_for_update().filter(code=code).first()
    if division is None:
        raise DivisionNotFound(f"没有代码为“{code}”的区划。", hint="请核对12位区划代码。")
    return division


def _record(kind: str, code: str, actor: Actor, data: dict[str, str]) -> None:
    audit.record(Reference("division", code), kind, actor=actor, data=data, division=code)


def _stated(division: Division) -> tuple[object, ...]:
    parent = division.parent.code if division.parent else ""
    merged = division.merged_into.code if division.merged_into else ""
    plain = (division.name, division.name_en, division.level, division.is_functional)
    return (*plain, parent, merged, division.ended_on, division.note)


def _wanted(row: DivisionRow, known: Collection[str]) -> tuple[object, ...]:
    parent = row.parent if row.parent in known else ""
    plain = (row.name, row.name_en, row.level, row.is_functional)
    return (*plain, parent, row.merged_into, row.ended_on, row.note)


def _fill(stored: dict[str, Division], division: Division, row: DivisionRow) -> Division:
    division.name, division.name_en, division.level = row.name, row.name_en, row.level
    division.is_functional, division.ended_on, division.note = row.is_functional, row.ended_on, row.note
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
