"""信息核查: departments say whether they hold records of an enterprise; one that is late keeps nobody waiting.

Its answer is then 到期未答复, which the report says; the department answers afterwards in a task of its own, and what
it says stands beside the report.
"""

from collections.abc import Sequence

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ENDED, CaseState
from yueban.cases.models import Case
from yueban.flows import message_texts, stages
from yueban.kernel.actor import SYSTEM

UNANSWERED = "records_unanswered"
STAGE = 96
LATE_DAYS = 5  # for the answer that follows the report


@transaction.atomic
def go_on_without(number: str) -> bool:
    """The departments whose day is over are written down as late, and the case goes on. False: nothing new."""
    case = next(iter(cases.lock_many([number])), None)
    if case is None or case.state in ENDED or case.state == CaseState.SUSPENDED:
        return False
    late = [task for task in approvals_read.tasks_of(cases.reference_of(case)) if _is_late(task)]
    if not late:
        return False
    locked = approvals.lock_tasks(task_ids=[task.pk for task in late])
    approvals.close_unanswered(locked)
    approvals.plan_tasks(subject=message_texts.subject_of(case), plans=_plans(late), open_stage=STAGE)
    names = [task.agency.short_name for task in late]
    data = {"agencies": names, "reason": f"{'、'.join(names)}到期没有答复"}
    audit.record(cases.reference_of(case), UNANSWERED, actor=SYSTEM, data=data)
    cases.touch(case=case)
    stages.open_next(case, SYSTEM)
    return True


def _is_late(task: Task) -> bool:
    return task.kind == TaskKind.RECORDS and approvals_read.is_overdue(task)


def _plans(late: Sequence[Task]) -> list[approvals.TaskPlan]:
    return [
        approvals.TaskPlan(
            key=f"{cases_read.LATE_PREFIX}{task.key}"[:60],
            kind=TaskKind.LATE,
            name=f"补充答复：{task.name}"[:100],
            agency_id=task.agency_id,
            role=task.role,
            stage=STAGE,
            division_code=task.division_code,
            days=LATE_DAYS,
            checks=list(task.checks),
        )
        for task in late
    ]


def after_late_answer(case: Case, task: Task) -> None:
    """The applicant is told what a late department has said, beside the report that went on without it."""
    if task.kind != TaskKind.LATE:
        return
    message_texts.tell(
        case,
        f"late-{task.pk}",
        "补充答复到了",
        f"“{case.item_name}”里{task.agency.short_name}到期没有答复，现在答复：{task.get_outcome_display()}。"
        "答复写在办件页面的核查结果里。",
    )
