"""推送: each enterprise is told of each offer once a year, not at night, not too often, and not against its will."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from tests import people
from tests.matching.world import DIGITAL, HIRES, YOUNG, alone, firm, offers, tell
from yueban.flows import push_offers
from yueban.kernel import clock
from yueban.matching import push_counts, pushing, services, table, tasks
from yueban.matching.models import Push
from yueban.notifications.models import Message
from yueban.parties.models import Representation

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=clock.BEIJING)


@pytest.fixture(autouse=True)
def at_noon():
    at(NOON)
    table._held.clear()
    alone()


def at(moment):
    clock.set_source(lambda: moment)


@pytest.fixture
def rich():
    party = firm(1)
    tell(party, digital_investment=500_000, new_hires=9, founded_on="2025-06-01")
    Representation.objects.create(user_id=people.actor("zhao").user_id, party=party, relation="legal_person")
    return party


def signed(versions):
    for version in versions.values():
        tasks.match_offers([version.pk])


def refuse(party):
    return services.set_wishes(party.pk, services.Wishes(refuses=True), user_id=None, known_topics=())


def messages():
    return list(Message.objects.filter(event__startswith=push_offers.EVENT).values_list("body", flat=True))


def test_who_certainly_meets_a_signed_offer_is_listed_once_a_year_and_nobody_else(rich, tmp_path):
    silent = firm(2)
    tell(silent, employees=5)
    versions = offers(tmp_path, digital=DIGITAL)
    signed(versions)
    signed(versions)
    assert list(Push.objects.values_list("party_id", "state")) == [(rich.pk, "waiting")]
    at(NOON.replace(year=2027))
    signed(versions)
    assert Push.objects.count() == 2


def test_what_is_listed_is_told_once_to_whoever_stands_for_the_enterprise(rich, tmp_path):
    signed(offers(tmp_path, digital=DIGITAL))
    assert push_offers.send_due() == 1
    assert push_offers.send_due() == 0
    assert messages() == ["试行digital：按现有信息符合条件，请在“为您匹配”里查看。"]


@pytest.mark.parametrize(("hour", "sent"), [(20, 1), (21, 0), (7, 0), (8, 1)])
def test_nobody_is_told_at_night(rich, tmp_path, hour, sent):
    signed(offers(tmp_path, digital=DIGITAL))
    at(NOON.replace(hour=hour))
    assert push_offers.send_due() == sent


def test_of_more_than_three_offers_in_a_week_the_others_wait(rich, tmp_path, monkeypatch):
    monkeypatch.setattr(pushing, "MOST", 2)
    signed(offers(tmp_path, digital=DIGITAL, hires=HIRES, young=YOUNG))
    assert push_offers.send_due() == 2
    at(NOON + timedelta(days=6))
    assert push_offers.send_due() == 0
    at(NOON + timedelta(days=7, hours=1))
    assert push_offers.send_due() == 1


def test_an_enterprise_that_wants_no_pushes_gets_none_until_it_wants_them_again(rich, tmp_path):
    versions = offers(tmp_path, digital=DIGITAL, hires=HIRES)
    signed({"digital": versions["digital"]})
    refuse(rich)
    assert not refuse(rich)
    signed({"hires": versions["hires"]})
    assert push_offers.send_due() == 0
    services.set_wishes(rich.pk, services.Wishes(), user_id=None, known_topics=())
    signed(versions)
    assert push_offers.send_due() == 2


def test_a_process_killed_while_telling_loses_nothing_and_tells_nothing_twice(rich, tmp_path, monkeypatch):
    signed(offers(tmp_path, digital=DIGITAL))

    def die(_notes):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(push_offers.notifications, "notify_many", die)
        push_offers.send_due()
    assert Push.objects.get().state == "waiting"
    assert push_offers.send_due() == 1
    assert len(messages()) == 1


def test_the_way_from_listed_to_looked_at_is_counted(rich, tmp_path):
    signed(offers(tmp_path, digital=DIGITAL, hires=HIRES))
    services.mark_viewed(rich.pk, ["try-hires"])
    push_offers.send_due()
    services.mark_viewed(rich.pk, ["try-digital"])
    told = push_counts.standing_of(2026, ["try-digital", "try-hires"])
    assert (told["try-digital"].told, told["try-digital"].viewed) == (1, 1)
    assert (told["try-hires"].listed, told["try-hires"].viewed) == (1, 0)


def test_messages_and_marks_are_one_transaction(rich, tmp_path):
    signed(offers(tmp_path, digital=DIGITAL))
    sid = transaction.savepoint()
    push_offers.send_due()
    transaction.savepoint_rollback(sid)
    assert not messages() and Push.objects.get().sent_at is None
