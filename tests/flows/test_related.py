"""关联企业: what a split enterprise gets twice, or only because it is small alone, is said to whoever reviews."""

import pytest
from django.urls import reverse

from tests import people
from tests.channels.visitors import visitor
from tests.claims import making
from yueban.claims.models import Claim
from yueban.flows import related
from yueban.parties.models import Representation

pytestmark = pytest.mark.django_db
BY_SIZE = {
    "all": [
        {"fact": "enterprise.digital_investment", "op": "ge", "value": 100000},
        {"fact": "enterprise.size", "op": "in", "value": ["micro", "small"]},
    ]
}


@pytest.fixture(autouse=True)
def november():
    making.november()
    making.nothing_known()
    making.offer("small", conditions=BY_SIZE, redemption="instant")
    making.money("9000000")


def knows(username: str, employees: int, founded_on: str = "2015-05-01") -> None:
    facts = {
        "digital_investment": 2000000,
        "is_dishonest": False,
        "industry": "C1751",
        "employees": employees,
        "revenue": 19000000,
        "founded_on": founded_on,
    }
    making.told(making.company(username), facts)


def split(founded_on: str) -> Claim:
    """Two companies of one legal person, each small by itself; the claim of the first."""
    knows(people.OWNER, 200)
    knows(people.STRANGER, 150, founded_on)
    first, second = making.company(people.OWNER), making.company(people.STRANGER)
    person = Representation.objects.get(party=first, relation="legal_person").user
    Representation.objects.create(user=person, party=second, relation="legal_person")
    making.submitted(people.STRANGER, "small")
    return making.submitted(key="small")


def test_an_enterprise_that_was_split_to_stay_small_is_doubted():
    doubts = related.doubts_of(split("2026-06-01"))
    name = making.company(people.STRANGER).name
    twice, together, young = doubts
    assert name in twice
    assert "也申报了这项政策" in twice
    assert "单独算是小型" in together
    assert "合并计算是中型" in together
    assert "2026年6月1日成立，不满12个月" in young


def test_two_old_companies_that_are_small_together_are_only_told_of_the_second_claim():
    claim = split("2015-06-01")
    knows(people.STRANGER, 20, "2015-06-01")
    assert [line for line in related.doubts_of(claim) if "也申报了这项政策" not in line] == []


def test_a_company_whose_legal_person_has_no_other_is_not_doubted():
    knows(people.OWNER, 200)
    assert related.doubts_of(making.submitted(key="small")) == []


def test_whoever_opens_the_claim_at_the_desk_reads_the_doubt():
    claim = split("2026-06-01")
    page = visitor(people.SUPERVISOR).get(reverse("desk:claim", args=[claim.number])).content.decode()
    assert "关联企业，请核对" in page
    assert "合并计算是中型" in page
