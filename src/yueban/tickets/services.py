"""Writes of tickets. Each locks its ticket, checks where it stands, and leaves a chained event.

Whether the actor may is asked by the flow (``flows/answer_tickets``) or, of an asker without an account, by his code.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.audit import services as audit
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import ANONYMOUS, Actor
from yueban.kernel.masking import mask_text
from yueban.kernel.reference import Reference
from yueban.tickets import numbering, routing, words
from yueban.tickets.choices import (
    SAID,
    WAITING,
    EntryKind,
    TicketKind,
    TicketState,
    Urgency,
)
from yueban.tickets.errors import (
    ReopenedAlready,
    TicketInvalid,
    TicketNotFound,
    TicketNotMine,
    TicketStale,
    TicketTaken,
)
from yueban.tickets.models import Ticket, TicketEntry, WrongCode
from yueban.tickets.selectors import is_asker, may_answer, may_direct
from yueban.vault import services as vault


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """What the asker is told; the code only where he has no account, and only here."""

    number: str
    promised_at: datetime
    access_code: str


@transaction.atomic
def open_ticket(
    *,
    idempotency_key: str,
    kind: str,
    subject: Reference,
    division_code: str,
    agency_kind: str | None,
    asker: Actor | None,
    contact_phone: str,
    question: str,
    transcript: list[dict[str, Any]],
    draft: str,
    citations: list[dict[str, Any]],
    is_urgent: bool,
) -> OpenedTicket:
    """A question that waits for a person; a second click with the same key gives the same ticket and code.

    ``idempotency_key`` is a secret of the asker's session: whoever knows it gets the code again. Raises TicketInvalid.
    """
    _check_opening(idempotency_key, kind, division_code)
    person = asker if asker is not None and asker.is_signed_in else None
    before = Ticket.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        return _opened_before(before, subject, person)
    text = words.plain(question)
    if not text:
        raise TicketInvalid.of_fields({"question": "请写下您的问题。"})
    ticket, code = _started(idempotency_key, person, division_code, agency_kind)
    ticket.kind, ticket.subject_kind, ticket.subject_number = kind, subject.kind, subject.number
    phone = words.clean_phone(contact_phone)
    ticket.phone_cipher = vault.encrypt(phone) if phone else None
    ticket.question, ticket.draft = mask_text(text), mask_text(words.plain(draft))
    ticket.transcript, ticket.citations = words.masked(transcript), citations
    ticket.urgency = Urgency.URGENT if is_urgent else Urgency.ORDINARY
    # Of two clicks at once the second waits here for the counter and finds the key taken.
    Ticket.objects.bulk_create([ticket], ignore_conflicts=True)
    kept = Ticket.objects.get(idempotency_key=idempotency_key)
    if kept.number != ticket.number:
        return _opened_before(kept, subject, person)
    agency = ticket.agency.code if ticket.agency else ""
    _record(kept, "ticket_opened", asker or ANONYMOUS, agency=agency, urgent=is_urgent)
    return OpenedTicket(ticket.number, ticket.promised_at, code)


def _started(
    key: str, person: Actor | None, division_code: str, agency_kind: str | None
) -> tuple[Ticket, str]:
    """Whose it is, who answers and by when; and the code for whoever has no account."""
    at, number = clock.now(), numbering.new_number()
    agency = routing.find_answering_agency(division_code, agency_kind)
    promised_at = routing.promised_from(at, agency, division_code)
    code = "" if person is not None else numbering.access_code(key, number)
    ticket = Ticket(
        number=number,
        idempotency_key=key,
        division_code=division_code,
        agency=agency,
        asker_id=person.user_id if person else None,
        asker_party_id=_own_party(person),
        asker_name=person.name if person else "",
        access_digest=numbering.digest_of(code) if code else "",
        opened_at=at,
        promised_at=promised_at,
        first_promised_at=promised_at,
    )
    return ticket, code


def _check_opening(idempotency_key: str, kind: str, division_code: str) -> None:
    if not 16 <= len(idempotency_key) <= 100:
        raise TicketInvalid("这次提交没有有效的标识。", hint="请刷新页面后重新提交。")
    if kind not in TicketKind.values:
        raise TicketInvalid(f"没有“{kind}”这种工单。", hint="请从页面上的入口重新提交。")
    if not divisions.is_code(division_code):
        raise TicketInvalid(f"“{division_code}”不是区划代码。", hint="请重新选择所在地区。")


def _opened_before(ticket: Ticket, subject: Reference, person: Actor | None) -> OpenedTicket:
    is_same = (ticket.subject_kind, ticket.subject_number) == (subject.kind, subject.number)
    if not is_same or ticket.asker_id != (person.user_id if person else None):
        raise TicketStale("这次提交的标识已经用过了。", hint="请刷新页面后重新提交。")
    code = numbering.access_code(ticket.idempotency_key, ticket.number) if ticket.access_digest else ""
    return OpenedTicket(ticket.number, ticket.promised_at, code)


def _own_party(person: Actor | None) -> int | None:
    """The person himself; for an enterprise nobody has said that it asks."""
    return next((held.id for held in person.parties if held.relation == "self"), None) if person else None


@transaction.atomic
def take_ticket(*, number: str, actor: Actor) -> Ticket:
    """One takes it; the other is told who was first. A ticket that is overdue may be taken over by a colleague."""
    ticket = _lock(number)
    _check_answers(actor, ticket)
    if ticket.state == TicketState.TAKEN and ticket.taken_by_id == actor.user_id:
        return ticket
    if ticket.state == TicketState.TAKEN and ticket.promised_at > clock.now():
        raise TicketTaken(
            f"{_taker(ticket)}已经接了这张工单。", hint="请接下一张；过了承诺时间还没有答复的，可以接手。"
        )
    _check_state(ticket, WAITING)
    if ticket.state == TicketState.TAKEN:
        _enter(ticket, EntryKind.TAKEN_OVER, f"从{_taker(ticket)}手里接过", actor)
    ticket.state, ticket.taken_by_id, ticket.taken_at = TicketState.TAKEN, actor.user_id, clock.now()
    _save(ticket, "state", "taken_by", "taken_at")
    _record(ticket, "ticket_taken", actor)
    return ticket


@transaction.atomic
def hand_back(*, number: str, reason: str, actor: Actor) -> Ticket:
    """Back into the queue with its promise unchanged, by whoever holds it."""
    ticket = _lock(number)
    _check_holds(actor, ticket)
    _enter(ticket, EntryKind.HANDED_BACK, words.needed(reason, "reason", "请写明为什么退回。"), actor)
    _release(ticket)
    _save(ticket, "state", "taken_by", "taken_at")
    _record(ticket, "ticket_handed_back", actor)
    return ticket


@transaction.atomic
def hand_on(*, number: str, agency_code: str, reason: str, actor: Actor) -> Ticket:
    """To another agency's queue; the asker was promised a time, and that stays."""
    ticket = _lock(number)
    if not may_direct(actor, ticket):
        raise TicketNotMine("您的岗位不能转交这张工单。", hint="请由承办部门或政务服务监督人员转交。")
    _check_state(ticket, WAITING)
    if (
        ticket.state == TicketState.TAKEN
        and ticket.taken_by_id != actor.user_id
        and may_answer(actor, ticket)
    ):
        _check_holds(actor, ticket)
    text = words.needed(reason, "reason", "请写明为什么转交。")
    agency = agencies.find_agency(agency_code)
    if (
        agency is None
        or agency.pk == ticket.agency_id
        or not agencies.roles_held_at(agency.pk) & routing.ANSWERING
    ):
        raise TicketInvalid.of_fields({"agency": "请选择另一个有人答复的部门。"})
    _enter(ticket, EntryKind.HANDED_ON, f"转给{agency.name}：{text}", actor)
    _release(ticket)
    ticket.agency = agency
    _save(ticket, "state", "taken_by", "taken_at", "agency")
    _record(ticket, "ticket_handed_on", actor, agency=agency.code)
    return ticket


