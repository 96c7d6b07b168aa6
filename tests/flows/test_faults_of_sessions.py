"""The session ends in the middle of a form, over HTTP: the person signs in again and finds what he typed."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests import people
from tests.channels.visitors import hidden, visitor
from yueban.catalogue import selectors as catalogue
from yueban.flows import apply

pytestmark = pytest.mark.django_db
TYPED = "绍兴市越城区正在输入路8号"


@pytest.fixture
def half_filled() -> tuple[Client, str, dict[str, object]]:
    """A browser with the form open, its address, and what has been typed since the last save."""
    owner = people.actor(people.OWNER)
    application = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    apply.save_draft(owner, application.number, people.FORM, None)
    client = visitor(people.OWNER)
    address = f"/apply/{application.number}/"
    page = client.get(address)
    form = people.FORM | {"enterprise.address": TYPED}
    posted = dict(catalogue.flat(people.freight().compiled, form)) | {
        "revision": hidden(page.content, "revision")
    }
    return client, address, posted


def end_all_sessions() -> None:
    """As when the session table is cleared, or its time is over."""
    Session.objects.all().delete()


def sign_in(client: Client, address: str, username: str = people.OWNER):
    return client.post("/sign-in", {"username": username, "next": address}, follow=True)


def test_a_form_sent_after_the_session_ended_is_kept_and_restored(half_filled):
    client, address, posted = half_filled
    end_all_sessions()
    answer = client.post(address, posted)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=")
    page = sign_in(client, address)
    assert page.status_code == 200
    assert TYPED in page.content.decode()
    posted["revision"] = hidden(page.content, "revision")
    assert client.post(address, posted).status_code == 302
    application = apply.cases_read.get_application(people.actor(people.OWNER), address.split("/")[2])
    assert application.form["enterprise.address"] == TYPED


def test_what_was_saved_before_is_there_even_when_nothing_was_kept(half_filled):
    client, address, _ = half_filled
    end_all_sessions()
    assert client.get(address).status_code == 302
    assert people.FORM["enterprise.address"] in sign_in(client, address).content.decode()


def test_an_automatic_save_after_the_session_ended_says_so_in_place_and_keeps_the_form(half_filled):
    client, address, posted = half_filled
    end_all_sessions()
    page = {"page": address}
    answer = client.post(f"{address}autosave", posted | page, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "/sign-in?next=" in answer.content.decode()
    assert TYPED in sign_in(client, address).content.decode()


def test_another_person_at_the_same_computer_is_not_shown_what_was_typed(half_filled):
    client, address, posted = half_filled
    end_all_sessions()
    client.post(address, posted)
    page = sign_in(client, address, people.STRANGER)
    assert page.status_code == 404
    assert TYPED not in page.content.decode()


def test_a_decision_sent_after_the_session_ended_is_not_taken():
    case = people.submitted()
    client = visitor(people.CLERK)
    page = client.get(f"/desk/cases/{case.number}/")
    words = {"revision": hidden(page.content, "revision"), "key": hidden(page.content, "key")}
    end_all_sessions()
    answer = client.post(f"/desk/cases/{case.number}/receive", words)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=")
    case.refresh_from_db()
    assert case.state == "applied"
