"""An answer shown while a model says it: sentence by sentence, the whole turn at the end, and as ever without scripts."""

import json
import re

import pytest
from django.core.cache import cache

from tests.channels.talks import BY_MODEL, stand_in
from yueban.assistant.selectors import Sentence
from yueban.flows import ask

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def talks(monkeypatch, settings):
    cache.clear()
    settings.YUEBAN_CHAT_URL = "http://model.example/v1"
    return stand_in(monkeypatch)


def heard(client, question: str, **more):
    return client.post("/ask", {"question": question, "click": f"c-{question[:20]}"}, headers=HTMX, **more)


def said_in(page: str) -> list[str]:
    return [json.loads(one)["text"] for one in re.findall("<!--said:(.*?)-->", page)]


def test_sentences_come_before_the_turn_that_stays(client, talks):
    answer = heard(client, "让模型说")
    assert answer.streaming
    assert answer.headers["X-Accel-Buffering"] == "no"
    page = b"".join(answer.streaming_content).decode()
    assert said_in(page) == [one.text for one in BY_MODEL.sentences]
    assert page.index("<!--said:") < page.index('<article class="turn')
    assert "AI生成，仅供参考" in page


def test_the_conversation_goes_on_after_it(client, talks):
    b"".join(heard(client, "让模型说").streaming_content)
    b"".join(heard(client, "模型再说").streaming_content)
    assert len(talks.kept) == 1
    assert client.get("/ask").content.decode().count('<article class="turn') == 2


def test_no_sentence_ends_its_comment(client, talks, monkeypatch):
    text = "--><script>alert(1)</script>"

    def asking(actor, question, **told):
        yield Sentence(text)
        return talks.ask(actor, question, **told)

    monkeypatch.setattr(ask, "asking", asking)
    page = b"".join(heard(client, "让模型说").streaming_content).decode()
    assert said_in(page) == [text]
    assert "<!--said:-->" not in page
    assert page.count("-->") == 1


def test_what_no_model_says_comes_at_once(client, talks):
    answer = heard(client, "货运许可要钱吗")
    assert not answer.streaming
    assert "办道路货运许可不收费。" in answer.content.decode()


def test_a_refused_question_stays_in_the_box(client, talks):
    answer = heard(client, "货" * 600)
    assert (answer.status_code, answer.streaming) == (422, False)
    assert answer.headers["HX-Retarget"] == "#ask-problem"


def test_a_conversation_that_is_no_more_begins_anew(client, talks):
    b"".join(heard(client, "让模型说").streaming_content)
    talks.kept.clear()
    b"".join(heard(client, "模型再说").streaming_content)
    assert len(talks.kept) == 1


def test_without_scripts_without_a_model_and_in_english_it_comes_whole(client, talks, settings):
    assert client.post("/ask", {"question": "让模型说", "click": "a"}).status_code == 302
    client.cookies["language"] = "en"
    settings.LANGUAGE_COOKIE_NAME = "language"
    assert not heard(client, "让模型说").streaming
    client.cookies.clear()
    settings.YUEBAN_CHAT_URL = ""
    assert not heard(client, "让模型说").streaming
