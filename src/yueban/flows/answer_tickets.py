"""转人工的工单: who answers, who asks, and what the asker is told; from the queue to 满意 or 再问一次."""

from collections.abc import Iterator

from django.db import transaction

from yueban.accounts import walls
from yueban.flows import exports
from yueban.kernel.actor import Actor
from yueban.kernel.masking import mask
from yueban.notifications import services as notifications
from yueban.tickets import selectors as tickets_read
from yueban.tickets import services as tickets
from yueban.tickets.errors import TicketNotFound, TicketNotMine, TooManyTries
from yueban.tickets.models import Ticket
from yueban.vault import services as vault

EXPORTED = "工单"


@transaction.atomic
def take(actor: Actor, number: str) -> Ticket:
    """接单: one of two who press at once gets it."""
    tickets_read.get_ticket(actor, number)
    return tickets.take_ticket(number=number, actor=actor)


@transaction.atomic
def hand_back(actor: Actor, number: str, *, reason: str) -> Ticket:
    """退回队列: somebody else takes it; the promise stands."""
    tickets_read.get_ticket(actor, number)
    return tickets.hand_back(number=number, reason=reason, actor=actor)


@transaction.atomic
def hand_on(actor: Actor, number: str, *, agency_code: str, reason: str) -> Ticket:
    """转交: to the agency whose matter it is; the asker is told who answers now."""
    tickets_read.get_ticket(actor, number)
    found = tickets.hand_on(number=number, agency_code=agency_code, reason=reason, actor=actor)
    name = found.agency.name if found.agency else ""
    serial = tickets_read.entries_of(found).count()
    _tell(found, f"handed-on-{serial}", "您的问题已转交", f"工单{number}现在由{name}答复，承诺的时间不变。")
    return found


@transaction.atomic
def answer(actor: Actor, number: str, *, text: str, sources: list[str]) -> Ticket:
    """答复: the words go to the asker; somebody without an account reads them with his code."""
    tickets_read.get_ticket(actor, number)
    found = tickets.answer_ticket(number=number, text=text, sources=sources, actor=actor)
    event = "answered-again" if found.reopened_at else "answered"
    _tell(found, event, "您的问题有了答复", found.answer[:300], needs_action=True)
    return found


@transaction.atomic
def close_at_desk(actor: Actor, number: str) -> Ticket:
    """办结 of what was answered; whether he is content only the asker says."""
    found = tickets_read.get_ticket(actor, number)
    if not tickets_read.may_answer(actor, found):
        raise TicketNotMine("您的岗位不能办结这张工单。", hint="请由承办部门的人员办结。")
    return tickets.close_ticket(number=number, is_satisfied=None, actor=actor)


@transaction.atomic
def note(actor: Actor, number: str, *, text: str) -> Ticket:
    """内部备注, for whoever works on it."""
    found = tickets_read.get_ticket(actor, number)
    if not tickets_read.may_direct(actor, found):
        raise TicketNotMine("您的岗位不能在这张工单上备注。", hint="请由承办部门的人员备注。")
    return tickets.note(number=number, text=text, actor=actor)


def masked_phone(ticket: Ticket) -> str:
    """138****5678, or nothing; ``ticket`` is one that the reader may see."""
    return mask("phone", vault.decrypt(ticket.phone_cipher)) if ticket.phone_cipher is not None else ""


@transaction.atomic
def contact_phone(actor: Actor, number: str, *, purpose: str) -> str:
    """The phone for whoever holds the ticket; who looked and what for is kept."""
    found = tickets_read.get_ticket(actor, number)
    if found.phone_cipher is None:
        raise TicketNotFound("提问人没有留电话。", hint="请直接写答复，提问人凭账号或查询码看得到。")
    if found.taken_by_id != actor.user_id or not tickets_read.may_answer(actor, found):
        raise TicketNotMine("只有接单的人能查看联系电话。", hint="请先接单，需要电话沟通时再查看。")
    return vault.unmask(
        found.phone_cipher, reference=found.reference, field="contact_phone", purpose=purpose, actor=actor
    )


@walls.platform()
def own(actor: Actor, number: str, code: str, *, address: str = "") -> Ticket:
    """The asker's ticket by account or code; from one address sixty wrong tries an hour are taken."""
    asked_from = vault.blind_index(address, purpose="ticket.address").hex() if address else ""
    if asked_from and code and tickets_read.is_shut_out(asked_from):
        raise TooManyTries("这个网络地址一小时内试错太多次。", hint="请一小时后再试，或登录后查看。")
    try:
        return tickets_read.get_own_ticket(actor, number, code)
    except TicketNotFound:
        if asked_from and code:
            tickets.record_wrong_code(asked_from=asked_from)
        raise


@walls.platform()
@transaction.atomic
def close_own(actor: Actor, ticket: Ticket) -> Ticket:
    """满意: the asker has what he needs. ``ticket`` comes from ``own``."""
    return tickets.close_ticket(number=ticket.number, is_satisfied=True, actor=actor)


@walls.platform()
@transaction.atomic
def ask_again(actor: Actor, ticket: Ticket, *, text: str) -> Ticket:
    """再问一次, once. ``ticket`` comes from ``own``."""
    return tickets.reopen_ticket(number=ticket.number, text=text, actor=actor)


@walls.platform()
@transaction.atomic
def withdraw(actor: Actor, ticket: Ticket) -> Ticket:
    """不用答复了. ``ticket`` comes from ``own``."""
    return tickets.withdraw_ticket(number=ticket.number, actor=actor)


def exported(actor: Actor, tab: str, text: str) -> Iterator[Ticket]:
    """The rows of the list as it was narrowed; that they were taken out is kept first."""
    rows = tickets_read.in_tab(tickets_read.tickets_at_work(actor), tab, actor)
    rows = tickets_read.narrowed(rows, text).select_related("agency", "taken_by", "answered_by")
    count = rows.order_by().count()
    exports.record(actor, what=EXPORTED, rows=count, filters=tab + ("；搜索" if text else ""))
    return rows.defer("transcript", "draft", "citations").iterator(chunk_size=2000)


def _tell(ticket: Ticket, event: str, title: str, body: str, *, needs_action: bool = False) -> None:
    if ticket.asker_id is None:
        return
    notifications.notify(
        user_id=ticket.asker_id,
        reference=ticket.reference,
        event=event,
        title=title,
        body=body[:500],
        needs_action=needs_action,
    )
