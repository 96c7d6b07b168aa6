"""Reads of tickets."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Count, DurationField, F, Q, QuerySet

from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.tickets import numbering
from yueban.tickets.choices import WAITING, TicketState
from yueban.tickets.errors import TicketNotFound
from yueban.tickets.models import Ticket, TicketEntry, WrongCode
from yueban.tickets.numbering import is_number as is_number
from yueban.tickets.routing import ANSWERING as ANSWERING
from yueban.tickets.routing import agencies_answering as agencies_answering
from yueban.tickets.routing import find_answering_agency as find_answering_agency
from yueban.tickets.visibility import SEES as SEES
from yueban.tickets.visibility import may_answer as may_answer
from yueban.tickets.visibility import may_direct as may_direct
from yueban.tickets.visibility import tickets_at_work as tickets_at_work
from yueban.tickets.visibility import tickets_visible_to as tickets_visible_to

WRONG_CODES_PER_HOUR = 60
# The tabs of the queue: what waits, what is mine, what is answered, what is late.
TABS = ("waiting", "mine", "answered", "overdue", "all")


def get_ticket(actor: Actor, number: str) -> Ticket:
    """One that the actor sees by his posts; TicketNotFound for a wrong number and for another's alike."""
    found = _whole(tickets_at_work(actor)).filter(number=number).first()
    if found is None:
        raise TicketNotFound("没有找到这张工单。", hint="请核对工单编号，或从工单列表重新打开。")
    return found


def get_own_ticket(actor: Actor, number: str, code: str) -> Ticket:
    """The asker's own: by his account, or with the code he was given; one answer for every failure."""
    found = _whole(Ticket.objects.all()).filter(number=number).first() if is_number(number) else None
    if found is None or not (is_asker(actor, found) or _opens(code, found)):
        raise TicketNotFound(
            "没有找到这张工单。", hint="请核对工单编号和查询码；登录后提的问题，请用同一账号登录后查看。"
        )
    return found


def is_asker(actor: Actor, ticket: Ticket) -> bool:
    """Whether the ticket was opened with this account."""
    return actor.user_id is not None and actor.user_id == ticket.asker_id


def _opens(code: str, ticket: Ticket) -> bool:
    given = numbering.digest_of(code)
    return bool(ticket.access_digest) and hmac.compare_digest(given, ticket.access_digest)


def _whole(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.select_related("agency__division", "asker", "taken_by", "answered_by")


def find_by_subject(subject: Reference) -> Ticket | None:
    """The newest ticket of a thing (a conversation); the caller knows that the actor may see that."""
    rows = Ticket.objects.filter(subject_kind=subject.kind, subject_number=subject.number)
    return rows.order_by("-opened_at", "-pk").first()


def own_tickets(actor: Actor) -> QuerySet[Ticket]:
    """What was asked with this account, the newest first."""
    if actor.user_id is None:
        return Ticket.objects.none()
    return (
        Ticket.objects.filter(asker_id=actor.user_id).select_related("agency").order_by("-opened_at", "-pk")
    )


def place_of(ticket: Ticket) -> str:
    """Where the question comes from: 绍兴市越城区."""
    return divisions.full_name(ticket.division_code)


def entries_of(ticket: Ticket) -> QuerySet[TicketEntry]:
    """What was said and done, in its order."""
    return ticket.entries.order_by("at", "pk")


def in_tab(rows: QuerySet[Ticket], tab: str, actor: Actor) -> QuerySet[Ticket]:
    """The rows of one tab in its order: what waits by urgency and promise, what is over the newest first."""
    match tab:
        case "mine":
            rows = rows.filter(taken_by_id=actor.user_id, state=TicketState.TAKEN)
        case "answered":
            return rows.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")
        case "overdue":
            rows = overdue(rows)
        case "all":
            return rows.order_by("-opened_at", "-pk")
        case _:
            rows = rows.filter(state=TicketState.OPEN)
    return rows.order_by("urgency", "promised_at", "pk")


def overdue(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those that wait although what was promised is over."""
    return rows.filter(state__in=WAITING, promised_at__lt=clock.now())


def counts_by_tab(rows: QuerySet[Ticket], actor: Actor) -> Mapping[str, int]:
    """How many stand in each tab; one query."""
    late = Q(state__in=WAITING, promised_at__lt=clock.now())
    return rows.order_by().aggregate(
        waiting=Count("pk", filter=Q(state=TicketState.OPEN)),
        mine=Count("pk", filter=Q(state=TicketState.TAKEN, taken_by_id=actor.user_id)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        overdue=Count("pk", filter=late),
        all=Count("pk"),
    )


def narrowed(rows: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """By the beginning of the number or a part of the question."""
    text = text.strip()[:60]
    if not text:
        return rows
    return rows.filter(Q(number__startswith=text.upper()) | Q(question__icontains=text))


class Median(Aggregate):
    """The middle one of the values."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands in the head of the queue; the wait is from the question to the first answer."""

    open: int
    overdue: int
    answered: int
    in_time: int
    median_wait: timedelta | None


def figures_of(rows: QuerySet[Ticket]) -> Figures:
    """One query; whoever waits still is in no median, but in the open and the overdue."""
    found = rows.order_by().aggregate(
        open=Count("pk", filter=Q(state__in=WAITING)),
        overdue=Count("pk", filter=Q(state__in=WAITING, promised_at__lt=clock.now())),
        answered=Count("pk", filter=Q(first_answered_at__isnull=False)),
        in_time=Count("pk", filter=Q(first_answered_at__lte=F("first_promised_at"))),
        median=Median(F("first_answered_at") - F("opened_at"), output_field=DurationField()),
    )
    return Figures(found["open"], found["overdue"], found["answered"], found["in_time"], found["median"])


def is_shut_out(asked_from: str) -> bool:
    """Whether this address has tried too many wrong codes in the hour."""
    since = clock.now() - timedelta(hours=1)
    return WrongCode.objects.filter(asked_from=asked_from, at__gt=since).count() >= WRONG_CODES_PER_HOUR
