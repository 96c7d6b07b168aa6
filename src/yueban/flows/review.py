"""收件、受理、审查、决定: what the window, the reviewers and the decider do, each step one transaction.

Every function takes the `revision` the person read and an idempotency `key`: a stale page gets a clear
answer, a double click changes nothing.
"""

from collections.abc import Sequence

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.flows import (
    bundle_holds,
    bundle_steps,
    clicks,
    countersign,
    deliver,
    fall_back,
    founding,
    message_texts,
    promises,
    prove,
    records,
    recusal,
    stages,
    stand_in,
)
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid

# What is answered with an opinion on points.
ANSWERED = (TaskKind.REVIEW, TaskKind.CHECK, TaskKind.COUNTERSIGN, TaskKind.RECORDS, TaskKind.LATE)


@transaction.atomic
def receive(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Case:
    """收件: the receipt is issued and the five days to tell what is missing begin."""
    case, done = clicks.begin(actor, number, revision, key, "receive")
    if done:
        return case
    cases.move(case=case, event=CaseEvent.RECEIVE, actor=actor)
    cases.issue_receipt(case, actor)
    clicks.finish(case, TaskKind.RECEIVE, actor, CaseEvent.RECEIVE)
    approvals.plan_tasks(
        subject=message_texts.subject_of(case),
        plans=[
            approvals.TaskPlan(
                key="accept",
                kind=TaskKind.ACCEPT,
                name="核对材料并受理",
                agency_id=case.intake_agency_id,
                division_code=case.intake_division,
                role=roles.CLERK,
                days=5,
            )
        ],
        open_stage=0,
    )
    message_texts.received(case)
    return clicks.end(case, actor, key, "receive")


@transaction.atomic
def request_supplement(
    actor: Actor, number: str, items: Sequence[dict[str, str]], *, revision: int | None = None, key: str = ""
) -> Case:
    """一次性告知: tell everything that is missing, at once. `items` are {"material": key, "what": text}.

    Raises SupplementAlreadyAsked on a second notice at this stage (行政许可法 art. 32(4)) that no supervisor
    has allowed.
    """
    case, done = clicks.begin(actor, number, revision, key, "request_supplement")
    if done:
        return case
    cases_read.may_ask_supplement(case)
    checked = cases_read.checked_supplement_items(case, items)
    nth = case.supplements_asked + 1
    cases.move(case=case, event=CaseEvent.REQUEST_SUPPLEMENT, actor=actor, items=checked, nth=nth)
    supplement = cases.ask_materials(case=case, items=checked, due_on=cases_read.supplement_due_on(case))
    cases.issue_supplement_notice(case, supplement, actor)
    clicks.finish(case, TaskKind.ACCEPT, actor, CaseEvent.REQUEST_SUPPLEMENT)
    message_texts.supplement_asked(case, supplement)
    return clicks.end(case, actor, key, "request_supplement")


@transaction.atomic
def accept(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Case:
    """受理: the promised and the statutory clock start, the route's first tasks open in parallel."""
    case, done = clicks.begin(actor, number, revision, key, "accept")
    if done:
        return case
    cases.move(case=case, event=CaseEvent.ACCEPT, actor=actor)
    cases.issue_acceptance(case, actor)
    cases.issue_payment_notice(case, actor)
    clicks.finish(case, TaskKind.ACCEPT, actor, CaseEvent.ACCEPT)
    stages.open_routes([case], actor)
    message_texts.accepted(case)
    return clicks.end(case, actor, key, "accept")


@transaction.atomic
def allow_supplement(
    actor: Actor, number: str, reason: str, *, revision: int | None = None, key: str = ""
) -> Case:
    """允许再次补正: a supervisor lets the window ask once more; counted as an irregularity (R04)."""
    case, done = clicks.begin(actor, number, revision, key, "ask_again")
    if done:
        return case
    text = cases_read.checked_reason(reason)
    cases.move(
        case=case, event=CaseEvent.ASK_AGAIN, actor=actor, reason=text, asked_before=case.supplements_asked
    )
    cases.allow_supplement(case=case, actor=actor, reason=text)
    return clicks.end(case, actor, key, "ask_again")


@transaction.atomic
def refuse_acceptance(
    actor: Actor, number: str, reason: str, *, revision: int | None = None, key: str = ""
) -> Case:
    """不予受理: with the reason and where to turn."""
    case, done = clicks.begin(actor, number, revision, key, "refuse_acceptance")
    if done:
        return case
    text = cases_read.checked_reason(reason)
    case.decision_reason = text
    cases.move(case=case, event=CaseEvent.REFUSE_ACCEPTANCE, actor=actor, reason=text)
    cases.issue_non_acceptance(case, actor)
    clicks.finish(case, TaskKind.ACCEPT, actor, CaseEvent.REFUSE_ACCEPTANCE)
    approvals.cancel_open(reference=cases.reference_of(case))
    message_texts.not_accepted(case)
    bundle_steps.after(case, actor)
    return clicks.end(case, actor, key, "refuse_acceptance")


@transaction.atomic
def return_case(
    actor: Actor, number: str, reason: str, *, revision: int | None = None, key: str = ""
) -> Case:
    """退件: a duplicate or the wrong channel; the applicant may apply anew."""
    case, done = clicks.begin(actor, number, revision, key, "return")
    if done:
        return case
    text = cases_read.checked_reason(reason)
    case.decision_reason = text
    cases.move(case=case, event=CaseEvent.RETURN, actor=actor, reason=text)
    cases.issue_return(case, actor)
    for kind in (TaskKind.RECEIVE, TaskKind.ACCEPT):
        clicks.finish(case, kind, actor, CaseEvent.RETURN)
    approvals.cancel_open(reference=cases.reference_of(case))
    message_texts.returned(case)
    bundle_steps.after(case, actor)
    return clicks.end(case, actor, key, "return")


@transaction.atomic
def terminate(actor: Actor, number: str, reason: str, *, revision: int | None = None, key: str = "") -> Case:
    """终止办理: the applicant has died or no longer exists, or there is nothing left to handle; with reasons."""
    case, done = clicks.begin(actor, number, revision, key, "terminate")
    if done:
        return case
    text = cases_read.checked_reason(reason)
    case.decision_reason = text
    cases.move(case=case, event=CaseEvent.TERMINATE, actor=actor, reason=text)
    cases.issue_termination(case, actor)
    cases.stop_procedures(cases=[case])
    approvals.cancel_open(reference=cases.reference_of(case))
    message_texts.terminated(case)
    bundle_steps.after(case, actor)
    return clicks.end(case, actor, key, "terminate")


@transaction.atomic
def take(actor: Actor, task_id: int) -> Task:
    """Take a task so that colleagues see who works on it."""
    case, task = _lock_task(actor, task_id)
    approvals.take_task(task=task, actor=actor)
    stages.begin_review(case, task, actor)
    return task


@transaction.atomic
def finish_task(
    actor: Actor,
    task_id: int,
    *,
    outcome: TaskOutcome,
    opinion: str = "",
    answers: list[dict[str, object]] | None = None,
    key: str = "",
) -> Task:
    """Finish a review or a check; when the stage is complete the next one opens."""
    case, task = _lock_task(actor, task_id)
    # The outcome is a part of the name: the same page's other button is another command.
    name = f"finish_task-{outcome}"
    if cases.is_done(key=key, name=name, actor=actor, number=case.number):
        return task
    if task.kind not in ANSWERED:
        raise CaseMoveNotPossible("这项待办不能这样办结。", hint="请在办件页面使用对应的按钮。")
    countersign.check_other(task, actor)
    countersign.check_signed(case, task)
    text = cases_read.checked_opinion(opinion, outcome)
    _check_agreement(case, task, outcome, text)
    approvals.finish_task(task=task, actor=actor, outcome=outcome, opinion=text, answers=answers)
    stages.begin_review(case, task, actor)
    cases.record_check(case, task, actor)
    records.after_late_answer(case, task)
    fall_back.after_check(case, task, actor)
    cases.record_task_done(case=case, task=task, actor=actor)
    stages.open_next(case, actor)
    cases.remember_done(key=key, name=name, actor=actor, number=case.number)
    return task


@transaction.atomic
def decide(
    actor: Actor,
    number: str,
    *,
    is_granted: bool,
    reason: str = "",
    revision: int | None = None,
    key: str = "",
) -> Case:
    """决定: grant, or refuse with reasons; the certificate follows in this transaction, its PDF later."""
    name = "grant" if is_granted else "refuse"
    case, done = clicks.begin(actor, number, revision, key, name)
    if done:
        return case
    cases_read.check_decidable(case, is_granted=is_granted)
    stand_in.check_separate(case, actor)
    text = _checked_decision(case, reason, is_granted=is_granted)
    event = CaseEvent.GRANT if is_granted else CaseEvent.REFUSE
    if is_granted:
        founding.register(case)
    case.decision_reason = text
    cases.move(case=case, event=event, actor=actor, reason=text)
    cases.issue_decision(case, actor, is_granted=is_granted)
    clicks.finish(case, TaskKind.DECIDE, actor, event)
    # An extension that nobody has approved is no longer asked for.
    clicks.finish(case, TaskKind.EXTEND, actor, event)
    cases.stop_procedures(cases=[case])
    if is_granted:
        deliver.certify(case, actor)
        prove.keep_for_later(case)
        promises.schedule(case)
    until = bundle_holds.holds(case) if is_granted else None
    if until is None:
        deliver.issue(case, actor, is_granted=is_granted)
    else:
        message_texts.held(case, until)
    bundle_steps.after(case, actor)
    return clicks.end(case, actor, key, name)


def _checked_decision(case: Case, reason: str, *, is_granted: bool) -> str:
    """Why; a grant says it only where a department has said 不符 and another proof was believed."""
    if is_granted and not cases_read.needs_words(approvals_read.tasks_of(cases.reference_of(case))):
        return cases_read.checked_words(reason)
    return cases_read.checked_reason(reason)


def _check_agreement(case: Case, task: Task, outcome: TaskOutcome, opinion: str) -> None:
    """Who agrees although a check says 不符合 says why."""
    if opinion or task.kind != TaskKind.REVIEW or outcome != TaskOutcome.CONFORMS:
        return
    for other in approvals_read.tasks_of(cases.reference_of(case)):
        if (
            other.kind == TaskKind.CHECK
            and other.state == TaskState.DONE
            and other.outcome == TaskOutcome.DEVIATES
        ):
            raise Invalid.of_fields({"opinion": f"{other.name}的结论是“不符合”，同意的请写明意见。"})


def _lock_task(actor: Actor, task_id: int) -> tuple[Case, Task]:
    number = approvals_read.reference_number_of(task_id)
    case = cases.lock_case(number=number, actor=actor)
    recusal.check(actor, case.party_id)
    return case, approvals.lock_task(task_id=task_id, actor=actor)
