"""Cases actually handled, by item version and level: where they were handed in, and where they were decided."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, QuerySet, Value, When

from yueban.cases.models import Case


@dataclass
class Handled:
    """Counts by level (city, county, town, village)."""

    received: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)


def handled_by_level(*, since: datetime, prefix: str = "") -> dict[int, Handled]:
    """Of every item version, since a moment, within a division's prefix; two queries however many cases."""
    rows = Case.objects.filter(intake_division__startswith=prefix) if prefix else Case.objects.all()
    found: dict[int, Handled] = {}
    for version, level, count in _grouped(rows.filter(received_at__gte=since), "intake_division"):
        found.setdefault(version, Handled()).received[level] += count
    for version, level, count in _grouped(rows.filter(decided_at__gte=since), "division_code"):
        found.setdefault(version, Handled()).decided[level] += count
    return found


def _grouped(rows: QuerySet[Case], division: str) -> Iterable[tuple[int, str, int]]:
    listed: Any = rows.order_by().annotate(level=_level_of(division)).values("item_version", "level")
    counted: Iterable[tuple[int, str, int]] = listed.annotate(count=Count("pk")).values_list(
        "item_version", "level", "count"
    )
    return counted


def _level_of(division: str) -> Choose:
    """The level that a code of twelve digits ends with: 330600000000 is a city, 330602000000 a county."""
    ends = f"{division}__endswith"
    return Choose(
        When(**{ends: "0" * 8}, then=Value("city")),
        When(**{ends: "0" * 6}, then=Value("county")),
        When(**{ends: "000"}, then=Value("town")),
        default=Value("village"),
        output_field=CharField(),
    )
