"""Reads of outlets: by code, by place, open now, nearest."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.outlets.choices import LEVEL_OF
from yueban.outlets.errors import OutletNotFound
from yueban.outlets.kiosks import demo_kiosks as demo_kiosks
from yueban.outlets.kiosks import find_kiosk as find_kiosk
from yueban.outlets.kiosks import get_kiosk as get_kiosk
from yueban.outlets.kiosks import kiosk_key as kiosk_key
from yueban.outlets.models import Outlet, Timetable
from yueban.outlets.opening import DayHours as DayHours
from yueban.outlets.opening import Opening as Opening
from yueban.outlets.opening import after_open_time, opening_at, week_of
from yueban.outlets.opening import weekday_name as weekday_name

EARTH_KM = 6371.0


def outlets() -> QuerySet[Outlet]:
    """All outlets with division, agency and timetable."""
    return Outlet.objects.select_related("division", "agency", "timetable")


def find_outlet(code: str) -> Outlet | None:
    """The outlet of this code."""
    return outlets().filter(code=code).first()


def get_outlet(code: str) -> Outlet:
    """The outlet of this code; raises OutletNotFound."""
    outlet = find_outlet(code)
    if outlet is None:
        raise OutletNotFound(f"没有代码为“{code}”的网点。", hint="请从网点列表中重新选择。")
    return outlet


def outlets_in(division: str) -> QuerySet[Outlet]:
    """The outlets of a division and of everything in it: halls first, then centres, then points."""
    return outlets().filter(division__in=divisions.subtree(division)).order_by("division__code", "code")


def found_outlets(*, division: str = "", text: str = "") -> QuerySet[Outlet]:
    """The outlets of a division (all of the city) whose name, address or division bears the words."""
    rows = outlets_in(division) if division else outlets().order_by("division__code", "code")
    for word in text.split():
        place = Q(division__name__icontains=word) | Q(division__former_names__name__icontains=word)
        rows = rows.filter(Q(name__icontains=word) | Q(address__icontains=word) | place)
    return rows.distinct() if text else rows


def open_ones(rows: QuerySet[Outlet], at: datetime | None = None) -> QuerySet[Outlet]:
    """Those that are open at the moment (now); two queries whatever their number."""
    keys = list(rows.values_list("pk", "timetable_id", "division__code"))
    spans = dict(Timetable.objects.values_list("pk", "spans"))
    hours = [Hours(timetable, tuple(spans[timetable]), place) for _, timetable, place in keys]
    openings = openings_by(hours, at)
    return rows.filter(pk__in=[key[0] for key, found in zip(keys, openings, strict=True) if found.is_open])


def outlet_of_division(code: str) -> Outlet | None:
    """The division's own outlet."""
    return outlets().filter(division__code=code).order_by("code").first()


def nearest(division: str, levels: Collection[str] | None = None) -> list[Outlet]:
    """The outlets that serve a division, nearest first: its own village's, town's, county's, the city's.

    ``levels`` (city, county, town, village) leaves out the others. One query.
    """
    chain = divisions.ancestry(division)
    rows = outlets().filter(division__code__in=chain)
    if levels is not None:
        rows = rows.filter(kind__in=[kind for kind, level in LEVEL_OF.items() if level in levels])
    return sorted(rows, key=lambda outlet: (chain.index(outlet.division.code), outlet.code))


def nearest_by_distance(
    longitude: float, latitude: float, *, levels: Collection[str] | None = None, limit: int = 5
) -> list[tuple[Outlet, float]]:
    """Outlets whose coordinates are known, with their distance in km, nearest first."""
    rows = outlets().filter(longitude__isnull=False)
    found = [
        (outlet, _distance(longitude, latitude, outlet.longitude, outlet.latitude))
        for outlet in rows
        if outlet.longitude is not None and outlet.latitude is not None
        if levels is None or outlet.level in levels
    ]
    return sorted(found, key=lambda pair: (pair[1], pair[0].code))[:limit]


def _distance(from_longitude: float, from_latitude: float, longitude: float, latitude: float) -> float:
    """Along a great circle, in km."""
    one, other = math.radians(from_latitude), math.radians(latitude)
    height, width = other - one, math.radians(longitude - from_longitude)
    part = math.sin(height / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(width / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(part)))


def open_now(outlet: Outlet, at: datetime | None = None) -> Opening:
    """Whether the outlet is open at the moment (now), with the words for people."""
    return openings([outlet], at)[outlet.pk]


def openings(rows: Iterable[Outlet], at: datetime | None = None) -> dict[int, Opening]:
    """``open_now`` of many outlets by id, with one query for the calendar whatever their number."""
    listed = list(rows)
    hours = [Hours.of_outlet(outlet) for outlet in listed]
    return {outlet.pk: found for outlet, found in zip(listed, openings_by(hours, at), strict=True)}


def due_after(outlet: Outlet, wanted: timedelta, at: datetime | None = None) -> datetime | None:
    """The moment by which the outlet has been open for so long since ``at`` (now); None where it never opens."""
    calendar = divisions.work_calendar(outlet.division.code)
    return after_open_time(outlet.timetable.spans, calendar, at or clock.now(), wanted)


@dataclass(frozen=True, slots=True)
class Hours:
    """What decides when an outlet is open: its timetable, and whose calendar it follows."""

    timetable: int
    spans: tuple[Mapping[str, Any], ...]
    division: str

    @classmethod
    def of_outlet(cls, outlet: Outlet) -> Hours:
        """The hours of an outlet read with division and timetable."""
        return cls(outlet.timetable_id, tuple(outlet.timetable.spans), outlet.division.code)


def openings_by(hours: Sequence[Hours], at: datetime | None = None, *, as_of_s: float = 0.0) -> list[Opening]:
    """Whether outlets of these hours are open, in their order; at most one query, see ``work_calendars``."""
    moment = at or clock.now()
    calendars = divisions.work_calendars({one.division for one in hours}, as_of_s=as_of_s)
    # Outlets share a few timetables and, nearly always, one calendar.
    known: dict[tuple[int, int], Opening] = {}
    found = []
    for one in hours:
        calendar = calendars[one.division]
        key = (one.timetable, id(calendar))
        if key not in known:
            known[key] = opening_at(one.spans, calendar, moment)
        found.append(known[key])
    return found


def week_hours(outlet: Outlet, at: datetime | None = None) -> list[DayHours]:
    """The hours of the seven days from today."""
    calendar = divisions.work_calendar(outlet.division.code)
    return week_of(outlet.timetable.spans, calendar, (at or clock.now()).astimezone(clock.BEIJING).date())
