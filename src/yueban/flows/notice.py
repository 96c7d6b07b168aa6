"""公示: an objection while it runs, its answer, and the end by itself after the last day.

The next stage of the route waits for the last day and for every answer.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from yueban.accounts import walls
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import NoticeState, TaskKind, TaskOutcome
from yueban.approvals.errors import TaskNotYours, TooManyObjections
from yueban.approvals.models import Objection, PublicNotice, Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.claims import services as claims
from yueban.clocks import services as clocks
from yueban.flows import message_texts, recusal, stages
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference
from yueban.vault import services as vault


@walls.platform()
@transaction.atomic
def object_to(
    actor: Actor, number: str, *, name: str, contact: str, text: str, key: str = "", address: str = ""
) -> Objection:
    """提出异议: by anybody who gives a name and a contact; a second press gives the same objection.

    Raises NoticeNotFound, NoticeOver after 24:00 of the last day, ObjectionInvalid by field, TooManyObjections.
    """
    found = approvals_read.get_public_notice(number)
    LOCKS[found.reference_kind](found.reference_number)
    notice = approvals.lock_notice(number=number)
    before = notice.objections.count()
    objection = approvals.object_to(
        notice=notice, actor=actor, name=name, contact=contact, text=text, key=key
    )
    if notice.objections.count() > before:
        _count(actor, notice, address)
        # Who objects is protected: the chain names the objection, not the person.
        data = {"objection": objection.number, "notice": number}
        about = Reference(found.reference_kind, found.reference_number)
        audit.record(about, "objection_made", actor=SYSTEM, data=data)
    return objection


# What a notice is about is locked before the notice.
LOCKS: dict[str, Callable[[str], object]] = {
    "case": lambda number: cases.lock_any_case(number=number),
    "claim": lambda number: claims.lock_any_claim(number=number),
    "auto-list": lambda number: claims.lock_list(number=number),
}


def _count(actor: Actor, notice: PublicNotice, address: str) -> None:
    """Nobody stops a case by objecting without end: so many an hour by one person, or from one address."""
    asker = f"user {actor.user_id}" if actor.user_id is not None else f"address {address}"
    digest = vault.blind_index(f"{notice.number} {asker}", purpose="notice.objections").hex()
    if not cases_read.may_object(digest[:30], is_signed_in=actor.user_id is not None):
        raise TooManyObjections(
            "您刚才已经提出了多次异议，先提出的都会核实。", hint="有补充的，请过一小时再提，或拨打12345。"
        )
    cases.record_objection(by=digest[:30])


@transaction.atomic
def answer(actor: Actor, task_id: int, *, is_upheld: bool, reasons: str, key: str = "") -> Task:
    """核实异议: upheld or not, with reasons that go to the objector; the last answer may end the notice."""
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    task = approvals.lock_task(task_id=task_id, actor=actor)
    if cases.is_done(key=key, name="answer_objection", actor=actor, number=case.number):
        return task
    objection = approvals_read.find_objection(task_id)
    if objection is None or task.kind != TaskKind.OBJECTION:
        raise CaseMoveNotPossible("这项待办不是核实异议。", hint="请在办件页面使用对应的按钮。")
    if objection.user_id is not None and objection.user_id == actor.user_id:
        raise TaskNotYours("这是您自己提出的异议，不能由您核实。", hint="请由同事办理。")
    recusal.check(actor, case.party_id)
    notice = approvals.lock_notice(number=objection.notice.number)
    text = cases_read.checked_reason(reasons)
    outcome = TaskOutcome.UPHELD if is_upheld else TaskOutcome.DISMISSED
    approvals.finish_task(task=task, actor=actor, outcome=outcome, opinion=text)
    cases.record_task_done(case=case, task=task, actor=actor)
    message_texts.objection_answered(objection, outcome.label, text)
    if approvals.may_end(notice):
        _end(case, notice, until=clock.today())
    cases.remember_done(key=key, name="answer_objection", actor=actor, number=case.number)
    return task


@transaction.atomic
def end_over(number: str, reference_number: str) -> bool:
    """The sweep's part: end one notice whose last day is over; False where objections are still open."""
    case = cases.lock_any_case(number=reference_number)
    notice = approvals.lock_notice(number=number)
    if notice.state != NoticeState.RUNNING or not approvals.may_end(notice):
        return False
    _end(case, notice, until=notice.ends_on)
    return True


def _end(case: Case, notice: PublicNotice, *, until: date) -> None:
    """The days up to `until` were the notice's own and are not counted where the clocks stood still."""
    approvals.end_notice(notice=notice)
    reference = cases.reference_of(case)
    if clocks.resume_clocks(reference=reference, kinds=stages.PAUSED, on=until):
        cases.set_promised_on(case=case)
    data = {"notice": notice.number, "agency": notice.agency.name, "text": notice.task.opinion}
    audit.record(reference, "notice_ended", actor=SYSTEM, data=data)
    stages.open_next(case, SYSTEM)
