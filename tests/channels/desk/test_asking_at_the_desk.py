"""问一问 at the window: the clerk asks for the person before him, by the rules of the window's place."""

import pytest
from django.core.cache import cache

from tests import people
from tests.channels.talks import stand_in
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(monkeypatch):
    cache.clear()
    return stand_in(monkeypatch)


def test_a_clerk_reads_a_cited_answer_for_his_place(talks):
    clerk = visitor(people.CLERK)
    page = clerk.post("/desk/ask", {"question": "货运许可要钱吗", "click": "1"}, follow=True).content.decode()
    assert "办道路货运许可不收费。" in page
    assert 'href="/items/road-freight-permit/?at=fee' in page
    assert 'href="/desk/intake/"' in page
    assert talks.asked[-1]["division"] == "330602000000"
    assert talks.asked[-1]["actor"].channel == "desk"


def test_whoever_takes_nothing_in_does_not_ask(talks):
    answer = visitor(people.REVIEWER).post("/desk/ask", {"question": "货运许可要钱吗", "click": "1"})
    assert answer.status_code == 403
    assert talks.asked == []


def test_a_clerk_hands_over_rates_and_begins_anew(talks):
    clerk = visitor(people.CLERK)
    clerk.post("/desk/ask", {"question": "货运许可要钱吗", "click": "1"})
    assert clerk.post("/desk/ask/rate", {"turn": "1", "kind": "wrong", "words": "旧了"}).status_code == 302
    assert talks.ratings == [(1, "wrong", "旧了")]
    assert "ZX1" in clerk.post("/desk/ask/person", {"click": "p"}, follow=True).content.decode()
    assert "货运许可要钱吗" not in clerk.post("/desk/ask/new", follow=True).content.decode()


def test_an_empty_question_is_told_so(talks):
    answer = visitor(people.CLERK).post("/desk/ask", {"question": "", "click": "1"})
    assert answer.status_code == 422
    assert "没有看到问题" in answer.content.decode()
