"""为您匹配: every offer in force in its group at once after anything changed, page by page, found by words."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.claims import making
from yueban.claims import selectors as claims
from yueban.elements import selectors as elements
from yueban.expressions import Truth
from yueban.flows import offers_for
from yueban.flows.offers_for import ELIGIBLE, NEAR, NOT, UNKNOWN
from yueban.kernel import clock
from yueban.parties import enterprise_facts
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

pytestmark = pytest.mark.django_db
VALUES = {ELIGIBLE: Truth.TRUE, NEAR: Truth.FALSE, UNKNOWN: Truth.UNKNOWN, NOT: Truth.FALSE}


@pytest.fixture(autouse=True)
def november():
    making.november()


def groups(words=""):
    actor = people.actor(people.OWNER)
    return offers_for.groups_for(actor, making.company().pk, words)


def group_of(version):
    return next(group for group, pks in groups().versions.items() if version.pk in pks)


def test_every_offer_stands_in_the_group_that_it_is_assessed_to_be_in():
    found, party = groups(), making.company()
    known = enterprise_facts.facts_of(party.pk, clock.today())
    stands = {pk: group for group, pks in found.versions.items() for pk in pks}
    holds = [one for one in policies.offers_in_force(clock.today()) if offers_for.applies_to(one, party)]
    assert set(stands) == {one.pk for one in holds}
    assert len(holds) > 50
    for version in holds:
        assessed = claims.assess(
            policies.standard_of(version), known, on=clock.today(), vocabulary=elements.vocabulary()
        )
        assert VALUES[stands[version.pk]] is assessed.value, version.name
    assert all(found.versions[group] for group in (ELIGIBLE, UNKNOWN, NOT))


def test_a_fact_that_has_just_changed_moves_an_offer_at_once():
    version = making.offer()
    making.nothing_known()
    assert group_of(version) == UNKNOWN
    for invested, group in ((500, NEAR), (100_000, ELIGIBLE), (99_999, NEAR)):
        making.told(making.company(), {"digital_investment": invested})
        assert group_of(version) == group


def test_what_expires_is_unknown_the_day_after():
    version = making.offer()
    making.nothing_known()
    making.told(making.company(), {"digital_investment": 500_000}, expires_on=date(2026, 11, 23))
    assert group_of(version) == ELIGIBLE
    making.november(24)
    assert group_of(version) == UNKNOWN


def test_an_offer_that_was_just_signed_is_there_and_one_that_ended_is_not():
    before = groups().versions
    version = making.offer()
    assert sum(map(len, groups().versions.values())) == sum(map(len, before.values())) + 1
    OfferVersion.objects.filter(pk=version.pk).update(in_force_to=date(2026, 11, 22))
    assert groups().versions == before


def test_what_holds_in_the_whole_country_or_province_holds_here_and_another_countys_does_not():
    version = making.offer()
    policy = version.offer.policy
    for place, holds in (("000000000000", True), ("330000000000", True), ("330681000000", False)):
        policy.division_code = place
        policy.save()
        assert (version.pk in [pk for pks in groups().versions.values() for pk in pks]) is holds


def test_offers_are_found_by_every_word():
    version = making.offer(name="试行名称甲", summary="水上光伏")
    for words in ("名称甲", "水上 名称甲", "光伏"):
        assert version.pk in [pk for pks in groups(words).versions.values() for pk in pks]
    assert not any(groups("名称甲 无此词").versions.values())


def test_many_offers_take_as_many_questions_as_few():
    actor, party = people.actor(people.OWNER), making.company()
    counts = []
    for many in (1, 12):
        for place in range(many):
            making.offer(f"more-{many}-{place}")
        groups()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = offers_for.groups_for(actor, party.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
    with CaptureQueriesContext(connection) as asked:
        shown = found.shown(found.versions[UNKNOWN][:20])
    assert len(asked) <= 8
    assert [one.version.pk for one in shown] == found.versions[UNKNOWN][:20]


def test_the_page_turns_and_keeps_group_and_words(client):
    making.nothing_known()
    for place in range(25):
        making.offer(f"turn-{place}", name=f"翻页事项{place:02d}")
    client.force_login(people.user(people.OWNER))
    first = client.get("/my/policies/", {"group": UNKNOWN, "q": "翻页事项"}).content.decode()
    assert "翻页事项19" in first
    assert "翻页事项20" not in first
    assert "待补充数据 25" in first
    second = client.get("/my/policies/", {"group": UNKNOWN, "q": "翻页事项", "page": 2}).content.decode()
    assert "翻页事项20" in second
    assert "翻页事项19" not in second
    nothing = client.get("/my/policies/", {"group": "eligible", "q": "翻页事项"}).content.decode()
    assert "没有找到" in nothing


def test_a_full_page_takes_as_many_questions_as_a_short_one(client):
    making.nothing_known()
    for place in range(25):
        making.offer(f"turn-{place}", name=f"翻页事项{place:02d}")
    client.force_login(people.user(people.OWNER))
    asked = []
    for page in (1, 1, 2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/my/policies/", {"group": UNKNOWN, "q": "翻页事项", "page": page})
        asked.append(len(queries))
    assert asked[1] == asked[2]
