"""政策推送 for an enterprise: the message leads to the offer, opening it is seen, and its wishes hold."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from tests import people
from tests.channels.visitors import visitor
from tests.matching.world import DIGITAL, HIRES, alone, offers, tell
from yueban.flows import push_offers
from yueban.kernel import clock
from yueban.matching import table, tasks
from yueban.matching.models import Push, PushSetting
from yueban.parties.models import Party

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=clock.BEIJING)
ADDRESS = "/my/push"


@pytest.fixture(autouse=True)
def at_noon():
    clock.set_source(lambda: NOON)
    table._held.clear()
    alone()


@pytest.fixture
def company():
    party = Party.objects.get(number="shili-transport")
    tell(party, digital_investment=500_000, new_hires=9)
    return party


def told(tmp_path, **conditions):
    for version in offers(tmp_path, **conditions).values():
        tasks.match_offers([version.pk])
    return push_offers.send_due()


def typed(**changed):
    kept = {"on": "yes", "reason": "", "topics": ["economy-it"], "quiet_from": "21", "quiet_until": "8"}
    return kept | changed


def test_the_message_leads_to_the_page_of_the_offer_and_opening_it_is_seen(company, tmp_path):
    assert told(tmp_path, digital=DIGITAL) == 1
    owner = visitor(people.OWNER)
    inbox = owner.get("/my/messages").content.decode()
    link = re.search(r'href="(/r/offer/[^"]+)"', inbox)
    assert "有一项政策适合您的企业" in inbox and link is not None
    assert Push.objects.get().viewed_at is None
    page = owner.get(link[1], follow=True)
    assert page.status_code == 200 and page.redirect_chain[-1][0] == "/policies/try-digital/"
    assert "试行digital" in page.content.decode()
    assert Push.objects.get().viewed_at == NOON


def test_only_those_who_stand_for_the_enterprise_are_seen_to_look_and_only_the_first_time(company, tmp_path):
    told(tmp_path, digital=DIGITAL)
    for other in (None, people.STRANGER, people.REVIEWER):
        visitor(other).get("/policies/try-digital/")
    assert Push.objects.get().viewed_at is None
    owner = visitor(people.OWNER)
    owner.get("/policies/try-digital/")
    clock.set_source(lambda: NOON + timedelta(hours=2))
    owner.get("/policies/try-digital/")
    assert Push.objects.get().viewed_at == NOON


def test_the_page_lists_what_the_enterprise_was_told_and_when(company, tmp_path):
    told(tmp_path, digital=DIGITAL)
    shown = visitor(people.OWNER).get(ADDRESS).content.decode()
    assert "试行digital" in shown and "推送时符合条件" in shown and "还没有查看" in shown
    assert "试行digital" not in visitor(people.STRANGER).get(ADDRESS).content.decode()


def test_who_turns_pushes_off_is_told_of_nothing_until_he_takes_it_back(company, tmp_path):
    owner = visitor(people.OWNER)
    answer = owner.post(ADDRESS, typed(on="no", reason="由财务统一看"), follow=True)
    assert "现在不推送" in answer.content.decode()
    kept = PushSetting.objects.get()
    assert (kept.refused_at, kept.reason) == (NOON, "由财务统一看")
    assert told(tmp_path, digital=DIGITAL) == 0
    assert "现在不推送" not in owner.post(ADDRESS, {"act": "undo"}, follow=True).content.decode()
    assert push_offers.send_due() == 1


def test_offers_of_a_department_that_is_not_wanted_are_not_told(company, tmp_path):
    told(tmp_path, digital=DIGITAL)
    visitor(people.OWNER).post(ADDRESS, typed(topics=[]))
    assert "economy-it" in PushSetting.objects.get().muted
    assert told(tmp_path, digital=DIGITAL, hires=HIRES) == 0


def test_quiet_hours_may_be_longer_and_never_shorter(company, tmp_path):
    owner = visitor(people.OWNER)
    refused = owner.post(ADDRESS, typed(quiet_from="22", quiet_until="6"))
    assert refused.status_code == 422 and not PushSetting.objects.exists()
    shown = refused.content.decode()
    assert "免打扰最晚从21点开始" in shown and "免打扰最早到8点结束" in shown
    owner.post(ADDRESS, typed(quiet_from="18", quiet_until="10"))
    clock.set_source(lambda: NOON.replace(hour=9))
    assert told(tmp_path, digital=DIGITAL) == 0
    clock.set_source(lambda: NOON.replace(hour=18))
    assert push_offers.send_due() == 0
    clock.set_source(lambda: NOON.replace(hour=17))
    assert push_offers.send_due() == 1


def test_who_stands_for_no_enterprise_has_nothing_to_set(company):
    citizen = visitor(people.CITIZEN)
    assert "您现在没有代表企业" in citizen.get(ADDRESS).content.decode()
    citizen.post(ADDRESS, typed(on="no"))
    assert not PushSetting.objects.exists()


def test_the_page_is_in_english_too(company):
    with translation.override("en"):
        owner = visitor(people.OWNER)
        owner.cookies["django_language"] = "en"
        shown = owner.get(ADDRESS).content.decode()
    assert "News of offers" in shown and "Quiet hours" in shown and "17:00" in shown


def test_listing_again_takes_off_who_no_longer_meets_the_offer_and_has_not_been_told(company, tmp_path):
    version = offers(tmp_path, digital=DIGITAL)["digital"]
    tasks.match_offers([version.pk])
    tell(company, digital_investment=1, new_hires=9)
    tasks.match_the_new_day()
    assert push_offers.send_due() == 0 and not Push.objects.exists()
