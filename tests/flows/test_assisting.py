"""Helpers and windows fill in and hand in for somebody: who may, on which mandate, and that it happens once."""

import pytest

from tests import village
from yueban.audit import selectors as audit
from yueban.cases.choices import CaseState
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def villager():
    return village.settle()


def test_a_helper_hands_in_on_a_mandate_and_it_is_received_at_once(villager):
    case = village.handed_in()
    assert case.state == CaseState.RECEIVED
    assert (case.intake_agency.code, case.intake_division) == (village.TOWN, village.PLACE)
    assert case.mandate_number.startswith("WT")
    for event in audit.events_of(Reference("case", case.number)):
        assert event.actor["name"] == "许代办"
        assert event.actor["mandate"] == case.mandate_number
        assert [party["name"] for party in event.actor["parties"]] == [villager.name]
