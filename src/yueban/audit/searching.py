"""Looking through the audit: by person, object, kind and period, page by page and without counting."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Left

from yueban.audit.models import Event
from yueban.kernel import clock

PER_PAGE = 50
COUNTY_DIGITS = 6
# What may stand before the number of a thing; a number alone is looked for under each of them.
KINDS = (
    "case",
    "application",
    "user",
    "party",
    "mandate",
    "payment",
    "rating",
    "notice",
    "certificate",
    "oversight",
    "item",
    "bundle",
    "division",
    "export",
    "api-key",
    "api-key-request",
    "webhook",
)


@dataclass(frozen=True)
class Wanted:
    """What an auditor looks for; empty parts narrow nothing."""

    user_id: int | None = None
    number: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Found:
    """One page of events, the newest first, and the mark from which the next page goes on."""

    events: list[Event]
    next_mark: str = ""


def search(reach: QuerySet[Event], wanted: Wanted, *, mark: str = "", per_page: int = PER_PAGE) -> Found:
    """A page of what was found; `mark` is the last one's ``next_mark``."""
    rows = matching(reach, wanted)
    after = _read(mark)
    if after is not None:
        at, number = after
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=number), at__lte=at)
    events = list(rows.order_by("-at", "-pk")[: per_page + 1])
    more = len(events) > per_page
    events = events[:per_page]
    return Found(events, f"{events[-1].at.isoformat()}_{events[-1].pk}" if more else "")


def everywhere() -> QuerySet[Event]:
    """All events, also those that stand nowhere."""
    return Event.objects.all()


def within(division_prefix: str) -> QuerySet[Event]:
    """The events of things that stand in a county or in a part of it; its digits have the index."""
    county = Event.objects.alias(county=Left("division_code", COUNTY_DIGITS)).exclude(division_code=Value(""))
    return county.filter(county=division_prefix[:COUNTY_DIGITS], division_code__startswith=division_prefix)


def matching(reach: QuerySet[Event], wanted: Wanted) -> QuerySet[Event]:
    """Of the events that somebody may read those wanted; each filter has its index (person, object, time)."""
    rows = reach
    if wanted.user_id is not None:
        rows = rows.alias(person=KT("actor__user_id")).filter(person=str(wanted.user_id))
    if wanted.number:
        kind, colon, number = wanted.number.partition(":")
        rows = rows.filter(
            reference_kind__in=[kind] if colon else KINDS, reference_number=number if colon else kind
        )
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.first:
        rows = rows.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


def _read(mark: str) -> tuple[datetime, int] | None:
    """A mark from the address; anything else begins at the first page."""
    at, _, number = mark.rpartition("_")
    try:
        moment, serial = datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
    return (moment, serial) if moment.tzinfo is not None and 0 <= serial < 2**63 else None
