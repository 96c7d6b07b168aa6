"""Reading the audit: the events of an object, the auditor's search, and the proof that nothing was altered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from yueban.audit.models import Anchor, Event
from yueban.audit.proving import AuditVerification as AuditVerification
from yueban.audit.proving import Verification as Verification
from yueban.audit.proving import compare_anchor as compare_anchor
from yueban.audit.proving import verify_all as verify_all
from yueban.audit.proving import verify_chain as verify_chain
from yueban.audit.proving import verify_day as verify_day
from yueban.audit.proving import verify_since as verify_since
from yueban.audit.searching import COUNTY_DIGITS as COUNTY_DIGITS
from yueban.audit.searching import Found as Found
from yueban.audit.searching import Wanted as Wanted
from yueban.audit.searching import everywhere as everywhere
from yueban.audit.searching import matching as matching
from yueban.audit.searching import search as search
from yueban.audit.searching import within as within
from yueban.kernel import clock
from yueban.kernel.reference import Reference


def events_of(reference: Reference) -> QuerySet[Event]:
    """The events of one object in their order."""
    return Event.objects.filter(reference_kind=reference.kind, reference_number=reference.number).order_by(
        "seq"
    )


def recent_events(kind: str, *, since: datetime) -> list[Event]:
    """The events of all objects of a kind since a moment, oldest first."""
    rows = Event.objects.filter(reference_kind=kind, at__gte=since)
    return list(rows.order_by("reference_number", "seq"))


def anchors() -> QuerySet[Anchor]:
    """The anchors of all days, the newest first, each with its digest to be kept outside."""
    return Anchor.objects.order_by("-day")


def days_without_anchor(until: date, *, days: int = 31) -> list[date]:
    """Which of the last days, up to one, no anchor stands for although there were events before it ended."""
    first_event = Event.objects.order_by("at").values_list("at", flat=True).first()
    if first_event is None:
        return []
    first = max(until - timedelta(days=days - 1), first_event.astimezone(clock.BEIJING).date())
    # A later anchor holds what an earlier day left out; only days after the last anchor and gaps are told.
    held = set(Anchor.objects.filter(day__gte=first, day__lte=until).values_list("day", flat=True))
    span = [first + timedelta(days=at) for at in range((until - first).days + 1)]
    return [day for day in span if day not in held]
