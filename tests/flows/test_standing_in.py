"""A colleague stands in for somebody on leave: his tasks, both names on every act, and an end by date."""

from datetime import timedelta

import pytest

from tests import people
from yueban.agencies import services as agencies
from yueban.agencies.models import Post
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskOutcome
from yueban.approvals.models import Substitution, Task
from yueban.audit import selectors as audit
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.cases.models import Case
from yueban.flows import recusal, review, sessions, special, stand_in
from yueban.flows.stand_in import DecidesOwnReview
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.errors import Invalid, NotAllowed, NotFound, ServiceError
from yueban.kernel.reference import Reference
from yueban.parties.models import Representation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accepted_once")]

AWAY, STANDS_IN = people.DECIDER, "reviewer-feng"


def named(user: str = AWAY, substitute: str = STANDS_IN, *, by: str = AWAY, days: int = 3) -> Substitution:
    today = clock.today()
    return stand_in.name(
        people.actor(by),
        user_id=people.user(user).pk,
        substitute_id=people.user(substitute).pk,
        starts_on=today,
        ends_on=today + timedelta(days=days),
        reason="年休假",
    )


def deciding_task(case: Case) -> Task:
    return Task.objects.get(reference_number=case.number, key="decide")


def test_his_tasks_show_in_the_substitutes_inbox_and_leave_with_the_last_day():
    case = people.deciding()
    task = deciding_task(case)
    assert not approvals.inbox(people.actor(STANDS_IN)).filter(pk=task.pk).exists()
    named()
    actor = people.actor(STANDS_IN)
    assert approvals.inbox(actor).filter(pk=task.pk).exists()
    post = approvals.acting_for(actor, task)
    assert post is not None
    assert post.stands_in_name == "褚决定"
    Substitution.objects.update(ends_on=clock.today() - timedelta(days=1), starts_on="2026-01-01")
    assert not approvals.inbox(people.actor(STANDS_IN)).filter(pk=task.pk).exists()


def test_an_act_is_recorded_with_both_names():
    case = people.deciding()
    named()
    review.decide(people.actor(STANDS_IN), case.number, is_granted=True)
    task = deciding_task(case)
    assert (task.done_by.name, task.done_for.name) == ("冯复审", "褚决定")
    (event,) = audit.events_of(Reference("case", case.number)).filter(kind="grant")
    assert {"role": "decider", "for": "褚决定"}.items() <= event.actor["posts"][-1].items()
    case.refresh_from_db()
    granted = next(entry for entry in cases.timeline(case, for_staff=True) if entry.kind == "grant")
    assert granted.by.endswith("冯复审（代褚决定）")
    told = next(entry for entry in cases.timeline(case) if entry.kind == "grant")
    assert "褚决定" not in told.by, "the public reads the agency"


def test_a_taken_task_stays_in_the_name_of_who_is_away():
    case = people.accepted()
    task = Task.objects.get(reference_number=case.number, key="review")
    zheng = people.actor(people.REVIEWER)
    review.take(zheng, task.pk)
    assert not approvals.inbox(people.actor(STANDS_IN)).filter(pk=task.pk).exists()
    named(people.REVIEWER, by=people.REVIEWER)
    done = review.finish_task(people.actor(STANDS_IN), task.pk, outcome=TaskOutcome.CONFORMS)
    assert (done.taken_by_id, done.done_for_id) == (zheng.user_id, zheng.user_id)
    assert done.done_by_id == people.user(STANDS_IN).pk


def test_ones_own_task_is_done_as_oneself():
    case = people.accepted()
    named(people.REVIEWER, by=people.REVIEWER)
    task = Task.objects.get(reference_number=case.number, key="review")
    done = review.finish_task(people.actor(STANDS_IN), task.pk, outcome=TaskOutcome.CONFORMS)
    assert done.done_for_id is None


def test_who_reviewed_does_not_decide_in_anothers_place():
    case = people.accepted()
    named()
    for person in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, STANDS_IN):
        worker = people.actor(person)
        task = approvals.inbox(worker).exclude(key="decide").get(reference_number=case.number)
        review.finish_task(worker, task.pk, outcome=TaskOutcome.CONFORMS)
    with pytest.raises(DecidesOwnReview, match="不能再代岗"):
        review.decide(people.actor(STANDS_IN), case.number, is_granted=True)
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING


