"""问一问 in the portal: with forms alone, every gate in its own way, cited, labelled, never losing what was typed."""

import json
import re
from html import unescape

import pytest
from django.core.cache import cache

from tests.channels import talks as told
from tests.channels.talks import stand_in
from yueban.assistant.choices import FeedbackKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(monkeypatch):
    cache.clear()
    return stand_in(monkeypatch)


def say(client, question: str, **more):
    return client.post("/ask", {"question": question, "click": f"c-{question[:20]}", **more}, follow=True)


def test_a_question_is_answered_with_its_citation_and_the_way_there(client, talks):
    page = say(client, "货运许可要钱吗").content.decode()
    assert "办道路货运许可不收费。" in page
    link = unescape(re.search(r'class="cite-mark" href="([^"]+)"', page)[1])
    assert link.startswith("/items/road-freight-permit/?at=fee&v=")
    assert link.endswith("#cited")
    assert "第1版" in page
    assert "以窗口和主管部门的审核为准。" in page
    assert "AI生成" not in page
    there = client.get(link.partition("#")[0]).content.decode()
    assert '<mark class="cited" id="cited">不收费</mark>' in there


def test_actions_lead_on_and_unknown_ones_are_left_out(client, talks):
    page = unescape(say(client, "货运许可要钱吗").content.decode())
    assert 'href="/items/road-freight-permit/situation?applicant=enterprise"' in page
    assert 'href="/items/road-freight-permit/#where"' in page
    assert 'href="/sign-in?next=%2Fask"' in page
    assert 'href="tel:12345"' in page
    assert 'name="question" value="道路货运许可要什么材料"' in page
    assert "没有这样的按钮" not in page


def test_the_secret_stays_in_the_session_and_the_conversation_goes_on(client, talks):
    say(client, "货运许可要钱吗")
    page = say(client, "那要多久").content.decode()
    assert told.SECRET not in page
    assert len(talks.kept) == 1
    assert page.count('<article class="turn') == 2
    assert "货运许可要钱吗" not in client.__class__().get("/ask").content.decode()


def test_the_same_click_asks_once(client, talks):
    say(client, "货运许可要钱吗")
    for _again in range(2):
        client.post("/ask", {"question": "那要多久", "click": "one"})
    assert len(talks.asked) == 2


def test_asked_back_gives_buttons_that_ask(client, talks):
    page = say(client, "是哪种").content.decode()
    assert "您指的是哪一种？" in page
    assert 'name="question" value="企业怎么办"' in page
    assert 'class="row rate-answer"' not in page


def test_a_refusal_says_why_and_offers_a_person(client, talks):
    page = say(client, "我这个能批吗").content.decode()
    assert "这个问题没有直接回答" in page
    assert "不预言结果" in page
    assert 'action="/ask/person"' in page


def test_one_tap_hands_over_with_number_and_time(client, talks):
    page = client.post("/ask/person", {"click": "p"}, follow=True).content.decode()
    assert '<b class="nowrap">ZX1</b>' in page
    assert "11月24日 10:00 前答复" in page


def test_text_of_a_model_carries_both_labels(client, talks):
    page = say(client, "让模型说").content.decode()
    assert "AI生成，仅供参考" in page
    label = json.loads(unescape(re.search(r'data-aigc="([^"]+)"', page)[1]))
    assert label["AIGC"]["Label"] == "1"
    assert label["AIGC"]["ProduceID"].endswith("-1")


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_told_so(client, talks, question):
    answer = say(client, question)
    assert answer.status_code == 422
    assert "没有看到问题" in answer.content.decode()


def test_a_question_too_long_is_kept_in_the_box(client, talks):
    long = "社保" * 5000
    answer = say(client, long)
    assert answer.status_code == 422
    assert "最多500个字" in answer.content.decode()
    assert long in answer.content.decode()


