"""Reads of tasks: the inbox is one indexed query."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.approvals.choices import NoticeState, TaskKind, TaskState
from yueban.approvals.errors import NoticeNotFound
from yueban.approvals.inspections import OUTCOMES as OUTCOMES
from yueban.approvals.inspections import find_inspection as find_inspection
from yueban.approvals.inspections import missing_in_inspection as missing_in_inspection
from yueban.approvals.inspections import photos_of as photos_of
from yueban.approvals.models import Objection, PublicNotice, Task
from yueban.approvals.phrases import KINDS as PHRASE_KINDS
from yueban.approvals.phrases import find_phrase as find_phrase
from yueban.approvals.phrases import phrases_for as phrases_for
from yueban.approvals.phrases import phrases_of as phrases_of
from yueban.approvals.rework import REWORKED as REWORKED
from yueban.approvals.rework import has_begun as has_begun
from yueban.approvals.substitutes import find_substitution as find_substitution
from yueban.approvals.substitutes import stood_in_for as stood_in_for
from yueban.approvals.substitutes import substitutions_among as substitutions_among
from yueban.approvals.workload import Load as Load
from yueban.approvals.workload import Workload as Workload
from yueban.approvals.workload import open_tasks_at as open_tasks_at
from yueban.approvals.workload import workload as workload
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.kernel.reference import Reference
from yueban.vault import services as vault

__all__ = ["PHRASE_KINDS"]

# Roles that see a thing because their agency has, or had, a task about it.
SEES_BY_TASK = frozenset({roles.REVIEWER, roles.CHECKER, roles.PAYER})


def tasks_visible_to(actor: Actor) -> QuerySet[Task]:
    """Tasks of the actor's roles at his agencies and those below, within his divisions; a supervisor sees all roles."""
    allowed = Q(pk__in=[])
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        if post.role == roles.SUPERVISOR:
            allowed |= within & _supervised(post)
        else:
            allowed |= within & agencies.reached_by(post) & Q(role=post.role)
    return Task.objects.filter(allowed)


def _supervised(post: PostHeld) -> Q:
    if post.is_city_wide:
        return divisions.within("agency__division__code", post.division)
    return agencies.reached_by(post)


def may_do(actor: Actor, task: Task) -> bool:
    """Whether the actor holds the very post for this task: role, agency and division."""
    return bool(_posts_for(actor, task))


def _posts_for(actor: Actor, task: Task) -> list[PostHeld]:
    return [
        post
        for post in actor.posts
        if (post.role, post.agency) == (task.role, task.agency.code)
        and divisions.is_within(task.division_code, post.division)
    ]


def acting_for(actor: Actor, task: Task) -> PostHeld | None:
    """The post of a colleague on leave in which the actor does this task; None where he does it as himself."""
    posts = _posts_for(actor, task)
    whose = next(
        (post for post in posts if post.stands_in_for and post.stands_in_for == task.taken_by_id), None
    )
    if whose is not None:
        return whose
    has_own = any(post.stands_in_for is None for post in posts)
    return None if has_own or not posts else posts[0]


def is_open_to(actor: Actor, task: Task) -> bool:
    """Whether the task waits for this person: open, of his post, and in nobody else's hands."""
    holders = (None, actor.user_id, *actor.stood_in_for)
    return task.state == TaskState.OPEN and task.taken_by_id in holders and may_do(actor, task)


def inbox(actor: Actor) -> QuerySet[Task]:
    """What this person must do, the most urgent first; without limits last."""
    posts = Q(pk__in=[])
    for post in {(post.role, post.agency, post.division): post for post in actor.posts}.values():
        posts |= _of_post(post)
    mine = Q(taken_by=None) | Q(taken_by_id__in=[actor.user_id, *sorted(actor.stood_in_for)])
    return (
        Task.objects.filter(posts & mine, state=TaskState.OPEN)
        .exclude(kind=TaskKind.NOTICE)  # days do it, nobody
        .select_related("agency", "taken_by", "sent_by")
        .order_by("due_on", "pk")
    )


def _of_post(post: PostHeld) -> Q:
    within = divisions.within("division_code", post.division)
    return agencies.held_at(post) & Q(role=post.role) & within


def overdue_checks() -> list[str]:
    """Numbers of the cases with a department's check that is open after its last day, each once."""
    rows = Task.objects.filter(
        reference_kind="case", kind=TaskKind.CHECK, state=TaskState.OPEN, due_on__lt=clock.today()
    )
    return list(rows.order_by("reference_number").values_list("reference_number", flat=True).distinct())


def overdue_records() -> list[str]:
    """Numbers of the cases in which a department has not said in time whether it holds records, each once."""
    rows = Task.objects.filter(
        reference_kind="case", kind=TaskKind.RECORDS, state=TaskState.OPEN, due_on__lt=clock.today()
    )
    return list(rows.order_by("reference_number").values_list("reference_number", flat=True).distinct())


def is_overdue(task: Task) -> bool:
    """Whether it is open after its last day."""
    return task.state == TaskState.OPEN and task.due_on is not None and task.due_on < clock.today()


