"""问一问 at the terminal: large, one answer a screen, printed, handed over, and wiped with the visit."""

from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from tests.channels.kiosk_visitors import terminal
from tests.channels.talks import stand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(monkeypatch):
    cache.clear()
    return stand_in(monkeypatch)


def test_only_a_registered_terminal_asks(talks):
    assert Client().post("/kiosk/ask", {"question": "要钱吗"}).status_code == 302
    assert talks.asked == []


def test_a_suggestion_is_answered_and_leads_into_the_item(talks):
    kiosk = terminal()
    assert "灵活就业社保补贴要什么材料？" in kiosk.get("/kiosk/ask").content.decode()
    page = unescape(
        kiosk.post("/kiosk/ask", {"question": "货运许可要钱吗", "click": "1"}, follow=True).content.decode()
    )
    assert 'href="/kiosk/items/road-freight-permit/situation?applicant=enterprise"' in page
    assert "/kiosk/items/road-freight-permit/details?at=fee" in page
    assert 'href="/items/' not in page
    assert "tel:" not in page
    assert talks.asked[-1]["division"] == "330602000000"
    assert talks.asked[-1]["actor"].channel == "kiosk"


def test_the_answer_is_printed(talks):
    kiosk = terminal()
    assert kiosk.post("/kiosk/ask/slip").status_code == 404
    kiosk.post("/kiosk/ask", {"question": "货运许可要钱吗", "click": "1"})
    page = kiosk.post("/kiosk/ask/slip").content.decode()
    assert "问答凭条" in page
    assert "办道路货运许可不收费。" in page
    assert "以窗口和主管部门的审核为准。" in page


def test_handed_over_the_helper_near_by_is_named(talks):
    page = terminal().post("/kiosk/ask/person", {"click": "p"}, follow=True).content.decode()
    assert "ZX1" in page
    assert "身边有人帮您" in page
    assert "12345" in page


def test_the_next_visitor_finds_nothing(talks):
    kiosk = terminal()
    kiosk.post("/kiosk/ask", {"question": "我家低保的事", "click": "1"})
    kiosk.get("/kiosk/wipe")
    assert "我家低保的事" not in kiosk.get("/kiosk/ask").content.decode()


def test_a_question_too_long_stays_on_the_screen(talks):
    answer = terminal().post("/kiosk/ask", {"question": "长" * 600, "click": "1"})
    assert answer.status_code == 422
    assert "长" * 600 in answer.content.decode()


def test_one_kiosk_has_one_pace(talks, settings):
    settings.YUEBAN_QUESTIONS_PER_MINUTE = 1
    kiosk = terminal()
    assert kiosk.post("/kiosk/ask", {"question": "一问", "click": "1"}).status_code == 302
    assert terminal().post("/kiosk/ask", {"question": "二问", "click": "2"}).status_code == 429
    assert kiosk.post("/kiosk/ask/person", {"click": "p"}).status_code == 302