@pytest.mark.parametrize("whose", [AWAY, STANDS_IN])
def test_recusal_holds_for_the_substitute_and_for_whom_he_stands_in(whose):
    case = people.deciding()
    named()
    Representation.objects.create(user=people.user(whose), party=case.party, relation="legal_person")
    with pytest.raises(recusal.OwnMatter):
        review.decide(people.actor(STANDS_IN), case.number, is_granted=True)


def test_the_head_of_the_office_names_for_others_and_nobody_else_does():
    assert named(people.REVIEWER, by=people.DECIDER).named_by.name == "褚决定"
    with pytest.raises(Invalid) as refused:
        named(AWAY, by=STANDS_IN)
    assert set(refused.value.fields) == {"user"}


@pytest.mark.parametrize("substitute", [people.OTHER_COUNTY, people.CLERK, people.OWNER, AWAY])
def test_only_a_colleague_of_the_same_office_and_side_stands_in(substitute):
    with pytest.raises(Invalid) as refused:
        named(substitute=substitute)
    assert set(refused.value.fields) == {"substitute"}


def test_nobody_is_stood_in_for_twice_and_nobody_away_stands_in():
    named()
    with pytest.raises(Invalid) as refused:
        named(substitute=people.REVIEWER)
    assert "冯复审代岗" in refused.value.fields["substitute"]
    with pytest.raises(Invalid) as chained:
        named(people.REVIEWER, AWAY, by=people.REVIEWER)
    assert "不在岗" in chained.value.fields["substitute"]


@pytest.mark.parametrize(("days", "field"), [(-1, "ends_on"), (400, "ends_on")])
def test_days_must_make_sense(days, field):
    with pytest.raises(Invalid) as refused:
        named(days=days)
    assert set(refused.value.fields) == {field}


def test_an_earlier_end_takes_the_posts_away_at_once_and_ends_no_session():
    before = sessions.posts_digest(people.actor(STANDS_IN))
    made = named()
    assert sessions.posts_digest(people.actor(STANDS_IN)) == before
    assert people.actor(STANDS_IN).stood_in_for == {people.user(AWAY).pk}
    with pytest.raises(NotAllowed):
        stand_in.end(people.actor(people.OTHER_COUNTY), made.pk)
    stand_in.end(people.actor(AWAY), made.pk)
    assert people.actor(STANDS_IN).stood_in_for == frozenset()
    kinds = [event.kind for event in audit.events_of(Reference("user", str(people.user(AWAY).pk)))]
    assert kinds[-2:] == ["substitute_named", "substitute_ended"]


def test_who_asked_for_more_time_or_reviews_does_not_grant_it_in_anothers_place():
    named()
    case = people.accepted()
    asking = people.actor(STANDS_IN)
    special.ask_extension(asking, case.number, "等待外地核查")
    with pytest.raises(DecidesOwnReview, match="自己提出"):
        special.extend(people.actor(STANDS_IN), case.number)
    other = people.accepted()
    review.take(asking, Task.objects.get(reference_number=other.number, key="review").pk)
    with pytest.raises(DecidesOwnReview):
        special.extend(people.actor(STANDS_IN), other.number, "等待外地核查")
    special.extend(people.actor(AWAY), case.number)
    assert case.special_procedures.get().approved_by_id == people.user(AWAY).pk


@pytest.mark.parametrize("role", ["clerk", "system_admin", "supervisor"])
def test_whoever_no_longer_works_beside_the_absent_stands_in_for_nobody(role):
    """Moved to other work, to another county, or made an administrator: the colleague's posts stay behind."""
    case = people.deciding()
    named()
    assert people.actor(STANDS_IN).stood_in_for
    user = people.user(STANDS_IN)
    place = Post.objects.filter(user=user).first().agency.code
    for post in Post.objects.filter(user=user):
        agencies.end_post(post=post, actor=SYSTEM)
    agencies.give_post(user=user, role=role, agency=place, actor=SYSTEM)
    actor = people.actor(STANDS_IN)
    assert [post.role for post in actor.posts] == [role]
    assert not actor.stood_in_for
    with pytest.raises(ServiceError):
        review.decide(actor, case.number, is_granted=True)


def test_whoever_moved_to_another_county_stands_in_for_nobody_here():
    case = people.deciding()
    named()
    user = people.user(STANDS_IN)
    for post in Post.objects.filter(user=user):
        agencies.end_post(post=post, actor=SYSTEM)
    agencies.give_post(user=user, role="reviewer", agency="zhuji-transport", actor=SYSTEM)
    with pytest.raises(NotFound):
        cases.get_case(people.actor(STANDS_IN), case.number)
