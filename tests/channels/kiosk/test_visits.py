"""One visit at a terminal: only registered ones open, a card and a second factor, nothing left for the next."""

import re
import time

import pytest
from django.test import Client

from tests import people
from tests.channels.kiosk_visitors import KIOSK, at_kiosk, put_card, tail_of, terminal
from yueban.audit import selectors as audit
from yueban.flows import kiosks, sessions
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference
from yueban.outlets.models import Kiosk

pytestmark = pytest.mark.django_db
SCREENS = ("", "do/", "find?q=gjj", "services", "track", "windows", "progress", "verify", "card", "devices")


def test_a_browser_that_is_no_registered_terminal_is_shown_out():
    for screen in SCREENS:
        answer = Client().get(f"/kiosk/{screen}")
        assert (answer.status_code, answer["Location"]) == (302, "/kiosk/register"), screen


@pytest.mark.parametrize("key", ["", "wrong", "0" * 32])
def test_a_wrong_key_opens_nothing(key):
    client = Client()
    answer = client.post("/kiosk/register", {"code": KIOSK, "key": key})
    assert answer.status_code == 422
    assert "yueban_kiosk" not in answer.cookies
    client.cookies["yueban_kiosk"] = f"{KIOSK}:{key}"
    assert client.get("/kiosk/")["Location"] == "/kiosk/register"


def test_a_registered_terminal_says_where_it_stands_and_offers_three_ways():
    page = terminal().get("/kiosk/").content.decode()
    assert "越城区政务服务中心 1 号自助终端" in page
    assert len(re.findall(r'<ul class="ways-out">(.*?)</ul>', page, re.DOTALL)[0].split("<li>")) - 1 == 3


@pytest.mark.parametrize(
    "screen", ["", "do/", "do/?page=2", "find?q=l", "services", "track", "card", "windows"]
)
def test_no_screen_offers_more_than_three_choices(screen):
    page = terminal().get(f"/kiosk/{screen}").content.decode()
    for chosen in re.findall(r'<ul class="(?:ways-out|card places)[^"]*">(.*?)</ul>', page, re.DOTALL):
        assert 1 <= chosen.count("<li") <= 3


def test_a_revoked_terminal_is_closed_at_its_next_request():
    client = terminal()
    kiosks.revoke(SYSTEM, KIOSK)
    assert client.get("/kiosk/")["Location"] == "/kiosk/register"
    kiosk = Kiosk.objects.get(code=KIOSK)
    assert kiosk.revoked_at is not None


def test_a_new_key_closes_who_holds_the_old_one():
    client = terminal()
    key = kiosks.renew_key(SYSTEM, KIOSK)
    assert client.get("/kiosk/").status_code == 302
    client.post("/kiosk/register", {"code": KIOSK, "key": key})
    assert client.get("/kiosk/").status_code == 200


def test_the_key_of_a_terminal_lies_nowhere_readable():
    key = kiosks.demo_key(KIOSK)
    assert key.encode() not in bytes(Kiosk.objects.get(code=KIOSK).key_cipher)


def test_every_answer_forbids_to_keep_it():
    client = at_kiosk(people.OWNER)
    for screen in (*SCREENS, "my/", "papers/", "alive", "register"):
        assert "no-store" in client.get(f"/kiosk/{screen}")["Cache-Control"], screen


def test_a_card_alone_signs_nobody_in():
    client = terminal()
    answer = client.post("/kiosk/card", {"card": people.OWNER, "next": "/kiosk/papers/"})
    assert answer["Location"].startswith("/kiosk/card/confirm")
    assert client.get("/kiosk/my/")["Location"].startswith("/kiosk/card?")
    page = client.get(answer["Location"]).content.decode()
    assert "99999919850316001X" not in page
    assert "陈示例" in page


def test_the_second_factor_leads_where_the_person_was_going():
    client = terminal()
    client.post("/kiosk/card", {"card": people.OWNER, "next": "/kiosk/papers/"})
    answer = client.post("/kiosk/card/confirm", {"answer": tail_of(people.OWNER), "next": "/kiosk/papers/"})
    assert answer["Location"] == "/kiosk/papers/"
    assert client.get("/kiosk/papers/").status_code == 200


@pytest.mark.parametrize(
    "away", ["//evil.example", "https://evil.example/", "/desk/", "/kiosk//evil.example"]
)
def test_signing_in_leads_nowhere_but_within_the_kiosk(away):
    client = terminal()
    client.post("/kiosk/card", {"card": people.OWNER})
    answer = client.post("/kiosk/card/confirm", {"answer": tail_of(people.OWNER), "next": away})
    assert answer["Location"] == "/kiosk/"


def test_three_wrong_answers_begin_anew_and_five_in_an_hour_stop_the_card():
    client = terminal()
    client.post("/kiosk/card", {"card": people.OWNER})
    found = [client.post("/kiosk/card/confirm", {"answer": "9999"}).status_code for _ in range(3)]
    assert found == [422, 422, 403]
    assert client.post("/kiosk/card/confirm", {"answer": tail_of(people.OWNER)}).status_code == 403
    client.post("/kiosk/card", {"card": people.OWNER})
    for _ in range(2):
        client.post("/kiosk/card/confirm", {"answer": "9999"})
    other = terminal()
    other.post("/kiosk/card", {"card": people.OWNER})
    assert other.post("/kiosk/card/confirm", {"answer": tail_of(people.OWNER)}).status_code == 403


