"""One whole case by keyboard alone and over the accessibility tree, plain and in 长辈版.

The desk's keys are in tests/channels/desk/test_keys.py.
"""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import ANSWERED, CASE_NUMBER, FORM
from tests.browser.keyboard import FOCUSED, choose, enter, tab_to, type_date
from tests.browser.spoken import check_spoken, heard
from tests.browser.visits import DESK
from yueban.channels.portal.home import SUGGESTED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHOSEN = ("freight.scope", "contact.id_type", "vehicles-0-vehicle.type", "delivery.method")
VIEWS = {"plain": {}, "elder": {"yueban_view": "elder"}}


@pytest.fixture(params=VIEWS.values(), ids=VIEWS.keys())
def view(request) -> dict[str, str]:
    """The plain pages, and 长辈版."""
    return request.param


def opened(visits, address, view):
    """A page of the owner as it looks in this view."""
    device = visits.device(people.OWNER, DESK)
    device.add_cookies([{"name": name, "value": value, "url": visits.url} for name, value in view.items()])
    page = device.new_page()
    page.goto(address)
    return page


def turn_to(page, wanted) -> None:
    """In 长辈版 one part of a form is shown at a time: turn its leaves until this is there."""
    while not wanted.is_visible():
        enter(page, "下一项")


def test_from_the_search_over_the_guide_to_the_end_of_the_questions(visits, view):
    page = opened(visits, "/", view)
    check_spoken(page)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["text"] == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, lambda f: f["name"] == "q")
    page.keyboard.type("开货运公司")
    page.locator("[data-suggestions] a").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert "一件事" in page.evaluate(FOCUSED)["text"]
    for _row in range(SUGGESTED):
        if "道路普通货物运输经营许可" in page.evaluate(FOCUSED)["text"]:
            break
        page.keyboard.press("ArrowDown")
    assert "道路普通货物运输经营许可" in page.evaluate(FOCUSED)["text"]
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED)["name"] == "q"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    enter(page, "道路普通货物运输经营许可")
    enter(page, "越城区")
    check_spoken(page)
    enter(page, "开始办理")
    for name, value in people.ANSWERS.items():
        check_spoken(page)
        choose(page, name, value)
        enter(page, "下一步")
    expect(page.get_by_role("heading", level=1)).to_contain_text("您可以在网上办理")


def test_a_form_is_filled_in_mended_and_submitted(visits, view):
    page = opened(visits, ANSWERED, view)
    enter(page, "开始填写")
    check_spoken(page)
    assert heard(page, "status") != []  # the state of saving is a live region from the first moment
    turn_to(page, page.get_by_role("button", name="保存，下一步"))
    enter(page, "保存，下一步")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")  # the first sentence of the summary leads to its field
    assert "freight" in page.evaluate(FOCUSED)["href"]
    page.keyboard.press("Enter")
    wrong = page.locator("[aria-invalid=true]").first
    told = page.locator(f"[id='{wrong.get_attribute('aria-describedby')}'] .error")
    expect(told).not_to_be_empty()
    check_spoken(page)
    for name, value in FORM.items():
        turn_to(page, page.locator(f"[name='{name}']").last)
        if name in CHOSEN:
            choose(page, name, value)
            continue
        focused = tab_to(page, lambda f, wanted=name: f["name"] == wanted)
        if focused["type"] == "date":
            type_date(page, value)
        else:
            page.keyboard.type(value)
    expect(page.get_by_role("status").filter(has_text="已自动保存")).to_be_visible()
    turn_to(page, page.get_by_role("button", name="保存，下一步"))
    enter(page, "保存，下一步")
    assert page.locator(".errors li").all_inner_texts() == []
    expect(page.get_by_role("heading", level=1)).to_have_text("材料")
    number = page.url.split("/apply/")[1].split("/")[0]
    for material in people.apply.check(people.actor(people.OWNER), number).materials:
        if material.is_missing:  # choosing a file is the operating system's window
            people.attach(people.actor(people.OWNER), number, material.key)
    page.reload()
    check_spoken(page)
    enter(page, "下一步：核对")
    check_spoken(page)
    tab_to(page, lambda f: f["name"] == "agreed")
    page.keyboard.press("Space")
    enter(page, "提交申请")
    assert CASE_NUMBER.search(page.url)
    check_spoken(page)
    assert any("已经提交" in said for said in heard(page, "status"))
    tree = page.locator("main").aria_snapshot()
    parts = (
        'heading "道路普通货物运输经营许可" [level=1]',
        'region "接下来"',
        'heading "办到哪一步" [level=2]',
    )
    assert [part for part in parts if part not in tree] == []
    assert sorted(parts, key=tree.index) == list(parts)


def test_the_ear_finds_what_it_listens_for(visits):
    page = visits.open("/about/demo", None, DESK)
    check_spoken(page)
    for harm in (
        "document.querySelector('h1').remove()",
        "document.querySelector('main').append(document.createElement('button'))",
    ):
        page.reload()
        page.evaluate(harm)
        with pytest.raises(AssertionError):
            check_spoken(page)