def done_by(actor: Actor) -> QuerySet[Task]:
    """What this person has finished, newest first."""
    return Task.objects.filter(done_by_id=actor.user_id).select_related("agency").order_by("-done_at", "-pk")


def tasks_of(reference: Reference) -> QuerySet[Task]:
    """All tasks about one thing in route order; the caller has checked that the thing may be seen."""
    return (
        Task.objects.filter(reference_kind=reference.kind, reference_number=reference.number)
        .select_related("agency", "done_by", "taken_by", "done_for", "sent_by")
        .order_by("stage", "pk")
    )


def work_by_person(actor: Actor, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """What each person finished in a span at the agencies this actor leads or watches over, and how much in time.

    One query; a row has `person`, `at` (the agency), `done`, `timed` (had a last day) and `in_time`.
    """
    allowed = Q(pk__in=[])
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        if post.role == roles.SUPERVISOR:
            allowed |= within & _supervised(post)
        elif post.role == roles.DECIDER:
            allowed |= within & agencies.reached_by(post)
    rows = Task.objects.filter(
        allowed, state=TaskState.DONE, done_at__gte=since, done_at__lt=until, done_by__isnull=False
    )
    timed = Q(due_on__isnull=False)
    counted = rows.order_by().values("done_by_id", person=F("done_by__name"), at=F("agency__short_name"))
    rows_by_person = counted.annotate(
        done=Count("pk"),
        timed=Count("pk", filter=timed),
        in_time=Count("pk", filter=timed & Q(done_at__date__lte=F("due_on"))),
    )
    return [dict(row) for row in rows_by_person.order_by("at", "-done", "person")]


def open_tasks_of(kind: str, numbers: Iterable[str]) -> dict[str, list[Task]]:
    """Open tasks about many things in one query, by number; the caller has checked that they may be seen."""
    found: dict[str, list[Task]] = {}
    rows = Task.objects.filter(
        reference_kind=kind, reference_number__in=list(numbers), state=TaskState.OPEN
    ).select_related("agency")
    for row in rows.order_by("stage", "pk"):
        found.setdefault(row.reference_number, []).append(row)
    return found


def find_task(task_id: int) -> Task | None:
    """A task with its agency; the caller checks that what it is about may be seen."""
    return Task.objects.select_related("agency", "taken_by", "sent_by").filter(pk=task_id).first()


def reference_number_of(task_id: int) -> str:
    """The number of the thing a task is about, or an empty string; says nothing else of the task."""
    return Task.objects.filter(pk=task_id).values_list("reference_number", flat=True).first() or ""


def find_open_task(reference: Reference, actor: Actor) -> Task | None:
    """The open task of this thing that the actor can do now."""
    return inbox(actor).filter(reference_kind=reference.kind, reference_number=reference.number).first()


def references_with_task_for(actor: Actor, kind: str) -> QuerySet[Task, str]:
    """Numbers of the things on which the actor's reviewers, checkers or payers have or had a task."""
    allowed = Q(pk__in=[])
    for post in actor.posts:
        if post.role in SEES_BY_TASK:
            allowed |= _of_post(post)
    return (
        Task.objects.filter(allowed, reference_kind=kind)
        .exclude(state__in=[TaskState.WAITING, TaskState.CANCELLED])
        .values_list("reference_number", flat=True)
    )


def public_notices() -> QuerySet[PublicNotice]:
    """What everybody may read now: no notice that was taken back, none after its day of removal."""
    return (
        PublicNotice.objects.exclude(state=NoticeState.SUSPENDED)
        .filter(remove_on__gte=clock.today())
        .select_related("agency", "task")
        .order_by("-published_on", "-pk")
    )


def running_notices() -> QuerySet[PublicNotice]:
    """Notices to which one may object today."""
    return public_notices().filter(state=NoticeState.RUNNING, ends_on__gte=clock.today())


def get_public_notice(number: str) -> PublicNotice:
    """A notice as everybody may read it; raises NoticeNotFound also for one that was removed."""
    notice = public_notices().filter(number=number).first()
    if notice is None:
        raise NoticeNotFound("没有找到这项公示。", hint="公示结束后会从网上撤下；正在公示的，见“公示”列表。")
    return notice


def notices_of(reference: Reference) -> QuerySet[PublicNotice]:
    """The notices about one thing, oldest first; the caller has checked that the thing may be seen."""
    return (
        PublicNotice.objects.filter(reference_kind=reference.kind, reference_number=reference.number)
        .select_related("agency", "task")
        .prefetch_related("objections__task__done_by")
        .order_by("pk")
    )


def find_objection(task_id: int) -> Objection | None:
    """The objection that a task answers."""
    return Objection.objects.select_related("notice__agency", "task").filter(task_id=task_id).first()


def contact_of(objection: Objection) -> str:
    """The readable contact of who objected: for whoever answers, masked on every page until asked for whole."""
    return vault.decrypt(objection.contact_cipher)


def notices_over() -> QuerySet[PublicNotice, tuple[str, str, str]]:
    """Running notices whose last day is over: number, and kind and number of what each is about."""
    return (
        PublicNotice.objects.filter(state=NoticeState.RUNNING, ends_on__lt=clock.today())
        .order_by("ends_on", "pk")
        .values_list("number", "reference_kind", "reference_number")
    )
