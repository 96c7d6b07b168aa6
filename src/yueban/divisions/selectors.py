"""Reads of divisions and of the working-day calendar."""

import time
import uuid
from collections.abc import Iterable
from datetime import date

from django.core.cache import cache
from django.db.models import Q, QuerySet

from yueban.divisions import codes
from yueban.divisions.choices import DivisionLevel
from yueban.divisions.errors import DivisionNotFound
from yueban.divisions.models import CalendarDay, Division
from yueban.divisions.workdays import Edition
from yueban.divisions.workdays import WorkCalendar as WorkCalendar
from yueban.kernel import clock
from yueban.prepared import run_prepared

CITY_NAMES = "city-names"
# Which edition of the calendar holds: an expression for any statement.
EDITION = "(SELECT stamp FROM divisions_calendaredition ORDER BY id LIMIT 1)"
EditionStamp = uuid.UUID
# The edition in use by its stamp; emptied whenever another one is met.
_editions: dict[uuid.UUID | None, Edition] = {}
# When the edition was last asked for (monotonic), and what it was then.
_asked: tuple[float, uuid.UUID | None] = (float("-inf"), None)


def find_division(code: str) -> Division | None:
    """The division of this code."""
    return Division.objects.filter(code=code).first()


def get_division(code: str) -> Division:
    """The division of this code; raises DivisionNotFound."""
    division = find_division(code)
    if division is None:
        raise DivisionNotFound(f"没有代码为“{code}”的区划。", hint="请核对12位区划代码。")
    return division


def divisions_named(wanted: Iterable[str]) -> dict[str, Division]:
    """Divisions by code, in one query; codes that do not exist are left out."""
    return {row.code: row for row in Division.objects.filter(code__in=list(wanted))}


def names() -> dict[str, str]:
    """Code → name of every division, those of the past too; one query."""
    return dict(Division.objects.values_list("code", "name"))


def ids_of(wanted: Iterable[str]) -> dict[str, int]:
    """Row ids of divisions by code, for writing many rows at once."""
    return dict(Division.objects.filter(code__in=list(wanted)).values_list("code", "pk"))


def subtree(code: str) -> QuerySet[Division]:
    """The division and everything in it, by code."""
    return Division.objects.filter(code__startswith=codes.prefix_of(code)).order_by("code")


def children_of(code: str) -> QuerySet[Division]:
    """The living divisions one level down, by code; functional areas are not among them."""
    return _living().filter(parent__code=code, is_functional=False).order_by("code")


def counties() -> QuerySet[Division]:
    """Every living county, by code; functional areas (功能区) are not counties."""
    return _living().filter(level=DivisionLevel.COUNTY, is_functional=False).order_by("code")


def functional_areas() -> QuerySet[Division]:
    """The functional areas (功能区), by code."""
    return _living().filter(is_functional=True).order_by("code")


def _living() -> QuerySet[Division]:
    return Division.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today()))


def find_current(code: str) -> Division | None:
    """The division that stands today for a code: itself, or the one it was merged into in the end."""
    found = Division.objects.select_related("merged_into__merged_into").filter(code=code).first()
    while found is not None and found.merged_into is not None and _has_ended(found):
        found = found.merged_into
    return found


def current_code(code: str) -> str:
    """``find_current`` as a code; a code nobody knows is given back as it is."""
    found = find_current(code)
    return found.code if found else code


def _has_ended(division: Division) -> bool:
    return division.ended_on is not None and division.ended_on <= clock.today()


def divisions_called(name: str) -> list[Division]:
    """The divisions that bear a name or bore it once, those of today first."""
    now = Division.objects.filter(name=name).order_by("code")
    once = Division.objects.filter(former_names__name=name).exclude(name=name).order_by("code").distinct()
    return [*now, *once]


def name_on(code: str, day: date) -> str:
    """The name a division had on a day."""
    division = get_division(code)
    former = division.former_names.filter(until__gt=day).order_by("until", "pk").first()
    return former.name if former else division.name


def find_city() -> Division | None:
    """The city this instance serves (the first city-level division)."""
    return Division.objects.filter(level=DivisionLevel.CITY).order_by("code").first()


def city_names() -> tuple[str, str]:
    """Its name and its English name, at most a minute old: every page shows it; empty where there is none yet."""
    found: tuple[str, str] | None = cache.get(CITY_NAMES)
    if found is None:
        city = find_city()
        if city is None:
            return "", ""
        found = city.name, city.name_en
        cache.set(CITY_NAMES, found, timeout=60)
    return found


