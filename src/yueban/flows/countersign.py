"""会签: several colleagues or offices sign beside a review or a decision; all must, each reads the others' words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.errors import SignaturesMissing
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.flows import recusal
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed

ASKED = "countersign_asked"
DROPPED = "countersign_dropped"
MOST = 12
DAYS = range(1, 11)
SIGNING = (roles.REVIEWER, roles.DECIDER, roles.CHECKER)


@dataclass(frozen=True)
class Choices:
    """Who can be asked: colleagues of the own agency by name, other agencies of the division as such."""

    people: tuple[User, ...]
    agencies: tuple[Agency, ...]


def choices_for(actor: Actor, task: Task) -> Choices:
    """Everybody who can be asked beside this task."""
    people = agencies.staff_at(task.agency.code, SIGNING)
    others = agencies.agencies_with(roles.REVIEWER, task.agency.division.code)
    return Choices(
        tuple(user for user in people if user.pk != actor.user_id),
        tuple(agency for agency in others if agency.pk != task.agency_id),
    )


@transaction.atomic
def ask(
    actor: Actor,
    task_id: int,
    *,
    people: Sequence[int],
    offices: Sequence[str],
    words: str,
    days: int = 2,
    key: str = "",
) -> list[Task]:
    """Ask for signatures beside an own open review or decision; raises Invalid by field."""
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    if cases.is_done(key=key, name=ASKED, actor=actor, number=case.number):
        return []
    recusal.check(actor, case.party_id)
    task = approvals.lock_task(task_id=task_id, actor=actor)
    if task.kind not in (TaskKind.REVIEW, TaskKind.DECIDE) or not approvals_read.is_open_to(actor, task):
        raise NotAllowed("只有正在审查或决定的人可以发起会签。", hint="请刷新页面查看这件办件到了哪一步。")
    text = cases_read.checked_words(words)
    signers = _signers(actor, task, people, offices)
    wrong = {} if text else {"words": "请写明要会签什么。"}
    wrong |= _wrong_number(signers, days)
    if wrong:
        raise Invalid.of_fields(wrong)
    approvals.take_task(task=task, actor=actor)
    asked = approvals.ask_signatures(
        beside=task,
        signers=signers,
        words=text,
        days=days,
        group=f"sign-{task.pk}-{case.revision}",
        actor=actor,
    )
    data = {"name": task.name, "agency": task.agency.name, "count": len(asked), "reason": text}
    audit.record(cases.reference_of(case), ASKED, actor=actor, data=data)
    cases.touch(case=case)
    cases.remember_done(key=key, name=ASKED, actor=actor, number=case.number)
    return asked


def _signers(
    actor: Actor, task: Task, people: Sequence[int], offices: Sequence[str]
) -> list[approvals.Signer]:
    offered = choices_for(actor, task)
    held = {
        user.pk: role for role in reversed(SIGNING) for user in agencies.staff_at(task.agency.code, [role])
    }
    named = [
        approvals.Signer(agency_id=task.agency_id, role=held[user.pk], user_id=user.pk)
        for user in offered.people
        if user.pk in people
    ]
    by_office = [
        approvals.Signer(agency_id=agency.pk, role=roles.REVIEWER)
        for agency in offered.agencies
        if agency.code in offices
    ]
    return named + by_office


def _wrong_number(signers: Sequence[approvals.Signer], days: int) -> dict[str, str]:
    if not signers:
        return {"signers": "请至少选择一位同事或一个单位。"}
    if len(signers) > MOST:
        return {"signers": f"一次最多请{MOST}方会签。"}
    return {} if days in DAYS else {"days": "会签时间为1至10个工作日。"}


@transaction.atomic
def drop(actor: Actor, task_id: int, *, key: str = "") -> Task:
    """撤回会签: whoever asked no longer needs the signature."""
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    route = approvals.lock_route(reference=cases.reference_of(case))
    task = next(one for one in route if one.pk == task_id)
    if cases.is_done(key=key, name=DROPPED, actor=actor, number=case.number):
        return task
    if task.kind != TaskKind.COUNTERSIGN or task.sent_by_id != actor.user_id:
        raise NotAllowed("只有发起会签的人可以撤回。", hint="请联系发起的同事。")
    approvals.drop_signature(task=task)
    data = {"name": task.name, "agency": task.agency.name}
    audit.record(cases.reference_of(case), DROPPED, actor=actor, data=data)
    cases.touch(case=case)
    cases.remember_done(key=key, name=DROPPED, actor=actor, number=case.number)
    return task


def check_other(task: Task, actor: Actor) -> None:
    """Nobody gives, in the name of a colleague on leave, the signature he has asked for himself."""
    if task.kind == TaskKind.COUNTERSIGN and task.sent_by_id == actor.user_id:
        raise NotAllowed(
            "这个会签是您自己发起的，不能代同事签。", hint="请撤回后改请别的同事，或等本人回岗。"
        )


def _is_asked_by(task: Task, other: Task) -> bool:
    return other.group == f"visit-{task.pk}" or other.group.startswith(f"sign-{task.pk}-")


def check_signed(case: Case, task: Task) -> None:
    """Whoever asked for signatures, or for a look at the place, gives his own opinion when all are there."""
    if task.kind != TaskKind.REVIEW:
        return
    missing = [
        one
        for one in approvals_read.tasks_of(cases.reference_of(case))
        if one.state == TaskState.OPEN and _is_asked_by(task, one)
    ]
    if missing:
        names = "、".join(one.taken_by.name if one.taken_by else one.agency.short_name for one in missing)
        raise SignaturesMissing(
            f"会签或现场核查还没有全部返回：{names}。", hint="请等它们完成；不再需要的会签可以撤回。"
        )