@transaction.atomic
def answer_ticket(*, number: str, text: str, sources: list[str], actor: Actor) -> Ticket:
    """The answer, by whoever holds the ticket; the same answer clicked twice stays one."""
    ticket = _lock(number)
    answer = words.needed(text, "answer", "请写下答复。")
    if _is_repeated(ticket, answer, actor):
        return ticket
    _check_holds(actor, ticket)
    ticket.sources = words.clean_sources(sources)
    ticket.answer, ticket.answered_by_id, ticket.answered_at = answer, actor.user_id, clock.now()
    ticket.first_answered_at = ticket.first_answered_at or ticket.answered_at
    ticket.state = TicketState.ANSWERED
    _save(ticket, "state", "answer", "sources", "answered_by", "answered_at", "first_answered_at")
    _enter(ticket, EntryKind.ANSWER, answer, actor, sources=ticket.sources)
    _record(ticket, "ticket_answered", actor, in_time=ticket.answered_at <= ticket.promised_at)
    return ticket


def _is_repeated(ticket: Ticket, answer: str, actor: Actor) -> bool:
    is_mine = ticket.answered_by_id == actor.user_id
    return ticket.state == TicketState.ANSWERED and is_mine and ticket.answer == answer


@transaction.atomic
def close_ticket(*, number: str, is_satisfied: bool | None, actor: Actor) -> Ticket:
    """Nothing is left to say: by the asker, or at the desk (then nobody has said that he is content)."""
    ticket = _lock(number)
    if ticket.state == TicketState.CLOSED:
        return ticket
    _check_state(ticket, (TicketState.ANSWERED,))
    ticket.state, ticket.closed_at, ticket.is_satisfied = TicketState.CLOSED, clock.now(), is_satisfied
    _save(ticket, "state", "closed_at", "is_satisfied")
    _record(ticket, "ticket_closed", actor, satisfied=is_satisfied)
    return ticket