def test_a_card_that_nobody_has_is_not_read():
    assert terminal().post("/kiosk/card", {"card": "nobody"}).status_code == 404


def test_who_signs_in_at_a_kiosk_acts_in_that_channel_and_the_audit_knows_which():
    at_kiosk(people.OWNER)
    events = audit.events_of(Reference("user", str(people.user(people.OWNER).pk)))
    last = list(events)[-1]
    assert (last.kind, last.actor["channel"], last.data["kiosk"]) == ("sign_in", "kiosk", KIOSK)


def test_a_member_of_staff_is_at_a_kiosk_as_himself_alone():
    client = at_kiosk(people.CITIZEN)
    assert client.get("/kiosk/my/").status_code == 200
    events = audit.events_of(Reference("user", str(people.user(people.CITIZEN).pk)))
    assert list(events)[-1].actor["posts"] == []


def test_a_session_that_began_elsewhere_is_nobodys_at_the_kiosk():
    client = terminal()
    client.force_login(people.user(people.OWNER))
    assert client.get("/kiosk/my/")["Location"].startswith("/kiosk/card?")


def test_a_session_of_one_kiosk_is_nobodys_at_another():
    client = at_kiosk(people.OWNER)
    client.cookies["yueban_kiosk"] = f"shaoxing-hall-1:{kiosks.demo_key('shaoxing-hall-1')}"
    assert client.get("/kiosk/my/")["Location"].startswith("/kiosk/card?")


def test_the_wipe_leaves_nothing_of_the_person():
    client = at_kiosk(people.OWNER)
    client.cookies["django_language"] = "en"
    client.cookies["yueban_size"] = "larger"
    old = client.cookies["sessionid"].value
    answer = client.get("/kiosk/wipe")
    assert answer["Location"] == "/kiosk/"
    assert {name for name in client.cookies if client.cookies[name].value} == {"yueban_kiosk"}
    client.cookies["sessionid"] = old
    assert client.get("/kiosk/my/")["Location"].startswith("/kiosk/card?")


def test_a_screen_left_alone_is_closed_by_the_server_itself(monkeypatch):
    client = at_kiosk(people.OWNER)
    assert client.get("/kiosk/my/").status_code == 200
    later = time.time() + sessions.KIOSK_IDLE_SECONDS + sessions.KIOSK_GRACE_SECONDS + 1
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    assert client.get("/kiosk/my/")["Location"] == "/kiosk/wipe"


def test_touching_the_screen_keeps_the_session(monkeypatch):
    client = at_kiosk(people.OWNER)
    now = time.time()
    for step in range(1, 5):
        monkeypatch.setattr(sessions.time, "time", lambda step=step: now + step * 50)
        assert client.get("/kiosk/alive").status_code == 204
    assert client.get("/kiosk/my/").status_code == 200


def test_a_left_session_is_over_at_the_portal_too(monkeypatch):
    client = at_kiosk(people.OWNER)
    later = time.time() + 600
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    assert client.get("/my/")["Location"].startswith("/sign-in")


def test_without_a_script_the_page_itself_leads_to_the_wipe():
    page = at_kiosk(people.OWNER).get("/kiosk/my/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="60;url=/kiosk/wipe"></noscript>' in page
    assert "http-equiv" not in terminal().get("/kiosk/").content.decode()


def test_the_number_of_the_visit_changes_with_the_person():
    client = at_kiosk(people.OWNER)
    number = re.compile(r'data-visit="(\w+)"')
    first = number.search(client.get("/kiosk/do/").content.decode())
    client.get("/kiosk/wipe")
    put_card(client, people.STRANGER)
    second = number.search(client.get("/kiosk/do/").content.decode())
    assert first and second and first[1] != second[1]


@pytest.mark.parametrize("screen", [*SCREENS, "my/", "papers/", "items/road-freight-permit/"])
def test_back_and_exit_stand_on_each_screen(screen):
    page = at_kiosk(people.OWNER).get(f"/kiosk/{screen}").content.decode()
    foot = page[page.index('<footer class="kiosk-foot">') :]
    assert 'href="/kiosk/wipe"' in foot
    assert screen == "" or 'class="btn ghost back"' in foot


@pytest.mark.parametrize(
    "screen", [*SCREENS, "items/road-freight-permit/", "items/road-freight-permit/details"]
)
def test_no_link_leads_out_of_the_terminal(screen):
    page = terminal().get(f"/kiosk/{screen}").content.decode()
    links = set(re.findall(r'href="(/[^"#?]*)', page))
    assert {link for link in links if not link.startswith(("/kiosk/", "/static/", "/view"))} == set()


def test_an_error_at_the_kiosk_is_told_there():
    answer = terminal().get("/kiosk/items/no-such-item/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "data-kiosk" in page
    assert 'href="/"' not in page
