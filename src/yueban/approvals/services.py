"""Writes of tasks. Callers lock the subject first and the task after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from yueban.approvals.choices import BESIDE_ROUTE, TaskKind, TaskOutcome, TaskState
from yueban.approvals.errors import TaskNotFound, TaskNotYours, TaskTaken
from yueban.approvals.handing import Signer as Signer
from yueban.approvals.handing import ask_signatures as ask_signatures
from yueban.approvals.handing import drop_signature as drop_signature
from yueban.approvals.handing import hand_to as hand_to
from yueban.approvals.handing import hand_to_office as hand_to_office
from yueban.approvals.inspections import add_photo as add_photo
from yueban.approvals.inspections import check_state as check_state
from yueban.approvals.inspections import confirm_inspection as confirm_inspection
from yueban.approvals.inspections import dispute_inspection as dispute_inspection
from yueban.approvals.inspections import lock_inspection as lock_inspection
from yueban.approvals.inspections import open_inspection as open_inspection
from yueban.approvals.inspections import remove_photo as remove_photo
from yueban.approvals.inspections import save_inspection as save_inspection
from yueban.approvals.inspections import sign_inspection as sign_inspection
from yueban.approvals.models import Task
from yueban.approvals.notices import end_notice as end_notice
from yueban.approvals.notices import lock_notice as lock_notice
from yueban.approvals.notices import may_end as may_end
from yueban.approvals.notices import object_to as object_to
from yueban.approvals.notices import publish_notice as publish_notice
from yueban.approvals.notices import suspend_notices_of
from yueban.approvals.phrases import add_phrase as add_phrase
from yueban.approvals.phrases import count_uses as count_uses
from yueban.approvals.phrases import remove_phrase as remove_phrase
from yueban.approvals.rework import lock_route as lock_route
from yueban.approvals.rework import send_back as send_back
from yueban.approvals.rework import take_back as take_back
from yueban.approvals.selectors import acting_for, may_do
from yueban.approvals.substitutes import end_substitution as end_substitution
from yueban.approvals.substitutes import name_substitute as name_substitute
from yueban.approvals.writing import insert_tasks, new_task
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference


@dataclass(frozen=True, kw_only=True)
class TaskPlan:
    """One step of a route bound to its agency. `days` are working days; 0 means no own limit.

    `division_code` says where the work lies, for posts that reach only a part of the agency's division;
    empty where the subject is decided.
    """

    key: str
    kind: str
    name: str
    agency_id: int
    role: str
    stage: int = 0
    days: int = 0
    division_code: str = ""
    checks: list[str] = field(default_factory=list)
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the tasks are about, as the inbox shows it."""

    reference: Reference
    title: str
    applicant_name: str
    division_code: str


def plan_tasks(*, subject: Subject, plans: Iterable[TaskPlan], open_stage: int) -> list[Task]:
    """Create all tasks of a route; those of `open_stage` are open at once, later ones wait."""
    tasks = [_task(subject, plan, is_open=plan.stage == open_stage) for plan in plans]
    _give_days(tasks)
    return insert_tasks(tasks)


def plan_routes(routes: Iterable[tuple[Subject, Sequence[TaskPlan]]]) -> list[Task]:
    """The routes of many things at once: the first stage of each is open."""
    tasks: list[Task] = []
    for subject, plans in routes:
        first = min((plan.stage for plan in plans), default=0)
        tasks += [_task(subject, plan, is_open=plan.stage == first) for plan in plans]
    _give_days(tasks)
    return insert_tasks(tasks)


def _task(subject: Subject, plan: TaskPlan, *, is_open: bool) -> Task:
    place = plan.division_code or subject.division_code
    return new_task(
        reference_kind=subject.reference.kind,
        reference_number=subject.reference.number,
        key=plan.key,
        kind=plan.kind,
        stage=plan.stage,
        name=plan.name,
        title=subject.title,
        applicant_name=subject.applicant_name,
        checks=plan.checks,
        agency_id=plan.agency_id,
        role=plan.role,
        division_code=place,
        days=plan.days,
        group=plan.group,
        state=TaskState.OPEN if is_open else TaskState.WAITING,
        opened_at=clock.now() if is_open else None,
    )


