"""Writes of outlets: set-wise, and the same rows again change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yueban.agencies import selectors as agencies
from yueban.divisions import selectors as divisions
from yueban.kernel.changes import Changes
from yueban.outlets.kiosks import register_kiosk as register_kiosk
from yueban.outlets.kiosks import renew_kiosk_key as renew_kiosk_key
from yueban.outlets.kiosks import revoke_kiosk as revoke_kiosk
from yueban.outlets.kiosks import save_demo_kiosks as save_demo_kiosks
from yueban.outlets.models import Outlet, Timetable
from yueban.outlets.rows import KindRow, TimetableRow
from yueban.outlets.rows import KiosksFile as KiosksFile
from yueban.outlets.rows import OutletRow as OutletRow
from yueban.outlets.rows import OutletsFile as OutletsFile

_FIELDS = (
    "kind",
    "name",
    "name_en",
    "division_id",
    "agency_id",
    "timetable_id",
    "address",
    "phone",
    "seats",
    "equipment",
    "accessibility",
    "longitude",
    "latitude",
    "note",
    "is_demo",
)


def save_outlets(*, file: OutletsFile, rows: Sequence[OutletRow]) -> Changes:
    """Create and update outlets by code in a few statements; divisions and agencies must be loaded."""
    timetables = _save_timetables(file.timetables)
    kinds = {row.kind: row for row in file.kinds}
    places = divisions.ids_of({row.division for row in rows})
    offices = {code: row.pk for code, row in agencies.agencies_named({row.agency for row in rows}).items()}
    stored = {row[0]: row[1:] for row in Outlet.objects.values_list("code", *_FIELDS)}
    fresh: list[Outlet] = []
    altered: dict[str, dict[str, Any]] = {}
    for row in rows:
        fields = _fields(row, kinds[row.kind], timetables)
        fields |= {"division_id": places[row.division], "agency_id": offices[row.agency]}
        if row.code not in stored:
            fresh.append(Outlet(code=row.code, **fields))
        elif stored[row.code] != tuple(fields[name] for name in _FIELDS):
            altered[row.code] = fields
    Outlet.objects.bulk_create(fresh, batch_size=1000)
    _update(altered)
    return Changes(len(fresh), len(altered), len(rows) - len(fresh) - len(altered))


def _fields(row: OutletRow, kind: KindRow, timetables: Mapping[str, int]) -> dict[str, Any]:
    """The row with the defaults of its kind."""
    return {
        "kind": str(row.kind),
        "name": row.name,
        "name_en": row.name_en,
        "timetable_id": timetables[row.hours or kind.hours],
        "address": row.address,
        "phone": row.phone,
        "seats": row.seats,
        "equipment": list(kind.equipment if row.equipment is None else row.equipment),
        "accessibility": list(kind.accessibility if row.accessibility is None else row.accessibility),
        "longitude": row.longitude,
        "latitude": row.latitude,
        "note": row.remark,
        "is_demo": row.demo,
    }


def _update(altered: Mapping[str, Mapping[str, Any]]) -> None:
    outlets = list(Outlet.objects.filter(code__in=list(altered)))
    for outlet in outlets:
        for name, value in altered[outlet.code].items():
            setattr(outlet, name, value)
    if outlets:
        Outlet.objects.bulk_update(outlets, [name.removesuffix("_id") for name in _FIELDS], batch_size=500)


def _save_timetables(rows: Sequence[TimetableRow]) -> dict[str, int]:
    """Timetables by key; the few rows are written only where they differ."""
    stored = {row.key: row for row in Timetable.objects.all()}
    for row in rows:
        spans = _spans(row)
        known = stored.get(row.key)
        if known is None:
            stored[row.key] = Timetable.objects.create(key=row.key, name=row.name, spans=spans)
        elif (known.name, known.spans) != (row.name, spans):
            known.name, known.spans = row.name, spans
            known.save(update_fields=["name", "spans"])
    return {key: row.pk for key, row in stored.items()}


def _spans(row: TimetableRow) -> list[dict[str, Any]]:
    return [
        {
            "weekday": day,
            "opens": f"{span.opens:%H:%M}",
            "closes": f"{span.closes:%H:%M}",
            "kind": str(span.kind),
        }
        for span in row.spans
        for day in span.days
    ]
