"""告知承诺的事后核查: scheduled with the grant; a false promise is written down and bars from promising."""

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.certificates import selectors as certificates_read
from yueban.certificates import services as certificates
from yueban.flows import message_texts
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid

STAGE = 95
KEPT, FALSE = "promise_kept", "promise_false"
PREFIX = "aftercheck-"


def schedule(case: Case) -> list[Task]:
    """A task with a day for each promise of a case that was granted."""
    days = certificates_read.city_ladder().promise.check_days
    standing = list(certificates_read.promises_of(cases.reference_of(case)))
    tasks = approvals.plan_tasks(
        subject=message_texts.subject_of(case),
        plans=[
            approvals.TaskPlan(
                key=f"{PREFIX}{row.number}",
                kind=TaskKind.AFTERCHECK,
                name=f"核查承诺：{row.material_name}"[:100],
                agency_id=case.agency_id,
                role=roles.REVIEWER,
                stage=STAGE,
                days=days,
                checks=[row.text],
            )
            for row in standing
        ],
        open_stage=STAGE,
    )
    for row, task in zip(standing, tasks, strict=True):
        certificates.schedule_promise_check(row, due_on=task.due_on)
    return tasks


@transaction.atomic
def finish(actor: Actor, task_id: int, *, is_kept: bool, finding: str, key: str = "") -> Task:
    """What the check found; a false promise bars the party, and the decider may take the result back."""
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    name = KEPT if is_kept else FALSE
    task = approvals.lock_task(task_id=task_id, actor=actor)
    if cases.is_done(key=key, name=name, actor=actor, number=case.number):
        return task
    if task.kind != TaskKind.AFTERCHECK:
        raise CaseMoveNotPossible("这项待办不是承诺的核查。", hint="请在办件页面使用对应的按钮。")
    said = cases_read.checked_words(finding)
    if not said:
        raise Invalid.of_fields({"opinion": "请写明怎么核查的、查到了什么。"})
    promise = certificates_read.get_promise(task.key.removeprefix(PREFIX))
    outcome = TaskOutcome.CONFORMS if is_kept else TaskOutcome.DEVIATES
    approvals.finish_task(task=task, actor=actor, outcome=outcome, opinion=said)
    barred = certificates.record_promise_check(promise, is_kept=is_kept, finding=said)
    data = {"name": promise.material_name, "promise": promise.number, "reason": said}
    audit.record(cases.reference_of(case), name, actor=actor, data=data)
    cases.touch(case=case)
    if barred is not None:
        message_texts.tell(
            case,
            f"promise-{promise.number}",
            "承诺经核查不实",
            f"您在“{case.item_name}”中承诺的内容经核查不实：{said}在信用修复以前不能再用承诺办事；办理结果可能被撤销。"[
                :500
            ],
        )
    cases.remember_done(key=key, name=name, actor=actor, number=case.number)
    return task
