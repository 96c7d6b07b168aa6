"""就近办理: where an item is handled near a place, what is done there, and whether it is open now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import CompiledOffering
from yueban.catalogue.models import ItemVersion
from yueban.divisions import selectors as divisions
from yueban.outlets import selectors as outlets
from yueban.outlets.models import Outlet
from yueban.outlets.selectors import Opening

# In the order of a case.
ACTS = ("intake", "pre_check", "decide")


@dataclass(frozen=True)
class Done:
    """One thing that is done at an outlet; ``condition`` = only then."""

    act: str
    condition: str = ""
    note: str = ""


@dataclass(frozen=True)
class Stand:
    """An outlet that takes part in an item, whatever the hour."""

    outlet: Outlet
    does: tuple[Done, ...]

    @property
    def takes_in(self) -> bool:
        """Whether the matter can be handed in here."""
        return any(done.act == "intake" for done in self.does)


@dataclass(frozen=True)
class Place(Stand):
    """A stand with its opening; ``is_nearest`` marks the one to go to now."""

    opening: Opening
    is_nearest: bool = False


def places_for(version: ItemVersion, division_code: str = "", at: datetime | None = None) -> list[Place]:
    """The outlets that serve a division for this item, nearest first; at most three queries.

    A division outside the agency's own is served where the agency is. The nearest place that takes the
    matter in and is open is marked; when all are closed, the nearest that takes it in.
    """
    stands = stands_for(version, division_code)
    found = outlets.openings([stand.outlet for stand in stands], at)
    openings = [found[stand.outlet.pk] for stand in stands]
    first = nearest_entrance([stand.takes_in for stand in stands], openings)
    return [
        Place(stand.outlet, stand.does, openings[number], is_nearest=number == first)
        for number, stand in enumerate(stands)
    ]


def stands_for(version: ItemVersion, division_code: str = "") -> list[Stand]:
    """What of ``places_for`` does not change with the hour."""
    own = version.agency.division.code
    division_code = divisions.current_code(division_code) if division_code else ""
    here = division_code if division_code and divisions.is_within(division_code, own) else own
    offered = [one for one in catalogue.offerings_of(version) if _reaches(one, here)]
    rows = outlets.nearest(here, {one.level for one in offered}) if offered else []
    return [Stand(row, _done(row, offered)) for row in rows]


def nearest_entrance(takes_in: Sequence[bool], openings: Sequence[Opening]) -> int | None:
    """Which of the places, nearest first, to go to now: the first open one that takes in, else the first that does."""
    entrances = [number for number, takes in enumerate(takes_in) if takes]
    return next((n for n in entrances if openings[n].is_open), next(iter(entrances), None))


@dataclass(frozen=True)
class OutletItem:
    """An item with what is done for it at one outlet."""

    key: str
    name: str
    name_en: str
    does: tuple[Done, ...]


def items_at(outlet: Outlet) -> list[OutletItem]:
    """What can be done at an outlet; one query."""
    found = []
    for item in catalogue.items_offered_near(outlet.division.code):
        offered = [one for one in item.offerings if _reaches(one, outlet.division.code)]
        does = _done(outlet, offered)
        if does:
            found.append(OutletItem(item.key, item.name, item.name_en, does))
    return found


def _reaches(offering: CompiledOffering, division: str) -> bool:
    return not offering.within or any(divisions.is_within(division, whole) for whole in offering.within)


def _done(outlet: Outlet, offered: list[CompiledOffering]) -> tuple[Done, ...]:
    here = [one for one in offered if one.level == outlet.level]
    ordered = sorted(here, key=lambda one: ACTS.index(one.does))
    return tuple(Done(one.does, one.when_text or "", one.note or "") for one in ordered)
