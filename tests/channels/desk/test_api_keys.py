"""The pages of keys and pushed events: no other division's key, resend and revoke by hand."""

import pytest

from tests import partners, people
from tests.channels.visitors import visitor
from yueban.accounts.models import User
from yueban.agencies.models import Agency
from yueban.agencies.services import give_post
from yueban.divisions.models import Division
from yueban.flows import api_keys, push_events
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.webhooks.models import Delivery, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return visitor(partners.ADMIN)


@pytest.fixture
def elsewhere():
    """The system administrator of another county."""
    user = User.objects.create_user(username="admin-else", name="外系统")
    give_post(user=user, role="system_admin", agency=partners.ELSEWHERE, division=None, actor=SYSTEM)
    return visitor("admin-else")


def subscribed(system: partners.System) -> Subscription:
    holder = api_keys.holder_of(system.secret)
    made = push_events.subscribe(holder, address="https://events.example.gov.cn/", kinds=[])
    people.received()
    push_events.dispatch()
    return made.subscription


@pytest.mark.parametrize("who", [partners.ADMIN, partners.SECURITY])
def test_a_key_is_revoked_with_a_reason_by_either_administrator(who):
    admin = visitor(who)
    system = partners.system()
    path = f"/desk/keys/{system.key.prefix}/revoke"
    assert admin.post(path, {"reason": ""}).status_code == 422
    assert admin.post(path, {"reason": "系统下线"}).status_code == 302
    assert system.ask("get", "/cases").status_code == 401
    assert "系统下线" in admin.get(f"/desk/keys/{system.key.prefix}/").content.decode()


def test_another_divisions_administrator_finds_neither_key_nor_events(elsewhere):
    system = partners.system()
    number = subscribed(system).number
    for path in (f"/desk/keys/{system.key.prefix}/", f"/desk/webhooks/{number}/"):
        assert elsewhere.get(path).status_code == 404
    assert elsewhere.post(f"/desk/keys/{system.key.prefix}/revoke", {"reason": "x"}).status_code == 404
    assert elsewhere.post(f"/desk/webhooks/{number}/end").status_code == 404
    assert system.key.name not in elsewhere.get("/desk/keys/").content.decode()


def test_deliveries_show_what_is_sent_and_are_sent_again(admin):
    subscription = subscribed(partners.system())
    Delivery.objects.update(state="given_up")
    page = admin.get(f"/desk/webhooks/{subscription.number}/").content.decode()
    assert "yueban.case.receive" in page and "示例运输" not in page
    some = Delivery.objects.first()
    answer = admin.post(
        f"/desk/webhooks/{subscription.number}/again", {"delivery": [str(some.pk), "x", "9" * 30]}
    )
    some.refresh_from_db()
    assert (answer.status_code, some.state) == (302, "pending")


def test_a_paused_address_is_resumed_and_an_ended_one_stays_ended(admin):
    subscription = subscribed(partners.system())
    Subscription.objects.update(
        state="paused", failures=100, paused_at=subscription.created_at, why_paused="接收方"
    )
    address = f"/desk/webhooks/{subscription.number}/"
    assert "恢复推送" in admin.get(address).content.decode()
    admin.post(f"{address}resume")
    subscription.refresh_from_db()
    assert (subscription.state, subscription.failures) == ("active", 0)
    admin.post(f"{address}end")
    assert admin.post(f"{address}resume").status_code == 409
    assert admin.post(f"{address}explode").status_code == 404


def test_the_key_of_an_agency_that_is_no_more_is_shown_as_such(admin):
    system = partners.system()
    division = Agency.objects.get(code=partners.HALL).division
    Division.objects.filter(pk=division.pk).update(ended_on=clock.today())
    for address in ("/desk/keys/", f"/desk/keys/{system.key.prefix}/"):
        assert "单位已撤并" in admin.get(address).content.decode()


def test_an_ended_address_shows_why(admin):
    system = partners.system()
    number = subscribed(system).number
    api_keys.revoke_key(people.actor(partners.SECURITY), system.key.prefix, reason="系统下线")
    page = admin.get(f"/desk/webhooks/{number}/").content.decode()
    assert "密钥已吊销" in page and "已搁置" in page and "补发选中的" not in page


def test_a_longer_list_asks_no_more_questions(admin, django_assert_max_num_queries):
    for _ in range(4):
        partners.system()
    admin.get("/desk/keys/")
    with django_assert_max_num_queries(16):
        admin.get("/desk/keys/")