def is_code(text: str) -> bool:
    """Whether the text has the form of a division code; asks no database."""
    return codes.is_code(text)


def ancestry(code: str) -> tuple[str, ...]:
    """Codes of the division and of those above it, nearest first, up to the city; asks no database."""
    return codes.ancestry(code)


def is_within(code: str, whole: str) -> bool:
    """Whether a division lies in another (or is the same); asks no database."""
    return codes.is_within(code, whole)


def prefix_of(code: str) -> str:
    """The digits that every code within a division begins with; asks no database."""
    return codes.prefix_of(code)


def within(field: str, code: str) -> Q:
    """Rows whose field holds the code of a division or of one in it; asks no database.

    A range, which row-level security lets an index answer and the planner estimate; LIKE it does not.
    """
    prefix = codes.prefix_of(code)
    return Q(**{f"{field}__gte": prefix.ljust(12, "0"), f"{field}__lte": prefix.ljust(12, "9")})


def plain_name(name: str) -> str:
    """The name as people say it: the statistical suffix of a village (村委会, 居委会) is left away."""
    name = name.removesuffix("居民委员会").removesuffix("居委会")
    return name.removesuffix("委会") if name.endswith("村委会") else name


def full_name(code: str) -> str:
    """The names from the city down: 绍兴市越城区塔山街道."""
    rows = Division.objects.filter(code__in=codes.ancestry(code)).order_by("code")
    return "".join(row.name for row in rows)


def full_names(wanted: Iterable[str]) -> dict[str, str]:
    """Code → full name of each, in one query."""
    above = {code: tuple(reversed(codes.ancestry(code))) for code in set(wanted)}
    named = divisions_named({one for chain in above.values() for one in chain})
    return {code: "".join(named[one].name for one in chain if one in named) for code, chain in above.items()}


def work_calendar(division: str | None = None) -> WorkCalendar:
    """The calendar of a division: its own days before its parents', theirs before the country's.

    Ask once for a set of dates; the calendar itself never asks the database again.
    """
    return work_calendars([division or ""])[division or ""]


def work_calendars(
    wanted: Iterable[str], *, as_of_s: float = 0.0, edition: EditionStamp | None = None
) -> dict[str, WorkCalendar]:
    """The calendars of divisions by code, in one query; divisions without days of their own share one.

    ``as_of_s`` > 0 spares the query where the calendar was asked for so few seconds ago: enough for what a
    page says of the hour, never for a legal day. ``edition`` spares it where the caller has read EDITION in
    this transaction with what he locked.
    """
    stamp = edition or _edition_asked(as_of_s)
    known = _editions.get(stamp)
    if known is None:
        _editions.clear()
        known = _editions[stamp] = Edition.of_rows(
            CalendarDay.objects.values_list("division__code", "day", "is_workday")
        )
    return {code: known.calendar_of(codes.ancestry(code) if code else ()) for code in wanted}


def divisions_with_own_days() -> list[str]:
    """Codes of the divisions whose calendar differs from the country's by days of their own."""
    rows = CalendarDay.objects.exclude(division=None).order_by().values_list("division__code", flat=True)
    return sorted(set(rows.distinct()))


def _edition_asked(as_of_s: float) -> uuid.UUID | None:
    global _asked
    if not as_of_s or time.monotonic() - _asked[0] > as_of_s:
        ((stamp,),) = run_prepared(f"SELECT {EDITION}")
        _asked = time.monotonic(), stamp
    return _asked[1]


def is_workday(day: date, division: str | None = None) -> bool:
    """Whether work is done on the day in the division."""
    return work_calendar(division).is_workday(day)


def add_workdays(day: date, count: int, division: str | None = None) -> date:
    """The ``count``-th working day after ``day``, which itself is not counted; see WorkCalendar.add."""
    return work_calendar(division).add(day, count)


def workdays_between(start: date, end: date, division: str | None = None) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` comes first."""
    return work_calendar(division).between(start, end)


def is_provisional_year(year: int) -> bool:
    """Whether the year's holiday notice is not loaded yet, so that due days in it are 暂按."""
    return work_calendar().is_provisional(year)


def level_of(code: str) -> DivisionLevel | None:
    """The level a code stands for; asks no database."""
    return codes.level_of(code)


def names_for_questions() -> list[tuple[str, str, str]]:
    """Code, name and English name of the living divisions that are no functional areas; one query."""
    return list(_living().filter(is_functional=False).values_list("code", "name", "name_en"))
