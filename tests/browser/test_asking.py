"""问一问 in a real browser: with and without scripts, by keyboard alone, small and large, and what axe says of it."""

import threading

import pytest
from playwright.sync_api import expect

from tests.browser.checks import violations
from tests.browser.visits import DESK, PHONE
from tests.channels.talks import stand_in
from yueban.assistant import shelf
from yueban.assistant.selectors import Sentence
from yueban.flows import ask, keep_knowledge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "灵活就业社保补贴要什么材料？"


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["390", "1440"])
def test_a_conversation_by_keyboard_alone(visits, device):
    page = visits.open("/ask", None, device)
    box = page.get_by_label("您想问什么")
    box.focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    first = page.locator("article.turn")
    expect(first).to_have_count(1)
    expect(first).to_contain_text("以窗口和主管部门的审核为准。")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    page.keyboard.type("那要多久？")
    page.keyboard.press("Enter")
    expect(page.locator("article.turn")).to_have_count(2)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    assert violations(page) == []
    page.reload()
    expect(page.locator("article.turn")).to_have_count(2)


@pytest.fixture
def library(transactional_db):
    """What is published, ready to be searched."""
    keep_knowledge.keep()
    shelf.forget()
    yield
    shelf.forget()


def test_without_scripts_the_same_and_a_person_at_the_end(library, visits):
    page = visits.open("/ask", None, java_script_enabled=False)
    page.get_by_label("您想问什么").fill(QUESTION)
    page.get_by_role("button", name="提问").click()
    expect(page.locator("article.turn")).to_have_count(1)
    link = page.locator("a.cite-mark").first
    link.click()
    expect(page.locator("mark.cited").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="转人工").last.click()
    expect(page.get_by_text("咨询单号")).to_be_visible()


def test_what_is_too_long_stays_in_the_box(visits):
    page = visits.open("/ask")
    page.get_by_label("您想问什么").fill("社保" * 5000)
    page.get_by_role("button", name="提问").click()
    expect(page.locator("#ask-problem")).to_contain_text("字")
    assert len(page.get_by_label("您想问什么").input_value()) == 10_000


def test_an_answer_is_read_while_a_model_says_it(visits, monkeypatch, settings):
    settings.YUEBAN_CHAT_URL = "http://model.example/v1"
    talks, go_on = stand_in(monkeypatch), threading.Event()

    def asking(actor, question, **told):
        yield Sentence("材料要两样。")
        go_on.wait(20)
        return talks.ask(actor, question, **told)

    monkeypatch.setattr(ask, "asking", asking)
    page = visits.open("/ask", None, PHONE)
    page.get_by_label("您想问什么").fill("让模型说")
    page.get_by_role("button", name="提问").click()
    so_far = page.locator("[data-ask-said]")
    expect(so_far).to_contain_text("材料要两样。")
    expect(so_far).to_contain_text("AI生成，仅供参考")
    assert violations(page) == []
    go_on.set()
    expect(page.locator("article.turn")).to_contain_text("不用交钱。")
    expect(so_far).to_be_hidden()


def test_voice_is_offered_only_where_the_browser_listens(visits):
    page = visits.open("/ask")
    page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    page.reload()
    expect(page.locator("[data-voice]")).to_be_hidden()
    page.add_init_script(
        "window.SpeechRecognition = class extends EventTarget {"
        " start() { const e = new Event('result'); e.results = [[{ transcript: '社保补贴怎么办' }]];"
        " this.dispatchEvent(e); this.dispatchEvent(new Event('end')); } stop() {} };"
    )
    page.reload()
    page.get_by_role("button", name="按一下，说话").click()
    expect(page.get_by_label("您想问什么")).to_have_value("社保补贴怎么办")
