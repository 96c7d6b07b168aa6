"""By keyboard alone, from the search to the submission; the desk's keys are in tests/channels/desk/test_keys.py."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import ANSWERED, CASE_NUMBER, FORM
from tests.browser.visits import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), row = getComputedStyle(e.closest('label, .box') || e);
  const draws = one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2;
  return {tag: e.tagName, name: e.name || '', value: e.type === 'radio' || e.type === 'checkbox' ? e.value : '',
    type: e.type || '', text: (e.innerText || '').trim(), label: (e.labels?.[0]?.innerText || '').trim(),
    href: e.getAttribute('href') || '', isVisible: draws(style) || draws(row)};
}"""
MOST_TABS = 120
CHOSEN = ("freight.scope", "contact.id_type", "vehicles-0-vehicle.type", "delivery.method")


def tab_to(page, fits):
    """Press Tab until `fits` the focused thing; every thing on the way shows that it has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["tag"] == "BODY":
            continue
        assert focused["isVisible"], f"no visible focus on {focused}"
        if fits(focused):
            return focused
    raise AssertionError(f"never reached by Tab; now at {page.evaluate(FOCUSED)} of {page.url}")


def enter(page, text):
    """Tab to the button or link of this text and press Enter."""
    tab_to(page, lambda f: f["tag"] in ("A", "BUTTON") and text in f["text"])
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page, name, value):
    """Tab into the group and choose by arrows, or tick by Space."""
    focused = tab_to(page, lambda f: f["name"] == name)
    if focused["type"] == "checkbox":
        while focused["value"] != value:
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
        page.keyboard.press("Space")
        return
    if focused["value"] == value:
        page.keyboard.press("Space")
        return
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        if page.evaluate(FOCUSED)["value"] == value:
            return
    raise AssertionError(f"{name} has no {value}")


def type_date(page, value):
    """Type a date in the order of the browser's own language, which is not the page's."""
    year, month, day = value.split("-")
    for order in ((month, day, year), (year, month, day)):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        for part in order:
            page.keyboard.type(part)
            if part is year:  # a month or day leads on by itself, a year may have more than four digits
                page.keyboard.press("ArrowRight")
        if page.evaluate("document.activeElement.value") == value:
            return
    raise AssertionError(f"{value} could not be typed")


def test_from_the_search_over_the_guide_to_the_end_of_the_questions(visits):
    page = visits.open("/", people.OWNER, DESK)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["text"] == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, lambda f: f["name"] == "q")
    page.keyboard.type("开货运公司")
    page.locator("[data-suggestions] a").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert "道路普通货物运输经营许可" in page.evaluate(FOCUSED)["text"]
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED)["name"] == "q"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    enter(page, "道路普通货物运输经营许可")
    enter(page, "越城区")
    enter(page, "开始办理")
    for name, value in people.ANSWERS.items():
        choose(page, name, value)
        enter(page, "下一步")
    expect(page.get_by_role("heading", level=1)).to_contain_text("您可以在网上办理")


def test_a_form_is_filled_in_mended_and_submitted(visits):
    page = visits.open(ANSWERED, people.OWNER, DESK)
    enter(page, "开始填写")
    enter(page, "保存，下一步")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")  # the first sentence of the summary leads to its field
    assert "freight" in page.evaluate(FOCUSED)["href"]
    page.keyboard.press("Enter")
    for name, value in FORM.items():
        if name in CHOSEN:
            choose(page, name, value)
            continue
        focused = tab_to(page, lambda f, wanted=name: f["name"] == wanted)
        if focused["type"] == "date":
            type_date(page, value)
        else:
            page.keyboard.type(value)
    enter(page, "保存，下一步")
    assert page.locator(".errors li").all_inner_texts() == []
    expect(page.get_by_role("heading", level=1)).to_have_text("材料")
    number = page.url.split("/apply/")[1].split("/")[0]
    for material in people.apply.check(people.actor(people.OWNER), number).materials:
        if material.is_missing:  # choosing a file is the operating system's window
            people.attach(people.actor(people.OWNER), number, material.key)
    page.reload()
    enter(page, "下一步：核对")
    tab_to(page, lambda f: f["name"] == "agreed")
    page.keyboard.press("Space")
    enter(page, "提交申请")
    assert CASE_NUMBER.search(page.url)
