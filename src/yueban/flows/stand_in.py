"""代岗: who is away, or the head of his office, names a colleague who does his work until a day; both are recorded."""

from datetime import date

from django.db import transaction

from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.models import Substitution, Task
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference


class DecidesOwnReview(NotAllowed):
    """The substitute reviewed the case himself: another must decide."""

    code = "stand_in.own_review"


def headed_agencies(actor: Actor) -> frozenset[str]:
    """Where the actor, in a post of his own, leads the office: the deciders.

    A supervisor leads the hall, which decides nothing; in an office that decides he watches and leads nobody.
    """
    own = (post for post in actor.posts if post.stands_in_for is None)
    return frozenset(post.agency for post in own if post.role == roles.DECIDER or _leads_hall(post))


def _leads_hall(post: PostHeld) -> bool:
    return post.role == roles.SUPERVISOR and post.is_city_wide


def people_of(actor: Actor) -> list[User]:
    """Those for whom he may name a substitute: himself, and the staff of an office he leads."""
    found: dict[int, User] = {}
    for place in sorted(_own_agencies(actor)):
        for user in agencies.staff_at(place, roles.PASSED_ON):
            if user.pk == actor.user_id or place in headed_agencies(actor):
                found[user.pk] = user
    return sorted(found.values(), key=lambda user: (user.pk != actor.user_id, user.name))


def candidates(actor: Actor) -> list[User]:
    """The colleagues at his agencies who may be named."""
    found: dict[int, User] = {}
    for place in sorted(_own_agencies(actor)):
        found |= {user.pk: user for user in agencies.staff_at(place, roles.PASSED_ON)}
    return sorted(found.values(), key=lambda user: user.name)


def _own_agencies(actor: Actor) -> frozenset[str]:
    return frozenset(post.agency for post in actor.posts if post.stands_in_for is None)


def standing(actor: Actor) -> list[Substitution]:
    """What runs or is to come among his colleagues, himself included."""
    people = frozenset(user.pk for user in candidates(actor))
    return list(approvals_read.substitutions_among(people | {actor.user_id or 0}))


@transaction.atomic
def name(
    actor: Actor, *, user_id: int, substitute_id: int, starts_on: date, ends_on: date, reason: str
) -> Substitution:
    """指定代岗人: raises Invalid beside the field that is wrong."""
    if user_id not in {user.pk for user in people_of(actor)}:
        raise Invalid.of_fields({"user": "只能为自己安排代岗；为同事安排的，由本单位负责人办理。"})
    if substitute_id != user_id and not _share_a_side(user_id, substitute_id):
        raise Invalid.of_fields({"substitute": "请选择同一单位、同类岗位的同事。"})
    made = approvals.name_substitute(
        user_id=user_id,
        substitute_id=substitute_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        actor=actor,
    )
    data = {
        "for": made.user.name,
        "to": made.substitute.name,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "reason": made.reason,
    }
    audit.record(Reference("user", str(user_id)), "substitute_named", actor=actor, data=data)
    return made


def _share_a_side(user_id: int, substitute_id: int) -> bool:
    """Whether each post of the one has at its agency a post of the same side held by the other."""
    theirs, others = agencies.held_by(user_id), agencies.held_by(substitute_id)
    passed = [(role, agency) for role, agency in theirs if role in roles.PASSED_ON]
    return bool(passed) and all(
        any(agency == place and {role, held} <= side for held, place in others for side in roles.SIDES)
        for role, agency in passed
    )


@transaction.atomic
def end(actor: Actor, number: int) -> Substitution:
    """提前结束: by whoever is stood in for, who named it, or the head of the office; again changes nothing."""
    found = approvals_read.find_substitution(number)
    if found.named_by_id != actor.user_id and found.user_id not in {user.pk for user in people_of(actor)}:
        raise NotAllowed("代岗由本人或本单位负责人结束。", hint="请联系安排代岗的人。")
    approvals.end_substitution(substitution=found)
    data = {"for": found.user.name, "to": found.substitute.name}
    audit.record(Reference("user", str(found.user_id)), "substitute_ended", actor=actor, data=data)
    return found


def check_separate(case: Case, actor: Actor) -> None:
    """审批分离: in a colleague's name nobody decides what he has reviewed himself."""
    if not actor.stood_in_for:
        return
    tasks = list(approvals_read.tasks_of(cases.reference_of(case)))
    deciding = next((task for task in tasks if task.kind == TaskKind.DECIDE), None)
    if deciding is None or approvals_read.acting_for(actor, deciding) is None:
        return
    if any(task.kind == TaskKind.REVIEW and actor.user_id == _worker(task) for task in tasks):
        raise DecidesOwnReview(
            "这件办件由您审查，您不能再代岗作决定。", hint="请由其他负责人决定，或等本人回岗。"
        )


def _worker(task: Task) -> int | None:
    return task.taken_by_id if task.state == TaskState.OPEN else task.done_by_id


def check_not_asked_by_himself(actor: Actor, asked_by: int | None, role: str, agency: str) -> None:
    """What somebody asked for himself he does not answer in a colleague's name."""
    held = [post for post in actor.posts if (post.role, post.agency) == (role, agency)]
    # Who holds no such post is refused by the step itself.
    if asked_by != actor.user_id or not held or any(post.stands_in_for is None for post in held):
        return
    raise DecidesOwnReview("这是您自己提出的，不能再代同事答复。", hint="请由其他负责人办理，或等本人回岗。")
