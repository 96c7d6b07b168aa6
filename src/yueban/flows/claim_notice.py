"""公示 of claims: its end after the last day, and the answer to an objection."""

from datetime import date

from django.db import transaction

from yueban.accounts import walls
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import NoticeState, TaskKind, TaskOutcome
from yueban.approvals.errors import TaskNotYours
from yueban.approvals.models import Objection, PublicNotice, Task
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.claims import services as claims
from yueban.claims.choices import ClaimEvent
from yueban.claims.errors import ClaimInvalid, ClaimMoveNotPossible
from yueban.claims.models import Claim
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.flows import claim, claim_texts, message_texts, pay_claims, recusal
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.names import TextInvalid, clean_paragraphs

LONGEST_REASONS = 1000


@transaction.atomic
def end_over(number: str, reference_number: str) -> bool:
    """The sweep's part: end one notice whose last day is over; False where objections are still open."""
    found = claims.lock_any_claim(number=reference_number)
    notice = approvals.lock_notice(number=number)
    if notice.state != NoticeState.RUNNING or not approvals.may_end(notice):
        return False
    _end(found, notice, until=notice.ends_on)
    return True


@walls.platform()
@transaction.atomic
def answer(actor: Actor, task_id: int, *, is_upheld: bool, reasons: str, key: str = "") -> Task:
    """核实异议: upheld goes back to who decides, dismissed lets the notice end when its days are over."""
    number = approvals_read.reference_number_of(task_id)
    found = claims.lock_claim(number=number, actor=actor)
    task = approvals.lock_task(task_id=task_id, actor=actor)
    if cases.is_done(key=key, name="claim_objection", actor=actor, number=number):
        return task
    recusal.check(actor, found.party_id)
    objection, words = checked_answer(actor, task, reasons)
    notice = approvals.lock_notice(number=objection.notice.number)
    finish_answer(actor, task, objection, is_upheld=is_upheld, words=words)
    if is_upheld:
        claims.move(claim=found, event=ClaimEvent.UPHOLD, actor=actor, data={"objection": objection.number})
        claim.begin_anew(found)
        claim_texts.objected(found)
    elif approvals.may_end(notice):
        _end(found, notice, until=clock.today())
    cases.remember_done(key=key, name="claim_objection", actor=actor, number=number)
    return task


def checked_answer(actor: Actor, task: Task, reasons: str) -> tuple[Objection, str]:
    """The objection that a task answers, by somebody else than who made it, with clean words."""
    objection = approvals_read.find_objection(task.pk)
    if objection is None or task.kind != TaskKind.OBJECTION:
        raise ClaimMoveNotPossible("这项待办不是核实异议。", hint="请从待办列表重新打开。")
    if objection.user_id is not None and objection.user_id == actor.user_id:
        raise TaskNotYours("这是您自己提出的异议，不能由您核实。", hint="请由同事办理。")
    try:
        words = clean_paragraphs(reasons, LONGEST_REASONS)
    except TextInvalid as error:
        raise ClaimInvalid.of_fields({"reasons": f"{error.message}{error.hint}"}) from error
    if not words:
        raise ClaimInvalid.of_fields({"reasons": "请写明核实的情况和理由，提出异议的人能看到。"})
    return objection, words


def finish_answer(actor: Actor, task: Task, objection: Objection, *, is_upheld: bool, words: str) -> None:
    """The task is done and who objected is told; the chain names the objection, not the person."""
    outcome = TaskOutcome.UPHELD if is_upheld else TaskOutcome.DISMISSED
    approvals.finish_task(task=task, actor=actor, outcome=outcome, opinion=words)
    data = {"objection": objection.number, "outcome": str(outcome)}
    audit.record(claim.reference_of(task), "objection_answered", actor=actor, data=data)
    message_texts.objection_answered(objection, outcome.label, words)


def _end(found: Claim, notice: PublicNotice, *, until: date) -> None:
    approvals.end_notice(notice=notice)
    clocks.resume_clocks(reference=found.reference, kinds=[ClockKind.PROMISE], on=until)
    clocks.meet_many("claim", [found.number], [ClockKind.PROMISE])
    data = {"notice": notice.number, "text": notice.task.opinion}
    claims.move(claim=found, event=ClaimEvent.END_NOTICE, actor=SYSTEM, data=data)
    pay_claims.prepare(found)
    claim_texts.agreed(found)
