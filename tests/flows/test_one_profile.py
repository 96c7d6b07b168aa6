"""One profile and the table of all say the same of an enterprise: sources, expiry and what follows from facts."""

from datetime import date
from pathlib import Path

import pytest

from yueban.elements import selectors as elements
from yueban.flows import load_enterprises
from yueban.matching.profiles import build
from yueban.matching.reading import read_all
from yueban.parties.enterprise_facts import facts_of_many, plain

pytestmark = pytest.mark.django_db
CITY = Path(__file__).parents[2] / "cities" / "shaoxing"
TODAY = date(2026, 11, 20)


def test_the_table_holds_of_each_what_its_profile_says():
    load_enterprises.load_enterprises(CITY, count=300)
    vocabulary = elements.vocabulary()
    profiles = build(read_all(TODAY), vocabulary, on=TODAY)
    of_each = facts_of_many(list(profiles.slots), TODAY)
    assert len(of_each) > 300
    for party_id, slot in profiles.slots.items():
        facts, sources = profiles.facts_at(slot, vocabulary)
        assert facts == plain(of_each[party_id])
        assert sources == {code: one.source for code, one in of_each[party_id].items()}
