"""A demo begins with work in every inbox, and loading again adds nothing."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests import people
from yueban.approvals.models import PublicNotice
from yueban.approvals.selectors import inbox
from yueban.cases.models import Case
from yueban.flows.load_examples import load_examples
from yueban.kernel.errors import NotAllowed

PACK = Path(django_settings.CITY_DIR)

pytestmark = pytest.mark.django_db


def test_every_role_of_the_case_finds_something_to_do():
    assert load_examples(PACK) == 6
    assert Counter(Case.objects.values_list("state", flat=True)) == {
        "ready": 1,
        "supplementing": 1,
        "accepted": 1,
        "applied": 1,
        "received": 1,
        "reviewing": 1,
    }
    assert PublicNotice.objects.filter(state="running").count() == 1
    at_work = (
        people.CLERK,
        people.REVIEWER,
        people.VEHICLE_CHECKER,
        people.QUALIFICATION_CHECKER,
        "clerk-lu",
    )
    for username in at_work:
        assert inbox(people.actor(username)).exists(), username


def test_loading_again_adds_nothing():
    load_examples(PACK)
    assert load_examples(PACK) == 0
    assert Case.objects.count() == 6


def test_examples_never_reach_a_production_instance(settings):
    settings.YUEBAN_DEMO = False
    with pytest.raises(NotAllowed):
        load_examples(PACK)
