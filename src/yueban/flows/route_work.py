"""环节流转: hand a task on, send a step back, take one's own opinion back; nobody else's finished work is lost."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.flows import recusal
from yueban.flows.stand_in import headed_agencies
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed

HANDED, RETURNED, TAKEN_BACK = "handed_on", "step_returned", "opinion_taken_back"
HANDED_ON = frozenset(
    {TaskKind.REVIEW, TaskKind.CHECK, TaskKind.DECIDE, TaskKind.COUNTERSIGN, TaskKind.INSPECT}
)


def colleagues_for(task: Task, actor: Actor) -> list[User]:
    """Who holds the very post of the task, whoever has it now left out."""
    holder = task.taken_by_id or actor.user_id
    held = agencies.staff_at(task.agency.code, [task.role])
    return [
        user
        for user in held
        if user.pk != holder and agencies.is_held(user.pk, task.role, task.agency.code, task.division_code)
    ]


def offices_for(task: Task) -> list[Agency]:
    """The offices of the same family that do this work; a check stays with offices of its kind."""
    near = agencies.offices_near(task.agency, task.role)
    return [one for one in near if task.kind != TaskKind.CHECK or one.kind == task.agency.kind]


@transaction.atomic
def hand_on(
    actor: Actor, task_id: int, *, user_id: int = 0, office: str = "", reason: str, key: str = ""
) -> Task:
    """转办: to a colleague, or to another office of the agency, with the reason; raises Invalid by field."""
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    task = next(one for one in approvals.lock_route(reference=cases.reference_of(case)) if one.pk == task_id)
    if cases.is_done(key=key, name=HANDED, actor=actor, number=case.number):
        return task
    check_may_hand(actor, task)
    words = cases_read.checked_reason(reason)
    if office:
        to = next((one for one in offices_for(task) if one.code == office), None)
        if to is None:
            raise Invalid.of_fields({"to": "请选择能办这项待办的科室或单位。"})
        approvals.hand_to_office(task=task, actor=actor, words=words, agency=to)
        name = to.name
    else:
        person = next((one for one in colleagues_for(task, actor) if one.pk == user_id), None)
        if person is None:
            raise Invalid.of_fields({"to": "请选择同一岗位的同事。"})
        approvals.hand_to(task=task, actor=actor, words=words, user_id=person.pk)
        name = person.name
    data = {"name": task.name, "agency": task.agency.name, "to": name, "reason": words}
    return _recorded(case, task, actor, kind=HANDED, data=data, key=key)


def check_may_hand(actor: Actor, task: Task) -> None:
    """Whoever has it in hand, anybody of the post while it is free, and the head of the office."""
    is_head = task.agency.code in headed_agencies(actor)
    if task.state != TaskState.OPEN or task.kind not in HANDED_ON:
        raise CaseMoveNotPossible("这项待办现在不能转办。", hint="请刷新页面查看最新进度。")
    if not is_head and not approvals_read.is_open_to(actor, task):
        raise NotAllowed("这项待办不在您手里，不能转办。", hint="请由接办的同事或本单位负责人转办。")


def returnable(tasks: Sequence[Task], actor: Actor) -> list[Task]:
    """The finished steps that lie before an open one of this person."""
    mine = [task for task in tasks if task.kind in _SENDING and approvals_read.is_open_to(actor, task)]
    latest = max((task.stage for task in mine), default=0)
    return [
        task
        for task in tasks
        if task.state == TaskState.DONE and task.kind in approvals_read.REWORKED and task.stage < latest
    ]


_SENDING = frozenset(
    {TaskKind.REVIEW, TaskKind.CHECK, TaskKind.DECIDE, TaskKind.COUNTERSIGN, TaskKind.INSPECT}
)


@transaction.atomic
def send_back(
    actor: Actor, number: str, task_id: int, *, reason: str, revision: int | None = None, key: str = ""
) -> Task:
    """退回: an earlier step is worked anew with these words; steps beside it keep what they found."""
    case = cases.lock_case(number=number, actor=actor)
    route = approvals.lock_route(reference=cases.reference_of(case))
    if cases.is_done(key=key, name=RETURNED, actor=actor, number=number):
        return next(task for task in route if task.returned_from_id == task_id)
    recusal.check(actor, case.party_id)
    cases.check_revision(case=case, revision=revision)
    words = cases_read.checked_reason(reason)
    task = next((one for one in returnable(route, actor) if one.pk == task_id), None)
    if task is None:
        raise Invalid.of_fields({"task": "请选择要退回的环节：已经办完、在您这一步之前的。"})
    opened = approvals.send_back(task=task, actor=actor, words=words)
    cases.forget_check(case, task)
    data = {"name": task.name, "agency": task.agency.name, "reason": words}
    return _back_to_review(case, opened, actor, kind=RETURNED, data=data, key=key)


@transaction.atomic
def take_back(actor: Actor, task_id: int, *, key: str = "") -> Task:
    """收回意见: one's own, until somebody has begun the next step."""
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    route = approvals.lock_route(reference=cases.reference_of(case))
    task = next(one for one in route if one.pk == task_id)
    if cases.is_done(key=key, name=TAKEN_BACK, actor=actor, number=case.number):
        return next(one for one in route if one.returned_from_id == task_id)
    opened = approvals.take_back(task=task, actor=actor)
    cases.forget_check(case, task)
    data = {"name": task.name, "agency": task.agency.name}
    return _back_to_review(case, opened, actor, kind=TAKEN_BACK, data=data, key=key)


def can_take_back(tasks: Sequence[Task], actor: Actor) -> list[Task]:
    """Own opinions that no later step has begun to build upon."""
    own = [
        task
        for task in tasks
        if task.state == TaskState.DONE
        and task.kind in approvals_read.REWORKED
        and actor.user_id in (task.done_by_id, task.done_for_id)
    ]
    begun = [task.stage for task in tasks if approvals_read.has_begun(task)]
    return [task for task in own if not any(stage > task.stage for stage in begun)]


def _back_to_review(
    case: Case, opened: Task, actor: Actor, *, kind: str, data: dict[str, str], key: str
) -> Task:
    if case.state == CaseState.DECIDING:
        cases.move(case=case, event=CaseEvent.SEND_BACK, actor=actor)
    return _recorded(case, opened, actor, kind=kind, data=data, key=key)


def _recorded(case: Case, task: Task, actor: Actor, *, kind: str, data: dict[str, str], key: str) -> Task:
    audit.record(cases.reference_of(case), kind, actor=actor, data=dict(data))
    cases.touch(case=case)
    cases.remember_done(key=key, name=kind, actor=actor, number=case.number)
    return task


def tasks_to_hand(actor: Actor, numbers: Iterable[int]) -> list[Task]:
    """Those that were ticked and that he may hand on: of his inbox, or of the office he leads."""
    wanted = list(numbers)
    mine = approvals_read.inbox(actor).filter(pk__in=wanted)
    led = approvals_read.open_tasks_at(headed_agencies(actor)).filter(pk__in=wanted)
    found = {task.pk: task for task in (*mine, *led)} if wanted else {}
    if not found:
        raise Invalid.of_fields({"tasks": "请至少勾选一件。刚才选的可能已经办完。"})
    return [found[number] for number in sorted(found)]
