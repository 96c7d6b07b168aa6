"""Candidates of a list: found by matching, judged exactly, right at once whatever has just changed."""

import pytest

from tests.claims import making
from tests.matching.world import firm
from yueban.divisions import selectors as divisions
from yueban.flows import auto_candidates, auto_grant
from yueban.matching import services as matching
from yueban.matching import table
from yueban.matching.models import MatchResult, MatchRun
from yueban.parties import enterprise_facts
from yueban.parties import selectors as parties

pytestmark = pytest.mark.django_db
MEETS = {"digital_investment": 2_000_000, "is_dishonest": False}
PRIZE = [{"key": "prize", "label": "奖励", "gives": {"kind": "fixed", "amount": "300000"}}]


@pytest.fixture(autouse=True)
def november():
    making.november()
    making.nothing_known()
    table._held.clear()


@pytest.fixture
def version():
    return making.offer("auto", redemption="auto", benefits=PRIZE)


def here(number, **facts):
    party = firm(number)
    party.division_code = making.COUNTY
    party.save()
    if facts:
        making.told(party, facts)
    return party


def names(found):
    return {entry.party_name for entry in found.entries.all()}


def listed():
    return auto_grant.make(making.checker(), "auto")


def test_only_candidates_are_judged_one_by_one(version, monkeypatch):
    rich = here(1, **MEETS)
    for number in range(2, 8):
        here(number, digital_investment=500)
    judged = []
    ask = enterprise_facts.facts_of_many

    def asked(ids, on):
        judged.extend(ids)
        return ask(ids, on)

    monkeypatch.setattr(enterprise_facts, "facts_of_many", asked)
    assert names(listed()) == {rich.name}
    assert judged == [rich.pk]


def test_finding_candidates_takes_as_many_questions_for_many_enterprises_as_for_few(
    version, django_assert_num_queries
):
    counts = []
    for first, last in ((1, 3), (3, 40)):
        for number in range(first, last):
            here(number, **MEETS)
        matching.run_due([version])
        with django_assert_num_queries(15, exact=False) as asked:
            found = auto_candidates.find(version, ())
        assert len(found.party_ids) == last - 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_of_an_offer_nobody_has_matched_yet_the_list_is_right(version):
    rich = here(1, **MEETS)
    assert not MatchResult.objects.filter(offer_version=version).exists()
    assert names(listed()) == {rich.name}
    assert MatchResult.objects.filter(offer_version=version).count() == 1


def test_facts_that_changed_since_the_last_run_count(version):
    here(1, **MEETS)
    matching.run_all()
    here(2, **MEETS)
    making.told(firm(1), MEETS | {"digital_investment": 500})
    found = listed()
    assert names(found) == {firm(2).name}


def test_nothing_is_matched_again_where_nothing_has_changed(version):
    here(1, **MEETS)
    matching.run_due([version])
    runs = MatchRun.objects.count()
    matching.run_due([version])
    listed()
    assert MatchRun.objects.count() == runs


def test_who_lies_elsewhere_or_is_listed_already_is_no_candidate(version):
    rich, elsewhere = here(1, **MEETS), here(2, **MEETS)
    elsewhere.division_code = "330624000000"
    elsewhere.save()
    assert auto_candidates.find(version, ()).party_ids == [rich.pk]
    assert auto_candidates.find(version, {rich.pk}).party_ids == []


def test_of_whom_too_little_or_nothing_is_known_is_counted_and_not_listed(version):
    here(1, **MEETS)
    here(2, employees=5)
    here(3)
    everybody, silent = parties.count_enterprises(divisions.prefix_of(making.COUNTY))
    found = auto_candidates.find(version, ())
    assert found.looked_at == everybody
    assert found.not_known == silent + 1
    assert silent >= 1
    assert names(listed()) == {firm(1).name}


def test_an_enterprises_own_word_makes_a_candidate_and_lists_nobody(version):
    party = here(1)
    making.told(party, MEETS, source=making.OWN_WORD)
    assert auto_candidates.find(version, ()).party_ids == [party.pk]
    found = listed()
    assert names(found) == set()
    assert found.not_known > auto_candidates.find(version, ()).not_known
