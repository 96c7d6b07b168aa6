"""The live style page, and the messages every channel shares."""

import pytest

from tests import people
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db


def test_the_style_page_shows_every_component():
    page = visitor(None).get("/styleguide").content.decode()
    for name in (
        "btn",
        "field",
        "choice",
        "file-drop",
        "table",
        "filters",
        "thread",
        "light",
        "stat",
        "tag",
        "notice",
    ):
        assert f'class="{name}' in page or f" {name}" in page, name
    for name in ("empty", "dialog", "pager", "steps", "cite", "seal", "errors"):
        assert name in page, name


def test_the_style_page_is_for_demos_only(settings):
    settings.YUEBAN_DEMO = False
    assert visitor(None).get("/styleguide").status_code == 404


def test_an_address_that_does_not_exist_says_what_to_do():
    response = visitor(None).get("/no/such/page")
    page = response.content.decode()
    assert response.status_code == 404
    assert "没有找到" in page
    assert 'href="/"' in page


def test_a_form_without_its_token_says_what_to_do():
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/progress", {"number": "1", "phone_tail": "0001"})
    assert response.status_code == 403
    assert "安全标记已经失效" in response.content.decode()


def test_an_error_of_the_program_says_that_nothing_was_half_done(monkeypatch):
    from yueban.channels.portal import items

    monkeypatch.setattr(items, "all_hits", lambda *_: 1 / 0)
    client = visitor(people.OWNER)
    client.raise_request_exception = False
    response = client.get("/items/")
    assert response.status_code == 500
    assert "刚才这一步没有完成" in response.content.decode()


def test_pages_load_nothing_from_elsewhere():
    response = visitor(None).get("/")
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
    page = response.content.decode()
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page
