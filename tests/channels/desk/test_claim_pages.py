"""Claims and lists at the desk: who works on them finds the act, who does not finds nothing."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from tests.claims import making
from yueban.approvals.models import PublicNotice
from yueban.flows import auto_grant, claim, notice

pytestmark = pytest.mark.django_db
PRIZE = [{"key": "prize", "label": "智能工厂", "gives": {"kind": "fixed", "amount": "300000"}}]


@pytest.fixture(autouse=True)
def ready():
    making.november()
    making.nothing_known()
    making.money()
    making.told(making.company(), {"digital_investment": 2000000})


def test_the_page_of_a_list_shows_the_objection_and_whom_it_may_take_off():
    making.offer("auto", redemption="auto", benefits=PRIZE, department_kind="transport")
    made = auto_grant.make(people.actor(people.REVIEWER, channel="desk"), "auto")
    auto_grant.check(people.actor(people.DECIDER, channel="desk"), made.number)
    published = PublicNotice.objects.get(reference_number=made.number)
    notice.object_to(
        people.actor(people.CITIZEN), published.number, name="赵样例", contact="", text="没有产线"
    )
    page = visitor(people.REVIEWER).get(f"/desk/auto-lists/{made.number}/")
    assert "没有产线" in page.content.decode()
    assert 'name="entries"' in page.content.decode()


def test_a_claim_is_seen_by_its_bureau_and_its_owner_alone():
    making.offer(department_kind="transport")
    number = making.submitted().number
    statuses = {
        who: visitor(who).get(f"/desk/claims/{number}/").status_code
        for who in (
            people.REVIEWER,
            people.DECIDER,
            people.OTHER_COUNTY,
            people.VEHICLE_CHECKER,
            people.SUPERVISOR,
        )
    }
    assert statuses == {
        people.REVIEWER: 200,
        people.DECIDER: 200,
        people.OTHER_COUNTY: 404,
        people.VEHICLE_CHECKER: 404,
        people.SUPERVISOR: 200,
    }
    assert visitor(people.OWNER).get(f"/my/claims/{number}/").status_code == 200
    assert visitor(people.STRANGER).get(f"/my/claims/{number}/").status_code == 404


def test_the_page_of_an_announced_claim_offers_its_reviewer_no_act_and_its_decider_another_amount():
    making.offer(department_kind="transport")
    number = making.submitted().number
    reviewer, decider = (people.actor(who, channel="desk") for who in (people.REVIEWER, people.DECIDER))
    claim.work(reviewer, number, making.task_of(number, "check"), conforms=True, opinion="")
    claim.propose(decider, number)
    assert "现在不用您办" in visitor(people.REVIEWER).get(f"/desk/claims/{number}/").content.decode()
    assert "调整并重新公示" in visitor(people.DECIDER).get(f"/desk/claims/{number}/").content.decode()
