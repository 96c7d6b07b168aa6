"""我的工单: by code or account, the answer, 满意 and 再问一次."""

import pytest
from django.test import Client

from tests import people
from tests.channels.visitors import visitor
from tests.flows.moments import set_now
from tests.tickets import making
from yueban.flows import answer_tickets
from yueban.tickets import services
from yueban.tickets.choices import TicketState
from yueban.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning():
    set_now(2026, 11, 24, 20)


def answer(number):
    clerk = people.actor(people.CLERK)
    answer_tickets.take(clerk, number)
    answer_tickets.answer(clerk, number, text=making.ANSWER, sources=[])


def test_without_an_account_the_code_opens_it():
    found, client = making.opened(), Client()
    page = client.get(f"/tickets/{found.number}", {"code": found.access_code})
    text = page.content.decode()
    assert making.QUESTION in text
    assert "11月25日" in text
    assert "9:30" in text
    assert page["X-Robots-Tag"] == "noindex"
    answer(found.number)
    assert making.ANSWER in client.get(f"/tickets/{found.number}?code={found.access_code}").content.decode()
    for code in ("", "0" * 32):
        refused = client.get(f"/tickets/{found.number}", {"code": code})
        assert (refused.status_code, making.ANSWER in refused.content.decode()) == (404, False)


def test_the_form_leads_to_the_ticket():
    found, client = making.opened(), Client()
    there = client.get("/tickets/", {"number": found.number.lower(), "code": found.access_code})
    assert there["Location"] == f"/tickets/{found.number}?code={found.access_code}"
    assert client.get("/tickets/", {"number": "GD1"}).status_code == 422


def test_whoever_has_signed_in_needs_no_code_and_is_led_there_from_his_messages():
    number = making.opened(asker=people.actor(people.CITIZEN)).number
    answer(number)
    citizen = visitor(people.CITIZEN)
    assert number in citizen.get("/tickets/").content.decode()
    assert making.ANSWER in citizen.get(f"/tickets/{number}").content.decode()
    led = citizen.get(f"/r/ticket/{number}")
    assert led["Location"] == f"/tickets/{number}"
    assert visitor(people.STRANGER).get(f"/tickets/{number}").status_code == 404


def test_the_notes_of_the_house_stay_in_the_house():
    found = making.opened()
    services.note(number=found.number, text="内部的话", actor=people.actor(people.CLERK))
    page = Client().get(f"/tickets/{found.number}?code={found.access_code}").content.decode()
    assert "内部的话" not in page


def test_asked_again_and_then_content():
    found, client = making.opened(), Client()
    answer(found.number)
    code = {"code": found.access_code}
    refused = client.post(f"/tickets/{found.number}/again", code | {"again": ""})
    assert (refused.status_code, "请写下还想问什么" in refused.content.decode()) == (422, True)
    assert client.post(f"/tickets/{found.number}/again", code | {"again": "还要带什么？"}).status_code == 302
    assert Ticket.objects.get(number=found.number).state == TicketState.OPEN
    answer(found.number)
    assert client.post(f"/tickets/{found.number}/again", code | {"again": "还有？"}).status_code == 409
    for _ in range(2):
        assert client.post(f"/tickets/{found.number}/close", code).status_code == 302
    assert Ticket.objects.get(number=found.number).is_satisfied is True


def test_nobody_else_acts_on_it():
    found = making.opened()
    for act in ("close", "again", "withdraw"):
        response = Client().post(f"/tickets/{found.number}/{act}", {"code": "0" * 32, "again": "好"})
        assert response.status_code == 404
    assert Ticket.objects.get(number=found.number).state == TicketState.OPEN
    done = Client().post(f"/tickets/{found.number}/withdraw", {"code": found.access_code})
    assert done.status_code == 302
    assert Ticket.objects.get(number=found.number).state == TicketState.WITHDRAWN