@transaction.atomic
def reopen_ticket(*, number: str, text: str, actor: Actor) -> Ticket:
    """再问一次, once: it waits anew, with a new promise."""
    ticket = _lock(number)
    asked = mask_text(words.needed(text, "again", "请写下还想问什么。"))
    if ticket.reopened_at is not None:
        raise ReopenedAlready("这张工单已经再问过一次。", hint="还没有解决的，请拨打12345，或重新咨询。")
    _check_state(ticket, SAID)
    at = clock.now()
    _release(ticket)
    ticket.reopened_at, ticket.closed_at, ticket.is_satisfied = at, None, None
    ticket.promised_at = routing.promised_from(at, ticket.agency, ticket.division_code)
    _save(ticket, "state", "taken_by", "taken_at", "reopened_at", "closed_at", "is_satisfied", "promised_at")
    _enter(ticket, EntryKind.ASKED_AGAIN, asked, actor)
    _record(ticket, "ticket_reopened", actor)
    return ticket


@transaction.atomic
def withdraw_ticket(*, number: str, actor: Actor) -> Ticket:
    """The asker needs no answer any more."""
    ticket = _lock(number)
    if ticket.state == TicketState.WITHDRAWN:
        return ticket
    _check_state(ticket, WAITING)
    _release(ticket)
    ticket.state, ticket.closed_at = TicketState.WITHDRAWN, clock.now()
    _save(ticket, "state", "taken_by", "taken_at", "closed_at")
    _record(ticket, "ticket_withdrawn", actor)
    return ticket


@transaction.atomic
def note(*, number: str, text: str, actor: Actor) -> Ticket:
    """A remark for colleagues; the asker does not read it."""
    ticket = _lock(number)
    _enter(ticket, EntryKind.NOTE, words.needed(text, "note", "请写下备注。"), actor)
    _record(ticket, "ticket_noted", actor)
    return ticket


@transaction.atomic
def mark_adopted(*, number: str, question_key: str, actor: Actor) -> Ticket:
    """采纳为问答: which question and answer came of it; once."""
    ticket = _lock(number)
    _check_state(ticket, SAID)
    if ticket.became_question and ticket.became_question != question_key:
        raise TicketStale(
            "这张工单的答复已经采纳为问答。", hint=f"请打开问答“{ticket.became_question}”修改。"
        )
    ticket.became_question = question_key
    _save(ticket, "became_question")
    _record(ticket, "ticket_adopted", actor, question=question_key)
    return ticket


def record_wrong_code(*, asked_from: str) -> None:
    """Count a failed try; those of yesterday are forgotten."""
    at = clock.now()
    WrongCode.objects.filter(asked_from=asked_from, at__lt=at - timedelta(days=1)).delete()
    WrongCode.objects.create(asked_from=asked_from, at=at)


def _lock(number: str) -> Ticket:
    # Without a join: whoever waited for the lock would see the taker and the agency of before.
    ticket = Ticket.objects.select_for_update().filter(number=number).first()
    if ticket is None:
        raise TicketNotFound("没有找到这张工单。", hint="请核对工单编号。")
    return ticket


def _check_answers(actor: Actor, ticket: Ticket) -> None:
    if not may_answer(actor, ticket):
        raise TicketNotMine("您的岗位不能答复这张工单。", hint="工单由承办部门的窗口或审查人员答复。")


def _check_holds(actor: Actor, ticket: Ticket) -> None:
    _check_answers(actor, ticket)
    if ticket.state == TicketState.OPEN:
        raise TicketStale("这张工单还没有人接。", hint="请先接单，再办理。")
    _check_state(ticket, (TicketState.TAKEN,))
    if ticket.taken_by_id != actor.user_id:
        raise TicketTaken(f"这张工单由{_taker(ticket)}办理。", hint="请由接单的人办理，或请他先退回队列。")


def _check_state(ticket: Ticket, states: tuple[TicketState, ...]) -> None:
    if ticket.state not in states:
        raise TicketStale(
            f"这张工单现在是“{ticket.get_state_display()}”，不能这样办。",
            hint="可能刚刚有人办过，请刷新页面看最新情况。",
        )


def _taker(ticket: Ticket) -> str:
    return ticket.taken_by.name if ticket.taken_by is not None else "同事"


def _release(ticket: Ticket) -> None:
    ticket.state, ticket.taken_by, ticket.taken_at = TicketState.OPEN, None, None


def _save(ticket: Ticket, *fields: str) -> None:
    ticket.save(update_fields=list(fields))


def _enter(
    ticket: Ticket, kind: EntryKind, text: str, actor: Actor, *, sources: list[str] | None = None
) -> None:
    is_own = is_asker(actor, ticket) or not actor.is_staff
    TicketEntry.objects.create(
        ticket=ticket,
        kind=kind,
        text=text,
        sources=sources or [],
        by_id=actor.user_id,
        by_name=actor.name if actor.is_signed_in else "",
        agency_name="" if is_own or ticket.agency is None else ticket.agency.name,
        at=clock.now(),
    )


def _record(ticket: Ticket, kind: str, actor: Actor, **data: object) -> None:
    audit.record(ticket.reference, kind, actor=actor, data=data, division=ticket.division_code)
