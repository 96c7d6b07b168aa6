"""交班: at the end of a shift drafts and taken tasks pass to a colleague; undone until he has opened one.

The record is the event chain of the hand-over itself: who gave what to whom, what was opened, what was undone.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yueban.accounts import selectors as accounts
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.models import Task
from yueban.audit import selectors as audit_read
from yueban.audit import services as audit
from yueban.audit.models import Event
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.selectors import AnyApplication
from yueban.divisions import selectors as divisions
from yueban.flows import identify
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, Invalid, NotFound
from yueban.kernel.names import TextInvalid, clean_line
from yueban.kernel.reference import Reference

KIND = "hand_over"
SHOWN_FOR = timedelta(days=3)
LONGEST_NOTE = 200


class HandOverOpened(Conflict):
    """The colleague has already opened something: it stays with him."""

    code = "hand_over.opened"


class HandOverNotFound(NotFound):
    """No such hand-over of this person."""

    code = "hand_over.not_found"


@dataclass(frozen=True)
class HandOver:
    """One hand-over as its events tell it."""

    number: str
    at: datetime
    by_id: int
    by_name: str
    to_id: int
    to_name: str
    note: str
    drafts: tuple[str, ...]
    tasks: tuple[str, ...]
    task_ids: tuple[int, ...]
    is_opened: bool
    is_undone: bool

    @property
    def count(self) -> int:
        """How many things passed."""
        return len(self.drafts) + len(self.tasks)


def colleagues(actor: Actor) -> list[User]:
    """Who holds the same post: same role, agency and division."""
    found = {
        row.user.pk: row.user
        for post in actor.posts
        for row in agencies.colleagues_of(post, actor.user_id or 0)
    }
    return list(found.values())


def open_things(actor: Actor) -> tuple[list[AnyApplication], list[Task]]:
    """What he may hand over: his drafts, and the tasks he has taken."""
    taken = approvals_read.inbox(actor).filter(taken_by_id=actor.user_id)
    return cases_read.drafts_of(actor), list(taken)


@transaction.atomic
def give(
    actor: Actor, *, to_id: int, drafts: Sequence[str], tasks: Sequence[int], note: str = ""
) -> HandOver:
    """Pass them on; all or nothing. Raises Invalid beside the field that is wrong."""
    to = next((user for user in colleagues(actor) if user.pk == to_id), None)
    if to is None:
        raise Invalid.of_fields({"to": "请选择同一岗位、同一服务点的同事。"})
    if not drafts and not tasks:
        raise Invalid.of_fields({"things": "请至少选择一件要移交的草稿或待办。"})
    applications = [cases.lock_any_assisted(actor, number) for number in sorted(drafts)]
    double = cases_read.same_drafts(applications, to.pk)
    if double:
        message = f"{to.name}已经有同一个人、同一事项的草稿，请先从清单中去掉：{'、'.join(sorted(double))}。"
        raise Invalid.of_fields({"things": message})
    locked = [approvals.lock_task(task_id=task_id, actor=actor) for task_id in sorted(tasks)]
    _check_can_do(to, applications, locked)
    for task in locked:
        approvals.pass_task(task=task, actor=actor, to_user_id=to.pk)
    cases.pass_on(applications=applications, to=to)
    number = f"JB{secrets.token_hex(6).upper()}"
    data = {
        "to": to.pk,
        "to_name": to.name,
        "drafts": [one.number for one in applications],
        "tasks": [task.pk for task in locked],
        "cases": [task.reference_number for task in locked],
        "note": _note(note),
    }
    audit.record(Reference(KIND, number), "give", actor=actor, data=data)
    return _told(number)


def _check_can_do(to: User, applications: Sequence[AnyApplication], tasks: Sequence[Task]) -> None:
    """Who gets a thing holds the very post for it: what lies with somebody who cannot do it, nobody does."""
    if not _can_do(identify.actor_of_user(to.pk, channel="desk"), applications, tasks):
        raise Invalid.of_fields(
            {"things": f"其中有的不归{to.name}的岗位办。请分开移交，各交给同一岗位的同事。"}
        )


def _can_do(actor: Actor, applications: Sequence[AnyApplication], tasks: Sequence[Task]) -> bool:
    posts = cases_read.intake_posts(actor)
    return all(approvals_read.may_do(actor, task) for task in tasks) and all(
        any(
            one.assist_agency is not None
            and one.assist_agency.code == post.agency
            and divisions.is_within(one.assist_division, post.division)
            for post in posts
        )
        for one in applications
    )


def _note(text: str) -> str:
    try:
        return clean_line(text, LONGEST_NOTE)
    except TextInvalid as error:
        raise Invalid.of_fields({"note": f"{error.message}{error.hint}"}) from error


@transaction.atomic
def undo(actor: Actor, number: str) -> HandOver:
    """Take it back while nothing has been opened."""
    told = find(number)
    if told is None or told.by_id != actor.user_id:
        raise HandOverNotFound("没有找到这次移交。", hint="请从“交班”页面重新打开。")
    if told.is_undone:
        return told
    back = accounts.find_user(told.by_id)
    assert back is not None  # he is signed in
    applications = cases.lock_drafts_with(told.to_id, told.drafts)
    tasks = approvals.lock_tasks(task_ids=told.task_ids)
    # Read again under the locks: whoever opens one waits for them.
    told = _told(number)
    if told.is_opened or len(applications) != len(told.drafts):
        raise HandOverOpened(
            f"{told.to_name}已经打开过移交的事，不能再收回。",
            hint=f"需要收回的，请与{told.to_name}商量后由他移交。",
        )
    if not _can_do(actor, applications, tasks):
        raise HandOverOpened(
            "您的岗位已有变动，不能再收回。",
            hint=f"这些事由{told.to_name}接着办；需要改派的，请找本单位负责人。",
        )
    for task in tasks:
        approvals.return_task(task=task, from_user_id=told.to_id, to_user_id=told.by_id)
    cases.pass_on(applications=applications, to=back)
    audit.record(Reference(KIND, number), "undo", actor=actor)
    return _told(number)


@transaction.atomic
def note_opened(actor: Actor, number: str) -> None:
    """The colleague opens a draft or a case that was handed to him: from now on it stays with him."""
    for told in received_by(actor):
        if number in (*told.drafts, *told.tasks) and not told.is_opened and not told.is_undone:
            cases.lock_drafts_with(told.to_id, told.drafts)
            audit.record(Reference(KIND, told.number), "open", actor=actor, data={"number": number})


def given_by(actor: Actor) -> list[HandOver]:
    """What he handed over lately, newest first."""
    return [told for told in _recent() if told.by_id == actor.user_id]


def received_by(actor: Actor) -> list[HandOver]:
    """What was handed to him lately, newest first."""
    return [told for told in _recent() if told.to_id == actor.user_id]


def _recent() -> list[HandOver]:
    events = audit_read.recent_events(KIND, since=clock.now() - SHOWN_FOR)
    chains: dict[str, list[Event]] = {}
    for event in events:
        chains.setdefault(event.reference_number, []).append(event)
    found = [_of(number, chain) for number, chain in chains.items()]
    return sorted((told for told in found if told is not None), key=lambda told: told.at, reverse=True)


def find(number: str) -> HandOver | None:
    """One by its number."""
    return _of(number, list(audit_read.events_of(Reference(KIND, number))))


def _told(number: str) -> HandOver:
    told = find(number)
    assert told is not None  # its first event was written before
    return told


def _of(number: str, chain: Sequence[Event]) -> HandOver | None:
    events = {event.kind: event for event in chain}
    given = events.get("give")
    if given is None:
        return None
    return HandOver(
        number=number,
        at=given.at,
        by_id=given.actor["user_id"],
        by_name=given.actor["name"],
        to_id=given.data["to"],
        to_name=given.data["to_name"],
        note=given.data["note"],
        drafts=tuple(given.data["drafts"]),
        tasks=tuple(given.data["cases"]),
        task_ids=tuple(given.data["tasks"]),
        is_opened="open" in events,
        is_undone="undo" in events,
    )
