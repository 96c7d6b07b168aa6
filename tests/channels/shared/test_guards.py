"""What every request and answer passes."""

import pytest

from tests import people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/items/%00/", "/my/cases/%00/", "/files/%00", "/v/%00", "/search?q=%00", "/progress?number=%00"],
)
def test_a_nul_character_in_an_address_is_refused_in_words(client, address):
    answer = client.get(address)
    assert answer.status_code == 422
    assert "看不见的控制字符" in answer.content.decode()


def test_the_api_refuses_it_in_its_own_form(client):
    answer = client.get("/api/v1/items/%00")
    assert answer.status_code == 422
    assert answer.json()["code"] == "text.invalid"


def test_a_nul_character_in_a_form_is_refused_and_the_draft_unharmed(client):
    application = people.draft()
    client.force_login(people.user(people.OWNER))
    answer = client.post(f"/apply/{application.number}/autosave", {"contact.name": "甲\0"})
    assert answer.status_code == 422
    application.refresh_from_db()
    assert application.form["contact.name"] == "陈示例"


def test_a_page_made_for_a_signed_in_person_is_kept_by_no_cache(client):
    client.force_login(people.user(people.OWNER))
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_a_refusal_links_back_only_to_this_site(client):
    case = people.accepted()
    client.force_login(people.user(people.OWNER))
    answer = client.post(
        f"/my/cases/{case.number}/withdraw",
        {"revision": "0", "key": "k"},
        headers={"referer": "http://testserver//evil.example/x"},
    )
    assert "evil.example" not in answer.content.decode()
