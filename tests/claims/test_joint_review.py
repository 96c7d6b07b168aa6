"""联审: where an offer names more departments, each gives its opinion as a task of its own; the lead decides."""

import pytest

from tests import people
from tests.claims import making
from yueban.approvals.errors import TaskNotYours
from yueban.approvals.models import Task
from yueban.claims.choices import ClaimState
from yueban.claims.errors import ClaimNotFound
from yueban.flows import claim

pytestmark = pytest.mark.django_db
OTHER = "yuecheng-transport"


@pytest.fixture(autouse=True)
def ready():
    making.november()
    making.nothing_known()
    making.money("3000000")
    making.told(making.company(), {"digital_investment": 2000000, "is_dishonest": False})


def other():
    return making.at_bureau("reviewer-han", "reviewer", OTHER)


def checked(**changes):
    making.offer(joint_kinds=["transport"], **changes)
    found = making.submitted()
    with pytest.raises(ClaimNotFound):
        claim.work(other(), found.number, 0, conforms=True, opinion="")
    return claim.work(
        making.checker(), found.number, making.task_of(found.number, "check"), conforms=True, opinion=""
    )


def test_each_department_gives_its_opinion_and_the_lead_decides():
    found = checked()
    assert found.state == ClaimState.REVIEWING
    task = Task.objects.get(reference_number=found.number, key="joint-transport")
    assert (task.agency.code, task.name, task.state) == (OTHER, "联审", "open")
    with pytest.raises(TaskNotYours):
        claim.work(making.expert(), found.number, task.pk, conforms=True, opinion="")
    found = claim.work(other(), found.number, task.pk, conforms=False, opinion="车辆已经享受过补助")
    assert found.state == ClaimState.DECIDING
    assert claim.propose(making.decider(), found.number, opinion="已核对").state == ClaimState.NOTICED


def test_beside_experts_and_site_the_decision_waits_for_all_three():
    found = checked(redemption="review")
    number = found.number
    for who, key in ((making.expert(), "experts"), (making.inspector(), "site"), (other(), "joint")):
        assert found.state == ClaimState.REVIEWING
        found = claim.work(who, number, making.task_of(number, key), conforms=True, opinion="")
    assert found.state == ClaimState.DECIDING


def test_while_it_is_joined_it_may_be_withdrawn():
    found = checked()
    claim.withdraw(people.actor(people.OWNER), found.number)
    assert making.figures() == ("3000000", "0", "0", "0")
    assert not Task.objects.filter(reference_number=found.number, state="open").exists()
