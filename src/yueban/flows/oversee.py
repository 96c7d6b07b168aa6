"""督办: a supervisor presses, the agency answers, the supervisor strikes it off; he sees and asks, never decides."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.audit import selectors as audit_read
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.flows import message_texts
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, Invalid, NotAllowed

PRESS, ANSWER, CLOSE = "oversee", "oversee_answered", "oversee_closed"
ANSWER_WITHIN_DAYS = 3
STAGE = 99


class OversightOpen(Conflict):
    """There is one under way already, or none to strike off."""

    code = "oversight.state"


@dataclass(frozen=True)
class Oversight:
    """Where the pressing of a case stands: asked, answered, or struck off."""

    state: str
    note: str
    by: str
    at: datetime
    agency: str
    answer: str = ""
    answered_by: str = ""
    due_on: date | None = None


def find(case: Case) -> Oversight | None:
    """The last one of this case."""
    found: Oversight | None = None
    for event in audit_read.events_of(cases.reference_of(case)).filter(kind__in=[PRESS, ANSWER, CLOSE]):
        data = event.data
        if event.kind == PRESS:
            due = date.fromisoformat(data["due_on"]) if data.get("due_on") else None
            found = Oversight(PRESS, data["note"], event.actor["name"], event.at, data["agency"], due_on=due)
        elif found is not None:
            said = data.get("answer", found.answer)
            who = event.actor["name"] if event.kind == ANSWER else found.answered_by
            found = Oversight(
                event.kind, found.note, found.by, found.at, found.agency, said, who, found.due_on
            )
    return found


@transaction.atomic
def press(actor: Actor, number: str, note: str, *, key: str = "") -> Case:
    """A note to the agency that has the case on its desk, with three working days to answer."""
    case = _supervised(actor, number)
    if cases.is_done(key=key, name=PRESS, actor=actor, number=number):
        return case
    text = _words(note, "note", "请写明督办什么、希望怎么办。")
    standing = find(case)
    if standing is not None and standing.state != CLOSE:
        raise OversightOpen("这件办件已经在督办。", hint="请等承办单位反馈；反馈后先销号，再发新的督办。")
    reference = cases.reference_of(case)
    waiting = approvals_read.tasks_of(reference).filter(state=TaskState.OPEN).first()
    agency = waiting.agency if waiting is not None else case.agency
    (task,) = approvals.plan_tasks(
        subject=message_texts.subject_of(case),
        plans=[
            approvals.TaskPlan(
                key=f"oversee-{case.revision}",
                kind=TaskKind.OVERSEE,
                name="督办反馈",
                agency_id=agency.pk,
                division_code=waiting.division_code if waiting is not None else "",
                role=waiting.role if waiting is not None else roles.REVIEWER,
                stage=STAGE,
                days=ANSWER_WITHIN_DAYS,
            )
        ],
        open_stage=STAGE,
    )
    due = task.due_on.isoformat() if task.due_on else ""
    audit.record(
        reference, PRESS, actor=actor, data={"note": text, "agency": agency.short_name, "due_on": due}
    )
    cases.remember_done(key=key, name=PRESS, actor=actor, number=number)
    return case


@transaction.atomic
def answer(actor: Actor, task_id: int, text: str, *, key: str = "") -> Case:
    """反馈: what the agency has done or will do."""
    number = approvals_read.reference_number_of(task_id)
    case = cases.lock_case(number=number, actor=actor)
    if cases.is_done(key=key, name=ANSWER, actor=actor, number=number):
        return case
    said = _words(text, "opinion", "请写明办到哪一步、什么时候办好。")
    task = approvals.lock_task(task_id=task_id, actor=actor)
    if task.kind != TaskKind.OVERSEE:
        raise OversightOpen("这项待办不是督办。", hint="请在办件页面使用对应的按钮。")
    approvals.finish_task(task=task, actor=actor, outcome=TaskOutcome.DONE, opinion=said)
    reference = cases.reference_of(case)
    audit.record(reference, ANSWER, actor=actor, data={"answer": said, "agency": task.agency.short_name})
    cases.remember_done(key=key, name=ANSWER, actor=actor, number=number)
    return case


@transaction.atomic
def close(actor: Actor, number: str, *, key: str = "") -> Case:
    """销号: the answer is enough."""
    case = _supervised(actor, number)
    if cases.is_done(key=key, name=CLOSE, actor=actor, number=number):
        return case
    standing = find(case)
    if standing is None or standing.state != ANSWER:
        raise OversightOpen("现在没有可以销号的督办。", hint="承办单位反馈后才能销号，请刷新页面查看。")
    audit.record(cases.reference_of(case), CLOSE, actor=actor)
    cases.remember_done(key=key, name=CLOSE, actor=actor, number=number)
    return case


def _supervised(actor: Actor, number: str) -> Case:
    case = cases.lock_case(number=number, actor=actor)
    if not actor.has_role(roles.SUPERVISOR):
        raise NotAllowed("督办由监督人员发起。", hint="请用监督岗位的账号登录。")
    return case


def _words(text: str, name: str, missing: str) -> str:
    said = cases_read.checked_words(text)
    if not said:
        raise Invalid.of_fields({name: missing})
    return said