def _give_days(tasks: Iterable[Task]) -> None:
    """The last days of open tasks that have limits of their own; each division's calendar is asked for once."""
    timed = [task for task in tasks if task.state == TaskState.OPEN and task.days]
    if timed:
        calendars = divisions.work_calendars({task.division_code for task in timed})
        today = clock.today()
        for task in timed:
            task.due_on = calendars[task.division_code].add(today, task.days)


def open_next_stage(*, reference: Reference) -> list[Task]:
    """When nothing of the open stage is left, open the next waiting stage; returns what was opened."""
    route = _of(reference).exclude(kind__in=BESIDE_ROUTE)
    rows = list(route.filter(state__in=[TaskState.OPEN, TaskState.WAITING]).select_for_update())
    if any(task.state == TaskState.OPEN for task in rows) or not rows:
        return []
    stage = min(task.stage for task in rows)
    opened = [task for task in rows if task.stage == stage]
    for task in opened:
        task.state = TaskState.OPEN
        task.opened_at = clock.now()
        task.due_on = None
    _give_days(opened)
    Task.objects.bulk_update(opened, ["state", "opened_at", "due_on"])
    return opened


def lock_task(*, task_id: int, actor: Actor) -> Task:
    """The task, locked for this transaction, when the actor holds a post for it."""
    task = Task.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=task_id).first()
    if task is None:
        raise TaskNotFound("没有找到这项待办。", hint="它可能已经办结或转走，请回到待办列表。")
    if not may_do(actor, task):
        raise TaskNotYours("这项待办不属于您的岗位。", hint="请由承办单位对应岗位的人员办理。")
    return task


def take_task(*, task: Task, actor: Actor) -> Task:
    """Take an open task; taking one's own again changes nothing. A substitute takes it in his colleague's name."""
    _check_open(task)
    if task.taken_by_id not in (None, actor.user_id, *actor.stood_in_for):
        raise TaskTaken(
            "这项待办已由同事接办。", hint="请回到待办列表，看看下一件。", data={"by": _name(task)}
        )
    if task.taken_by_id is None:
        post = acting_for(actor, task)
        task.taken_by_id = post.stands_in_for if post else actor.user_id
        task.taken_at = clock.now()
        task.revision += 1
        task.save(update_fields=["taken_by", "taken_at", "revision"])
    return task


def finish_task(
    *,
    task: Task,
    actor: Actor,
    outcome: str,
    opinion: str = "",
    answers: list[dict[str, object]] | None = None,
) -> Task:
    """Finish an open task that nobody else holds."""
    take_task(task=task, actor=actor)
    task.state = TaskState.DONE
    task.outcome = outcome
    task.opinion = opinion
    task.answers = answers or []
    post = acting_for(actor, task)
    task.done_by_id, task.done_for_id = actor.user_id, post.stands_in_for if post else None
    task.done_at = clock.now()
    task.revision += 1
    task.save(update_fields=[*_FINISHED, "done_for"])
    return task


_FINISHED = ("state", "outcome", "opinion", "answers", "done_by", "done_at", "revision")


def finish_open_of_kind(
    *, reference: Reference, kind: TaskKind, actor: Actor, outcome: str, opinion: str = ""
) -> int:
    """Finish the open tasks of one kind, as a side effect of a transition that is their whole purpose."""
    rows = _of(reference).filter(kind=kind, state=TaskState.OPEN)
    return rows.update(
        state=TaskState.DONE,
        outcome=outcome,
        opinion=opinion,
        done_by_id=actor.user_id,
        done_for_id=_stood_in_for(rows, actor),
        done_at=clock.now(),
    )


def _stood_in_for(rows: QuerySet[Task], actor: Actor) -> int | None:
    """Whose post it is done in; asked only of those who stand in for somebody."""
    if not actor.stood_in_for:
        return None
    task = rows.select_related("agency").first()
    post = acting_for(actor, task) if task is not None else None
    return post.stands_in_for if post else None


