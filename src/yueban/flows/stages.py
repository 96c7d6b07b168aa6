"""环节: what happens by itself when a stage of a case's route opens: a notice is published, a decision is due."""

from collections.abc import Iterable, Sequence

from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState
from yueban.cases.models import Case
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.flows import message_texts, pay, systems
from yueban.kernel.actor import Actor

PAUSED = [ClockKind.PROMISE, ClockKind.STATUTORY]


def open_routes(accepted: Sequence[Case], actor: Actor) -> None:
    """Accepted cases begin their routes: the tasks of the first stage are open at once, in parallel.

    A case that runs in another system has one task instead: somebody types it in there.
    """
    plans = cases.task_plans_many(accepted)
    keys = {case.item_version.item.key for case in accepted}
    running = {key: systems.system_of(key) for key in keys}
    for case in accepted:
        system = running[case.item_version.item.key]
        if system is not None:
            plans[case.number] = [cases_read.relay_plan(case, f"填报{system.name}")]
    routes = [(message_texts.subject_of(case), plans[case.number]) for case in accepted]
    tasks: dict[str, list[Task]] = {}
    for task in approvals.plan_routes(routes):
        tasks.setdefault(task.reference_number, []).append(task)
    for case in accepted:
        begin(case, tasks.get(case.number, []), actor)


def open_next(case: Case, actor: Actor) -> list[Task]:
    """Open the next stage when nothing of this one is left; while a special procedure runs, nothing goes on."""
    if case.state == CaseState.SUSPENDED:
        return []
    opened = approvals.open_next_stage(reference=cases.reference_of(case))
    begin(case, opened, actor)
    return opened


def begin(case: Case, tasks: Iterable[Task], actor: Actor) -> None:
    """What the open ones among these tasks bring about: only they, a waiting task waits for its stage.

    A case that still owes materials waits for them before it is decided.
    """
    for task in [task for task in tasks if task.state == TaskState.OPEN]:
        if task.kind == TaskKind.NOTICE:
            _publish(case, task, actor)
        elif task.kind == TaskKind.DECIDE and case.state != CaseState.TOLERATED:
            cases.move(case=case, event=CaseEvent.SEND_TO_DECISION, actor=actor)


WORKED = frozenset(
    {TaskKind.REVIEW, TaskKind.CHECK, TaskKind.COUNTERSIGN, TaskKind.INSPECT, TaskKind.RECORDS}
)


def begin_review(case: Case, task: Task, actor: Actor) -> None:
    """The first to work on a step begins the review of the case."""
    if case.state == CaseState.ACCEPTED and task.kind in WORKED:
        cases.move(case=case, event=CaseEvent.BEGIN_REVIEW, actor=actor)


def _publish(case: Case, task: Task, actor: Actor) -> None:
    lines = [*cases.notice_lines(case), *_payment_lines(case)]
    notice = approvals.publish_notice(task=task, title=f"{case.item_name}公示", lines=lines)
    reason = case.item_version.compiled.pauses_for_notice
    if reason is not None:
        clocks.pause_clocks(reference=cases.reference_of(case), kinds=PAUSED)
    data = {"notice": notice.number, "ends_on": notice.ends_on.isoformat(), "agency": notice.agency.name}
    audit.record(
        cases.reference_of(case),
        "notice_published",
        actor=actor,
        data=data | {"paused_because": reason or ""},
    )
    message_texts.published(case, notice)


def _payment_lines(case: Case) -> list[list[str]]:
    """The amount that would be paid: money of the public is told to the public."""
    rule = case.item_version.compiled.payment
    if rule is None:
        return []
    amount, _ = pay.planned_amount(case, rule)
    return [["拟支付金额", f"{amount} 元"]]
