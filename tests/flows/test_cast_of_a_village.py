"""The cast of 坡塘村: facts with their sources, a helper of one village, kin, and an employee's mandate."""

import pytest

from tests import people
from yueban.flows.load_cast import load_cast
from yueban.parties import selectors as parties
from yueban.parties.models import Mandate, Party, Profile

pytestmark = pytest.mark.django_db


def test_a_villagers_facts_each_carry_their_source_and_day():
    villager = Party.objects.get(number="lin-person")
    facts = parties.known_facts(villager.pk)
    assert facts["subsidy.paid_amount"].source.startswith("社会保险经办机构")
    assert facts["person.born_on"].as_of.isoformat() == "2026-10-31"
    assert villager.born_on.isoformat() == "1969-05-12"


def test_a_helper_holds_one_post_in_one_village():
    post = people.actor("helper-xu").posts[0]
    assert (post.role, post.agency, post.division) == ("helper", "town-330602011", "330602011220")


def test_an_employee_acts_for_the_company_only_in_the_items_of_his_mandate():
    held = next(party for party in people.actor("sun").parties if party.kind == "enterprise")
    assert held.relation == "mandatary"
    assert held.items == ("road-freight-permit", "road-transport-certificate")


def test_loading_the_cast_again_doubles_nothing(settings):
    before = (Party.objects.count(), Profile.objects.count(), Mandate.objects.count())
    load_cast(settings.CITY_DIR)
    assert (Party.objects.count(), Profile.objects.count(), Mandate.objects.count()) == before
