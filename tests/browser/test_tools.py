"""The 无障碍 tools in a browser: by keyboard, remembered, honest where there is no voice; and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.visits import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VOICELESS = "speechSynthesis.getVoices = () => []"


def test_the_tools_open_by_keyboard_work_at_once_and_are_remembered(visits):
    page = visits.open("/about/demo", None, DESK)
    opener = page.get_by_role("button", name="无障碍")
    opener.focus()
    page.keyboard.press("Enter")
    tools = page.get_by_role("region", name="无障碍工具")
    expect(tools).to_be_visible()
    expect(tools.get_by_role("button", name="标准")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tools.get_by_role("button", name="大", exact=True)).to_have_attribute("aria-pressed", "true")
    tools.get_by_role("button", name="高对比").press("Enter")
    for name, value in {"data-size": "large", "data-contrast": "high"}.items():
        expect(page.locator("html")).to_have_attribute(name, value)
    page.reload()
    assert 'data-size="large" data-contrast="high"' in page.request.get("/about/demo").text()
    page.get_by_role("button", name="大", exact=True).focus()
    page.keyboard.press("Escape")
    expect(tools).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_cursor_and_guide_line_are_switched_on_and_off(visits):
    page = visits.open("/about/demo", None, DESK)
    page.keyboard.press("Alt+Shift+A")
    line = page.get_by_role("button", name="辅助线")
    line.press("Enter")
    expect(page.locator(".guide-line")).to_have_count(1)
    line.press("Enter")
    expect(page.locator(".guide-line")).to_have_count(0)
    cursor = page.get_by_role("button", name="大光标")
    cursor.press("Enter")
    assert "cursor" in page.evaluate("getComputedStyle(document.body).cursor")


def test_a_device_without_a_voice_says_so(visits):
    device = visits.device(None, DESK)
    device.add_init_script(VOICELESS)
    page = device.new_page()
    page.goto("/about/demo")
    page.keyboard.press("Alt+Shift+R")
    expect(page.locator("#tools [role=status]")).to_contain_text("没有可用的语音")


SPEAKING = """
window.said = [];
speechSynthesis.getVoices = () => [{lang: 'zh-CN', name: 'test', localService: true, default: true}];
SpeechSynthesisUtterance.prototype.__defineSetter__('voice', () => {});
speechSynthesis.cancel = () => {};
speechSynthesis.speak = words => { window.said.push(words.text); window.words = words; };
"""


def test_reading_goes_from_passage_to_passage_with_its_place_marked(visits):
    device = visits.device(None, DESK)
    device.add_init_script(SPEAKING)
    page = device.new_page()
    page.goto("/about/demo")
    page.keyboard.press("Alt+Shift+R")
    expect(page.locator("main .reading")).to_have_text("关于演示")
    page.evaluate("words.onend()")
    expect(page.locator("main .reading")).to_contain_text("开源的城市政务服务平台")
    assert page.evaluate("said.length") == 2
    page.keyboard.press("Escape")
    expect(page.locator("main .reading")).to_have_count(0)


def test_size_contrast_and_language_are_chosen_without_javascript(visits):
    page = visits.open("/about/demo", None, DESK, java_script_enabled=False)
    page.get_by_role("link", name="无障碍", exact=True).first.click()
    page.get_by_role("button", name="特大").click()
    page.get_by_role("button", name="高对比").click()
    page.goto("/about/demo")
    expect(page.locator('html[data-size="larger"][data-contrast="high"]')).to_have_count(1)
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/about/demo")
    expect(page.get_by_role("heading", level=1)).to_have_text("About this demo")
