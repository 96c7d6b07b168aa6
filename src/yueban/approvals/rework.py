"""退回与收回: a finished step is worked anew in a row of its own; what does not depend on it stays finished."""

from collections.abc import Iterable

from yueban.agencies import selectors as agencies
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.errors import NextStepBegan, NothingToReturn
from yueban.approvals.models import Task
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference

# Steps with an opinion that can be asked for again.
REWORKED = frozenset({TaskKind.REVIEW, TaskKind.CHECK, TaskKind.COUNTERSIGN, TaskKind.INSPECT})
# What follows one another by stages; a supervisor's question, a payment and the like stand beside it.
ROUTE = REWORKED | {TaskKind.NOTICE, TaskKind.OBJECTION, TaskKind.DECIDE}
_COPIED = (
    *("reference_kind", "reference_number", "key", "kind", "stage", "name", "title", "applicant_name"),
    *("checks", "agency_id", "role", "division_code", "days", "group"),
)


def send_back(*, task: Task, actor: Actor, words: str) -> Task:
    """Work a finished step anew: it opens for whoever did it, and every step after it waits again.

    The caller has locked the subject and knows that the actor holds a later step.
    """
    if task.state != TaskState.DONE or task.kind not in REWORKED:
        raise NothingToReturn("这个环节现在不能退回。", hint="只能退回已经办完的环节，请刷新页面查看。")
    _wait_again(_after(task), actor)
    return _anew(task, actor, words, holder=_still_holder(task))


def take_back(*, task: Task, actor: Actor) -> Task:
    """收回意见: one's own opinion, until somebody has begun the next step."""
    if task.state != TaskState.DONE or task.kind not in REWORKED:
        raise NothingToReturn("这项意见现在不能收回。", hint="请刷新页面查看最新进度。")
    if actor.user_id not in (task.done_by_id, task.done_for_id):
        raise NothingToReturn("只能收回自己的意见。", hint="需要对方改意见的，请用“退回”。")
    later = _after(task)
    if any(has_begun(one) for one in later):
        raise NextStepBegan("下一步已经有人在办，不能再收回。", hint="请联系下一步的承办人，由他退回给您。")
    _wait_again(later, actor)
    return _anew(task, actor, "", holder=task.done_for_id or task.done_by_id)


def _after(task: Task) -> list[Task]:
    rows = Task.objects.filter(
        reference_kind=task.reference_kind,
        reference_number=task.reference_number,
        stage__gt=task.stage,
        kind__in=ROUTE,
        state__in=[TaskState.OPEN, TaskState.WAITING, TaskState.DONE],
    )
    return list(rows.select_for_update().order_by("stage", "pk"))


def has_begun(task: Task) -> bool:
    """Whether somebody works, or has worked, on this step of a route; a running notice counts."""
    if task.kind not in ROUTE:
        return False
    if task.state == TaskState.DONE:
        return True
    is_open = task.state == TaskState.OPEN
    return is_open and (task.taken_by_id is not None or task.kind == TaskKind.NOTICE)


def _wait_again(rows: Iterable[Task], actor: Actor) -> None:
    """Finished ones are repeated later in a row of their own; open ones forget that they were taken."""
    changed, again = [], []
    for task in rows:
        if task.state == TaskState.DONE and task.kind != TaskKind.OBJECTION:
            task.state = TaskState.RETURNED
            again.append(_copy(task, sent_by_id=actor.user_id))
            changed.append(task)
        elif task.state == TaskState.OPEN:
            task.state, task.taken_by_id, task.taken_at = TaskState.WAITING, None, None
            task.opened_at, task.due_on = None, None
            changed.append(task)
    for task in changed:
        task.revision += 1
    Task.objects.bulk_update(changed, ["state", "taken_by", "taken_at", "opened_at", "due_on", "revision"])
    Task.objects.bulk_create(again)


def _anew(task: Task, actor: Actor, words: str, *, holder: int | None) -> Task:
    task.state = TaskState.RETURNED
    task.revision += 1
    task.save(update_fields=["state", "revision"])
    opened = _copy(task, sent_by_id=actor.user_id, sent_words=words)
    opened.state, opened.opened_at = TaskState.OPEN, clock.now()
    if task.days:
        opened.due_on = divisions.add_workdays(clock.today(), task.days, task.division_code)
    if holder is not None:
        opened.taken_by_id, opened.taken_at = holder, clock.now()
    opened.save()
    return opened


def _copy(task: Task, **fields: object) -> Task:
    kept = {name: getattr(task, name) for name in _COPIED}
    return Task(**kept, state=TaskState.WAITING, returned_from=task, **fields)


def _still_holder(task: Task) -> int | None:
    """Whoever did it does it again, where he still holds the post; else anybody of the post."""
    user_id = task.done_for_id or task.done_by_id
    if user_id is None:
        return None
    return user_id if agencies.is_held(user_id, task.role, task.agency.code, task.division_code) else None


def lock_route(*, reference: Reference) -> list[Task]:
    """Every task of a thing, locked in one order; the caller has locked the thing itself."""
    rows = Task.objects.filter(reference_kind=reference.kind, reference_number=reference.number)
    rows = rows.select_related("agency", "done_by", "done_for", "taken_by").order_by("stage", "pk")
    return list(rows.select_for_update(of=("self",)))
