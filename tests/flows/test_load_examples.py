"""A demo begins with work in every inbox, and loading again adds nothing."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests import people
from yueban.approvals.models import PublicNotice
from yueban.approvals.selectors import inbox
from yueban.cases.models import Case
from yueban.flows import supervise
from yueban.flows.load_examples import load_examples
from yueban.kernel.errors import NotAllowed
from yueban.oversight import selectors as oversight
from yueban.oversight.models import Entry

PACK = Path(django_settings.CITY_DIR)

pytestmark = pytest.mark.django_db


def test_every_role_of_the_case_finds_something_to_do():
    assert load_examples(PACK) == 7
    assert Counter(Case.objects.values_list("state", flat=True)) == {
        "ready": 1,
        "supplementing": 2,
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


def test_the_supervisor_finds_entries_that_the_rules_raised_and_one_answer_to_strike_off():
    load_examples(PACK)
    supervisor = people.actor(people.SUPERVISOR)
    entries = oversight.entries_visible_to(supervisor)
    states = dict(entries.values_list("rule", "state"))
    assert states == {"R04": "answered", "R09": "open"}
    answered = entries.get(rule="R04")
    case = Case.objects.get(number=answered.reference_number)
    assert (case.supplements_asked, case.state) == (2, "supplementing")
    supervise.run_rules()
    assert entries.count() == 2


def test_loading_again_adds_nothing():
    load_examples(PACK)
    assert load_examples(PACK) == 0
    assert (Case.objects.count(), Entry.objects.count()) == (7, 2)


def test_examples_never_reach_a_production_instance(settings):
    settings.YUEBAN_DEMO = False
    with pytest.raises(NotAllowed):
        load_examples(PACK)
