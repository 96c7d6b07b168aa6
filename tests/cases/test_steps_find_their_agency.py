"""A step of a kind goes to the agency nearest to where the matter arises."""

from types import SimpleNamespace

import pytest

from yueban.agencies import selectors as agencies
from yueban.cases.routes import task_plans
from yueban.catalogue import selectors as catalogue

pytestmark = pytest.mark.django_db


def agency_of_the_first_review(place):
    version = catalogue.get_published("flexible-employment-subsidy", "330602000000")
    materials = SimpleNamespace(filter=lambda **_: [])
    case = SimpleNamespace(
        item_version=version, agency=version.agency, place_division=place, materials=materials
    )
    plan = next(plan for plan in task_plans(case) if plan.key == "town-review")
    return plan.agency_id


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("330602011000", "town-330602011"),  # the applicant's own town
        ("330602000000", "yuecheng-human-resources"),  # only his county is known
        ("330681001000", "yuecheng-human-resources"),  # he lives in another county
    ],
)
def test_the_first_review_is_the_applicants_towns_where_that_is_known(place, code):
    assert agency_of_the_first_review(place) == agencies.get_agency(code).pk