def test_what_was_typed_is_never_markup(client, talks):
    page = say(client, "<script>alert(1)</script>").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_too_many_questions_are_stopped_but_never_the_way_to_a_person(client, talks, settings):
    settings.YUEBAN_QUESTIONS_PER_MINUTE = 2
    for number in range(2):
        assert client.post("/ask", {"question": f"第{number}问", "click": str(number)}).status_code == 302
    stopped = client.post("/ask", {"question": "第三问", "click": "3"})
    assert stopped.status_code == 429
    assert "秒后再问" in stopped.content.decode()
    assert "第三问" in stopped.content.decode()
    assert client.post("/ask/person", {"click": "p"}).status_code == 302


def test_another_browser_at_the_same_address_has_its_own_pace(client, talks, settings):
    settings.YUEBAN_QUESTIONS_PER_MINUTE = 1
    assert say(client, "第一问").status_code == 200
    assert say(client, "第二问").status_code == 429
    assert say(client.__class__(), "别人的问题").status_code == 200


@pytest.mark.parametrize("kind", FeedbackKind.values)
def test_an_answer_is_rated(client, talks, kind):
    say(client, "货运许可要钱吗")
    answer = client.post("/ask/rate", {"turn": "1", "kind": kind, "words": "数字旧了"}, follow=True)
    assert talks.ratings == [(1, kind, "数字旧了")]
    assert "已经记下" in answer.content.decode()


def test_a_rating_of_nothing_is_refused(client, talks):
    assert client.post("/ask/rate", {"turn": "1", "kind": "helpful"}).status_code == 422
    say(client, "货运许可要钱吗")
    assert client.post("/ask/rate", {"turn": "1", "kind": "splendid"}).status_code == 422
    assert talks.ratings == []


def test_the_item_one_came_from_is_spoken_of(client, talks):
    guide = client.get("/items/road-freight-permit/?division=330602000000").content.decode()
    assert "/ask?context=item%3Aroad-freight-permit" in guide
    page = client.get("/ask?context=item:road-freight-permit").content.decode()
    assert "关于“道路普通货物运输经营许可”" in page
    say(client, "要多久", context="item:road-freight-permit")
    assert talks.asked[-1]["question"] == "道路普通货物运输经营许可：要多久"
    assert client.get("/ask?context=item:no-such-thing").status_code == 200


def test_a_lost_conversation_begins_anew(client, talks):
    say(client, "货运许可要钱吗")
    talks.kept.clear()
    assert client.get("/ask").status_code == 200
    assert "办道路货运许可不收费。" in say(client, "再问一次").content.decode()


def test_with_a_script_one_turn_comes_back(client, talks):
    answer = client.post("/ask", {"question": "要钱吗", "click": "x"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="ask-click"' in page
    assert 'hx-swap-oob="true"' in page
    wrong = client.post("/ask", {"question": "", "click": "y"}, headers={"HX-Request": "true"})
    assert (wrong.status_code, wrong["HX-Retarget"]) == (422, "#ask-problem")


def test_a_search_that_asks_offers_the_answer_without_waiting_for_it(client, talks):
    page = client.get("/search", {"q": "货运许可怎么办"}).content.decode()
    assert 'hx-post="/ask/short"' in page
    assert talks.asked == []
    assert 'hx-post="/ask/short"' not in client.get("/search", {"q": "货运"}).content.decode()
    short = client.post("/ask/short", {"question": "货运许可怎么办", "click": "s"}).content.decode()
    assert "办道路货运许可不收费。" in short
    assert 'href="/ask#turn-1"' in short
    assert "货运许可怎么办" in client.get("/ask").content.decode()


def test_an_english_page_asks_for_an_english_answer(client, talks):
    client.cookies["django_language"] = "en"
    page = say(client, "How much does it cost?").content.decode()
    assert talks.asked[-1]["language"] == "en"
    assert "Ask" in page


def test_cleared_the_conversation_is_gone_from_the_browser(client, talks):
    say(client, "货运许可要钱吗")
    assert "货运许可要钱吗" not in client.post("/ask/new", follow=True).content.decode()
