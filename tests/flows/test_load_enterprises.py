"""演示企业: the same ones every time, right in every digit, nobody's; a load that was stopped goes on where it was."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from yueban.elements import selectors as elements
from yueban.flows import load_enterprises as flow
from yueban.flows.made_enterprises import AS_OF, INDUSTRY, PART, made
from yueban.flows.made_mix import NAMES, STRIDE, code_of, name_of, number_of, read_mix
from yueban.kernel.codes import uscc
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.errors import NotAllowed
from yueban.parties import selectors, services
from yueban.parties.enterprise_facts import checked_facts, facts_of
from yueban.parties.models import EnterpriseFacts, Party

CITY = Path(__file__).parents[2] / "cities" / "shaoxing"
MIX = read_mix(CITY)
SOME = list(made(MIX, seed=1, first=0, until=PART))


def all_facts(element: str) -> list[object]:
    told = [json.loads(one.facts) for row in SOME for one in row.told]
    return [facts[element] for facts in told if element in facts]


def test_the_same_seed_makes_the_same_enterprises_whatever_is_made_before():
    assert list(made(MIX, seed=1, first=100, until=120)) == SOME[100:120]
    assert [row.told for row in made(MIX, seed=2, first=0, until=20)] != [row.told for row in SOME[:20]]


def test_every_code_is_right_and_of_a_region_that_cannot_exist():
    codes = [code_of(seed, index) for seed in (1, 2) for index in (0, 1, 999, 265_999)]
    assert all(uscc.is_valid(code, profile=Profile.DEMO) for code in codes)
    assert not any(uscc.is_valid(code, profile=Profile.NATIONAL) for code in codes)
    assert all(uscc.organisation_code(code[8:16]) == code[8:17] for code in codes)
    assert len(set(codes)) == len(codes)


def test_no_code_is_one_of_the_casts():
    assert not any(code_of(seed, 0).startswith("91999999MA") for seed in range(40))


def test_every_name_says_that_it_is_made_up_and_no_two_are_the_same():
    names = {name_of(MIX.counties[0], MIX.industries[0], index, "limited") for index in range(MIX.count)}
    assert len(names) == MIX.count
    assert np.gcd(NAMES, STRIDE) == 1
    assert all("拟" in row.name and row.name.endswith("（演示）") for row in SOME)
    assert all(one.source.endswith("（演示）") for row in SOME for one in row.told)


@pytest.mark.django_db
def test_every_fact_is_an_element_and_every_value_is_stored_as_it_would_be_kept():
    for row in SOME[:300]:
        for one in row.told:
            facts = json.loads(one.facts)
            assert checked_facts(facts) == facts


@pytest.mark.django_db
def test_every_source_is_ranked_by_the_city():
    from yueban.parties.models import FactSource

    ranked = set(FactSource.objects.values_list("name", flat=True))
    assert {one.source for row in SOME for one in row.told} <= ranked


def test_of_some_nothing_is_known_of_some_that_there_is_nothing_and_some_have_expired():
    revenue, expense = all_facts("enterprise.revenue"), all_facts("enterprise.rd_expense")
    assert 0.85 < len(revenue) / PART < 0.97
    assert {"absent": True} in expense
    assert any(isinstance(one, int) for one in expense)
    ends = [one.expires_on for row in SOME for one in row.told if one.expires_on]
    assert ends and all(day < AS_OF for day in ends)


def test_counties_and_industries_are_mixed_as_the_city_says():
    shares = MIX.shares().sum(axis=1)
    for county, share in zip(MIX.counties, shares, strict=True):
        found = sum(row.division == county.division for row in SOME) / PART
        assert abs(found - share) < 0.04
    socks = [row for row in SOME if "袜业" in row.name]
    assert sum("诸暨" in row.name for row in socks) > len(socks) * 0.7


def test_the_small_are_many_and_the_large_are_few_but_there():
    staff = np.array([one for one in all_facts("enterprise.employees") if isinstance(one, int)])
    assert np.median(staff) < 15
    assert (staff > 300).any()
    assert (staff <= 300).mean() > 0.97


def test_recognitions_of_this_year_and_of_before_are_those_held():
    for row in SOME:
        facts = next((json.loads(one.facts) for one in row.told if one.source == INDUSTRY), {})
        names = ("enterprise.honours", "enterprise.honours_this_year", "enterprise.honours_before")
        if all(name in facts for name in names):
            held, fresh, before = (set(facts[name]) for name in names)
            assert held == fresh | before


@pytest.mark.django_db
def test_a_load_brings_what_is_missing_and_again_nothing():
    first = flow.load_enterprises(CITY, count=30)
    more = flow.load_enterprises(CITY, count=50)
    again = flow.load_enterprises(CITY, count=50)
    assert [first.created, more.created, more.there_before, again.created] == [30, 20, 30, 0]
    assert more.rows_of_facts == sum(len(row.told) for row in SOME[30:50])
    rows = Party.objects.filter(number__startswith="demo-")
    assert (rows.count(), EnterpriseFacts.objects.filter(party__in=rows).count()) == (
        50,
        first.rows_of_facts + more.rows_of_facts,
    )


@pytest.mark.django_db
def test_what_was_loaded_is_found_by_its_code_and_says_what_was_made():
    flow.load_enterprises(CITY, count=12)
    party = selectors.find_enterprise_by_code(code_of(1, 7))
    assert (party.number, party.name, party.kind) == (number_of(1, 7), SOME[7].name, "enterprise")
    assert selectors.id_number_of(party) == code_of(1, 7)
    found = facts_of(party.pk, AS_OF)
    stated = [code for one in SOME[7].told if one.expires_on is None for code in json.loads(one.facts)]
    assert set(stated) <= found.keys()
    assert set(stated) <= elements.dictionary().elements.keys()


@pytest.mark.django_db
def test_a_part_that_fails_leaves_nothing_behind():
    rows = list(made(MIX, seed=1, first=0, until=10))
    broken = [*rows[:-1], replace(rows[-1], code=rows[0].code)]
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        services.add_enterprises(broken)
    assert not Party.objects.filter(number__startswith="demo-").exists()
    assert flow.load_enterprises(CITY, count=10).created == 10


@pytest.mark.django_db
def test_progress_is_told_to_the_end():
    said: list[str] = []
    flow.load_enterprises(CITY, count=10, progress=said.append)
    assert "10/10（100%" in said[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, -1, MIX.count + 1])
def test_a_number_that_cannot_be_is_refused(count):
    with pytest.raises(NotAllowed, match="企业数"):
        flow.load_enterprises(CITY, count=count)


@pytest.mark.django_db
def test_nobody_made_up_comes_into_a_real_city(monkeypatch):
    monkeypatch.setattr(settings, "YUEBAN_DEMO", False)
    with pytest.raises(NotAllowed, match="演示环境"):
        flow.load_enterprises(CITY, count=1)
