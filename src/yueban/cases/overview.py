"""Counts of running cases by light and by agency: what a supervisor sees at a glance, each with its way down."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import JSONObject

from yueban.cases.choices import ENDED
from yueban.cases.models import Case
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import Light
from yueban.clocks.models import Clock

UNTIMED = "untimed"


@dataclass
class AgencyCounts:
    """One agency's running cases by light."""

    code: str
    name: str
    lights: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All of them."""
        return self.lights.total()

    @property
    def overdue(self) -> int:
        """Those past a promised or a legal limit."""
        return self.lights[Light.RED] + self.lights[Light.DEEP_RED]


def running(visible: QuerySet[Case]) -> QuerySet[Case]:
    """Those that have not ended."""
    return visible.exclude(state__in=ENDED)


def with_light(visible: QuerySet[Case], light: str) -> QuerySet[Case]:
    """Running cases that show this light: found through their clocks where few do, else met on the way."""
    rows = running(visible)
    if light == UNTIMED:
        return rows.annotate(near=_nearest()).filter(near__isnull=True)
    if light in clocks.RARE:
        return rows.filter(number__in=clocks.looked_up(clocks.numbers_showing("case", light)))
    return rows.alias(shows=Subquery(clocks.nearest_shows("case", "number", light))).filter(shows=True)


def counts_by_agency(visible: QuerySet[Case]) -> list[AgencyCounts]:
    """Running cases by deciding agency and light, the most overdue first; one query however many cases."""
    found: dict[str, AgencyCounts] = {}
    for code, name, near, count in _grouped(running(visible)):
        agency = found.setdefault(code, AgencyCounts(code, name))
        agency.lights[_light(near) if near else UNTIMED] += count
    return sorted(found.values(), key=lambda one: (-one.overdue, -one.total, one.code))


def _grouped(rows: QuerySet[Case]) -> list[tuple[str, str, dict[str, Any] | None, int]]:
    grouped = rows.order_by().annotate(near=_nearest()).values("agency__code", "agency__short_name", "near")
    counted = grouped.annotate(count=Count("pk"))
    return list(counted.values_list("agency__code", "agency__short_name", "near", "count"))


def _nearest() -> Subquery:
    stated = JSONObject(due="due_on", amount="amount", kind="kind", state="state", division="division_code")
    return Subquery(clocks.nearest_live("case", "number").values(stated=stated)[:1])


def _light(near: dict[str, Any]) -> str:
    row = Clock(
        due_on=date.fromisoformat(str(near["due"])),
        amount=near["amount"],
        kind=near["kind"],
        state=near["state"],
        division_code=near["division"],
    )
    return clocks.light_of(row).light
