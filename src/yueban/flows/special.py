"""特别程序与延长: time that is not counted, told in writing with its length; and the one extension of the limit."""

from django.db import transaction

from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.services import TaskPlan
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case, SpecialProcedure
from yueban.clocks.choices import ClockKind
from yueban.flows import clicks, message_texts, stages, stand_in, turn_messages
from yueban.kernel import roles
from yueban.kernel.actor import Actor

APPROVE_WITHIN_DAYS = 2


@transaction.atomic
def suspend(
    actor: Actor,
    number: str,
    *,
    name: str,
    reason: str,
    days: str,
    basis: str = "",
    revision: int | None = None,
    key: str = "",
) -> Case:
    """开始特别程序: the clocks stand still; name, reason, rule and planned days go to the applicant in writing."""
    case, done = clicks.begin(actor, number, revision, key, "suspend")
    if done:
        return case
    plan = cases_read.checked_plan(case, name=name, reason=reason, basis=basis, days=days)
    cases.move_within(
        case=case,
        event=CaseEvent.SUSPEND,
        actor=actor,
        limits={ClockKind.SPECIAL: plan.limit},
        **plan.told(case),
    )
    procedure = cases.begin_procedure(
        case=case, actor=actor, name=plan.name, reason=plan.reason, basis=plan.basis, days=plan.days
    )
    begun(case, procedure, actor)
    return clicks.end(case, actor, key, "suspend")


def begun(case: Case, procedure: SpecialProcedure, actor: Actor) -> None:
    """The notice to the applicant, and the work of ending it in time."""
    cases.issue_special_notice(case, procedure, actor)
    plan_beside(case, TaskKind.SPECIAL, f"结束{procedure.name}", roles.REVIEWER, procedure.planned_days)
    turn_messages.suspended(case, procedure)


def plan_beside(case: Case, kind: TaskKind, name: str, role: str, days: int) -> None:
    """A task of the deciding agency that stands beside the route."""
    plan = TaskPlan(
        key=f"{kind}-{case.revision}",
        kind=kind,
        name=name[:100],
        agency_id=case.agency_id,
        role=role,
        days=days,
    )
    approvals.plan_tasks(subject=message_texts.subject_of(case), plans=[plan], open_stage=0)


@transaction.atomic
def resume(
    actor: Actor, number: str, *, result: str, opinion: str, revision: int | None = None, key: str = ""
) -> Case:
    """结束特别程序: with its result and an opinion; the limits count on where they stood."""
    case, done = clicks.begin(actor, number, revision, key, "resume")
    if done:
        return case
    said = cases_read.checked_ending(result, opinion)
    procedure = cases_read.running_procedure(case)
    if procedure is None:
        raise CaseMoveNotPossible("现在没有进行中的特别程序，可能已经结束。", hint="请刷新页面看最新进度。")
    cases_read.check_hearing_held(procedure)
    over = cases_read.overrun(procedure)
    told = {"name": procedure.name, "result": said.result, "opinion": said.opinion, "overrun": over}
    cases.move(case=case, event=CaseEvent.RESUME, actor=actor, **told)
    cases.end_procedure(procedure=procedure, actor=actor, result=said.result, opinion=said.opinion)
    clicks.finish(case, TaskKind.SPECIAL, actor, CaseEvent.RESUME)
    turn_messages.resumed(case, procedure)
    stages.open_next(case, actor)
    return clicks.end(case, actor, key, "resume")


@transaction.atomic
def ask_extension(
    actor: Actor, number: str, reason: str, *, revision: int | None = None, key: str = ""
) -> Case:
    """申请延长: a reviewer asks the head of the agency for the one extension."""
    case, done = clicks.begin(actor, number, revision, key, "ask_extension")
    if done:
        return case
    cases_read.check_works_for_agency(case, actor)
    text = cases_read.checked_reason(reason)
    extension = cases_read.check_extension(case)
    days = extension.limit.amount
    cases.ask_extension(case=case, actor=actor, reason=text, days=days, basis=extension.basis)
    audit.record(
        cases.reference_of(case), "extension_asked", actor=actor, data={"reason": text, "days": days}
    )
    plan_beside(case, TaskKind.EXTEND, "批准延长办理期限", roles.DECIDER, APPROVE_WITHIN_DAYS)
    return clicks.end(case, actor, key, "ask_extension")


@transaction.atomic
def extend(
    actor: Actor, number: str, reason: str = "", *, revision: int | None = None, key: str = ""
) -> Case:
    """批准延长: once, by the decider; the reason is told to the applicant (art. 42)."""
    case, done = clicks.begin(actor, number, revision, key, "extend")
    if done:
        return case
    asked = cases_read.asked_extension(case)
    stand_in.check_separate(case, actor)
    stand_in.check_not_asked_by_himself(
        actor, asked.asked_by_id if asked else None, roles.DECIDER, case.agency.code
    )
    text = cases_read.checked_reason(reason or (asked.reason if asked else ""))
    extension = cases_read.check_extension(case)
    days = extension.limit.amount
    cases.move(case=case, event=CaseEvent.EXTEND, actor=actor, reason=text, days=days, basis=extension.basis)
    procedure = asked or cases.ask_extension(
        case=case, actor=actor, reason=text, days=days, basis=extension.basis
    )
    cases.approve_extension(procedure=procedure, actor=actor, reason=text)
    cases.issue_extension(case, text, actor)
    clicks.finish(case, TaskKind.EXTEND, actor, CaseEvent.EXTEND)
    turn_messages.extended(case)
    return clicks.end(case, actor, key, "extend")


@transaction.atomic
def refuse_extension(
    actor: Actor, number: str, opinion: str, *, revision: int | None = None, key: str = ""
) -> Case:
    """不批准延长: the limit stays as it is."""
    case, done = clicks.begin(actor, number, revision, key, "refuse_extension")
    if done:
        return case
    cases_read.check_move(case, CaseEvent.EXTEND, actor)
    text = cases_read.checked_reason(opinion)
    asked = cases_read.asked_extension(case)
    if asked is None:
        raise CaseMoveNotPossible("没有等待批准的延长申请。", hint="请刷新页面看最新进度。")
    cases.refuse_extension(procedure=asked, actor=actor, opinion=text)
    audit.record(cases.reference_of(case), "extension_refused", actor=actor, data={"reason": text})
    clicks.finish(case, TaskKind.EXTEND, actor, CaseEvent.EXTEND)
    return clicks.end(case, actor, key, "refuse_extension")