def finish_many(*, kind: str, numbers: Iterable[str], kinds: Iterable[TaskKind], opinion: str) -> int:
    """Finish the open tasks of these kinds about many things, by nobody's hand: time did it."""
    rows = Task.objects.filter(
        reference_kind=kind, reference_number__in=list(numbers), kind__in=list(kinds), state=TaskState.OPEN
    )
    return rows.update(state=TaskState.DONE, outcome=TaskOutcome.DONE, opinion=opinion, done_at=clock.now())


def close_unanswered(tasks: Iterable[Task]) -> None:
    """Their last day is over and nobody answered: that is the answer, by nobody's hand."""
    rows = list(tasks)
    for task in rows:
        task.state, task.outcome, task.done_at = TaskState.DONE, TaskOutcome.UNANSWERED, clock.now()
        task.revision += 1
    Task.objects.bulk_update(rows, ["state", "outcome", "done_at", "revision"])


def cancel_many(*, kind: str, numbers: Sequence[str]) -> int:
    """Nothing more is to be done about these things; what was announced of them goes off the net."""
    suspend_notices_of(kind, numbers)
    rows = Task.objects.filter(reference_kind=kind, reference_number__in=numbers)
    return rows.filter(state__in=[TaskState.OPEN, TaskState.WAITING]).update(state=TaskState.CANCELLED)


def move_due(*, reference: Reference, kind: TaskKind, name: str, due_on: date | None) -> int:
    """The open task goes on as its next part, with a day of its own."""
    rows = _of(reference).filter(kind=kind, state=TaskState.OPEN)
    return rows.update(name=name, due_on=due_on)


def cancel_open(*, reference: Reference) -> int:
    """Nothing more is to be done about this subject; what was announced of it goes off the net."""
    return cancel_many(kind=reference.kind, numbers=[reference.number])


def _of(reference: Reference) -> QuerySet[Task]:
    return Task.objects.filter(reference_kind=reference.kind, reference_number=reference.number)


def _check_open(task: Task) -> None:
    if task.state != TaskState.OPEN:
        raise TaskTaken("这项待办已经办过了。", hint="请刷新页面查看最新进度。", data={"by": _name(task)})


def _name(task: Task) -> str:
    person = task.done_by or task.taken_by
    return person.name if person else ""


def lock_tasks(*, task_ids: Iterable[int]) -> list[Task]:
    """These tasks, locked for the transaction; the caller knows that he may."""
    return list(Task.objects.select_for_update().filter(pk__in=list(task_ids)).order_by("pk"))


def pass_task(*, task: Task, actor: Actor, to_user_id: int) -> Task:
    """Hand an open task that one has taken to a colleague, who thereby holds it."""
    _check_open(task)
    if task.taken_by_id != actor.user_id:
        raise TaskTaken(
            "这项待办不在您手里，不能移交。", hint="请刷新页面，只选您已接办的。", data={"by": _name(task)}
        )
    return _give_to(task, to_user_id)


def return_task(*, task: Task, from_user_id: int, to_user_id: int) -> Task:
    """Give a task back that was handed on and is still open in the colleague's hands."""
    _check_open(task)
    if task.taken_by_id != from_user_id:
        raise TaskTaken("这项待办已经换了人办。", hint="请刷新页面查看最新进度。", data={"by": _name(task)})
    return _give_to(task, to_user_id)


def _give_to(task: Task, user_id: int) -> Task:
    task.taken_by_id = user_id
    task.taken_at = clock.now()
    task.revision += 1
    task.save(update_fields=["taken_by", "taken_at", "revision"])
    return task


def move_open_tasks(*, old: str, new: str) -> int:
    """Tasks not done yet follow a division that was merged; how many."""
    waiting = (TaskState.OPEN, TaskState.WAITING)
    return Task.objects.filter(division_code=old, state__in=waiting).update(division_code=new)
