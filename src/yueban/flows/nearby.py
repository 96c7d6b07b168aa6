"""就近办理: where an item is handled near a place, what is done there, and whether it is open now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import CompiledOffering
from yueban.catalogue.models import ItemVersion
from yueban.divisions import selectors as divisions
from yueban.outlets import selectors as outlets
from yueban.outlets.models import Outlet
from yueban.outlets.opening import Opening

# In the order of a case.
ACTS = ("intake", "pre_check", "decide")


@dataclass(frozen=True)
class Done:
    """One thing that is done at an outlet; ``condition`` = only then."""

    act: str
    condition: str = ""
    note: str = ""


@dataclass(frozen=True)
class Place:
    """An outlet that takes part in an item; ``is_nearest`` marks the one to go to now."""

    outlet: Outlet
    does: tuple[Done, ...]
    opening: Opening
    is_nearest: bool = False

    @property
    def takes_in(self) -> bool:
        """Whether the matter can be handed in here."""
        return any(done.act == "intake" for done in self.does)


def places_for(version: ItemVersion, division_code: str = "", at: datetime | None = None) -> list[Place]:
    """The outlets that serve a division for this item, nearest first; at most three queries.

    A division outside the agency's own is served where the agency is. The nearest place that takes the
    matter in and is open is marked; when all are closed, the nearest that takes it in.
    """
    own = version.agency.division.code
    here = division_code if division_code and divisions.is_within(division_code, own) else own
    offered = [one for one in catalogue.offerings_of(version) if _reaches(one, here)]
    rows = outlets.nearest(here, {one.level for one in offered}) if offered else []
    openings = outlets.openings(rows, at)
    places = [Place(row, _done(row, offered), openings[row.pk]) for row in rows]
    entrances = [place for place in places if place.takes_in]
    first = next((place for place in entrances if place.opening.is_open), next(iter(entrances), None))
    return [Place(one.outlet, one.does, one.opening, is_nearest=one is first) for one in places]


def _reaches(offering: CompiledOffering, division: str) -> bool:
    return not offering.within or any(divisions.is_within(division, whole) for whole in offering.within)


def _done(outlet: Outlet, offered: list[CompiledOffering]) -> tuple[Done, ...]:
    here = [one for one in offered if one.level == outlet.level]
    ordered = sorted(here, key=lambda one: ACTS.index(one.does))
    return tuple(Done(one.does, one.when_text or "", one.note or "") for one in ordered)
