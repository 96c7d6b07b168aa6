"""Which agency answers, and by when: both follow from the place alone."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.conf import settings

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.outlets import selectors as outlets
from yueban.tickets.models import Ticket

# Who answers at an agency: its window, and those who review what is applied for.
ANSWERING = frozenset({roles.CLERK, roles.REVIEWER})
HALLS = ("county", "city")


def find_answering_agency(division_code: str, agency_kind: str | None) -> Agency | None:
    """The nearest agency of the kind where somebody answers, else the nearest government-services agency.

    Where nobody answers anywhere, the government-services agency that is responsible for the place.
    """
    kinds = dict.fromkeys(kind for kind in (agency_kind, agencies.GOVERNMENT_SERVICES) if kind)
    found = [agency for kind in kinds for agency in _upwards(kind, division_code)]
    staffed = (agency for agency in found if agencies.roles_held_at(agency.pk) & ANSWERING)
    responsible = agencies.find_agency_of_kind(agencies.GOVERNMENT_SERVICES, division_code)
    return next(staffed, responsible)


def _upwards(kind: str, division_code: str) -> Iterator[Agency]:
    seen = set()
    for place in divisions.ancestry(division_code):
        agency = agencies.find_agency_of_kind(kind, place)
        if agency is not None and agency.pk not in seen:
            seen.add(agency.pk)
            yield agency


def agencies_answering(ticket: Ticket) -> list[Agency]:
    """Where the ticket may be handed on: the agencies of its county and of the city at which somebody answers."""
    found: dict[int, Agency] = {}
    for place in reversed(divisions.ancestry(ticket.division_code)):
        for role in sorted(ANSWERING):
            found |= {agency.pk: agency for agency in agencies.agencies_with(role, place)}
    return [agency for agency in found.values() if agency.pk != ticket.agency_id]


def promised_from(at: datetime, agency: Agency | None, division_code: str) -> datetime:
    """So many minutes of the hall's opening hours after ``at``; without a hall the end of the next working day."""
    place = agency.division.code if agency is not None else division_code
    hall = next(iter(outlets.nearest(place, HALLS)), None)
    wanted = timedelta(minutes=settings.YUEBAN_TICKET_MINUTES)
    due = outlets.due_after(hall, wanted, at) if hall is not None else None
    if due is not None:
        return due
    day = divisions.add_workdays(at.astimezone(clock.BEIJING).date(), 1, place)
    return datetime.combine(day, time(17), clock.BEIJING)
