"""A supervisor watches: he leads his own hall at most, never an office that decides, and nobody's case."""

import pytest

from tests import people
from yueban.accounts.models import User
from yueban.agencies.services import give_post
from yueban.approvals.choices import TaskOutcome
from yueban.approvals.models import Task
from yueban.flows import phrases, review, route_work, special, stand_in
from yueban.flows.identify import actor_of_user
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.errors import Invalid, NotAllowed, ServiceError

pytestmark = pytest.mark.django_db
BUREAU, COLLEAGUE = "yuecheng-transport", "reviewer-feng"


@pytest.fixture
def watching() -> Actor:
    """A supervisor posted at the very bureau that decides."""
    user = User.objects.create_user(username="watching", name="督观察")
    give_post(user=user, role="supervisor", agency=BUREAU, division=None, actor=SYSTEM)
    return actor_of_user(user.pk, channel="desk")


def review_task() -> Task:
    return Task.objects.get(reference_number=people.accepted().number, key="review")


def test_whoever_decides_leads_his_office_and_a_supervisor_at_most_his_hall(watching):
    assert stand_in.headed_agencies(people.actor(people.DECIDER)) == {BUREAU}
    assert stand_in.headed_agencies(people.actor(people.SUPERVISOR)) == {"shaoxing-government-services"}
    assert stand_in.headed_agencies(watching) == frozenset()
    assert stand_in.headed_agencies(people.actor(people.REVIEWER)) == frozenset()


def supervisors(watching: Actor) -> list[Actor]:
    return [watching, people.actor(people.SUPERVISOR)]


def test_no_supervisor_hands_on_the_work_of_a_bureau(watching):
    task = review_task()
    for actor in supervisors(watching):
        with pytest.raises(NotAllowed, match="不在您手里"):
            route_work.hand_on(actor, task.pk, user_id=people.user(COLLEAGUE).pk, reason="换人办")
        with pytest.raises(Invalid):
            route_work.tasks_to_hand(actor, [task.pk])
    task.refresh_from_db()
    assert task.taken_by_id is None


def test_no_supervisor_names_a_substitute_in_a_bureau(watching):
    today = clock.today()
    for actor in supervisors(watching):
        with pytest.raises(Invalid, match="需要修改"):
            stand_in.name(
                actor,
                user_id=people.user(people.DECIDER).pk,
                substitute_id=people.user(COLLEAGUE).pk,
                starts_on=today,
                ends_on=today,
                reason="年休假",
            )


def test_no_supervisor_reviews_decides_extends_or_writes_the_offices_words(watching):
    task = review_task()
    deciding = people.deciding()
    for actor in supervisors(watching):
        for act in (
            lambda actor=actor: review.take(actor, task.pk),
            lambda actor=actor: review.finish_task(actor, task.pk, outcome=TaskOutcome.CONFORMS),
            lambda actor=actor: review.decide(actor, deciding.number, is_granted=True),
            lambda actor=actor: special.ask_extension(actor, task.reference_number, "案情复杂"),
            lambda actor=actor: phrases.add(
                actor, agency=BUREAU, kind="review", text="材料齐全。", is_shared=True
            ),
        ):
            with pytest.raises(ServiceError):
                act()
    deciding.refresh_from_db()
    assert deciding.state == "deciding"
