"""长辈版 shows one part of a guide, a form or the materials at a time; the plain view shows all."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import ANSWERED
from tests.browser.checks import sideways, small_for_elders, violations
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE = "/items/road-freight-permit/?division=330602000000"
LEAVES = "main .leaves > .leaf"


def in_large(visits, who=None):
    device = visits.device(who, PHONE)
    device.add_cookies([{"name": "yueban_view", "value": "elder", "url": visits.url}])
    return device.new_page()


def shown(page) -> list[str]:
    return page.locator(f"{LEAVES}:visible h2").all_inner_texts()


def check(page) -> None:
    faults = {"axe": violations(page), "small": small_for_elders(page), "sideways": sideways(page)}
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_guide_begins_with_a_list_and_turns_leaf_by_leaf(visits):
    page = in_large(visits)
    page.goto(GUIDE)
    assert shown(page) == []
    page.get_by_role("link", name="谁可以办").click()
    for heading in ("谁可以办", "材料", "怎么办", "在哪里办"):
        expect(page.get_by_role("heading", level=2, name=heading, exact=True)).to_be_visible()
        assert shown(page) == [heading]
        check(page)
        page.locator(f"{LEAVES}:visible").get_by_role("link", name="下一项").click()
    expect(page.locator("summary", has_text="常见问题")).to_be_visible()
    page.locator(f"{LEAVES}:visible").get_by_role("link", name="回到目录").click()
    expect(page.locator(".leaf-list")).to_be_visible()
    assert shown(page) == []


def test_a_link_to_a_fold_opens_the_leaf_that_holds_it(visits):
    page = in_large(visits)
    page.goto(f"{GUIDE}#doubts")
    expect(page.locator("#doubts")).to_be_visible()


def test_a_form_shows_one_part_and_sends_all_at_its_last(visits):
    page = in_large(visits, people.OWNER)
    page.goto(ANSWERED)
    page.get_by_role("button", name="开始填写").click()
    send = page.get_by_role("button", name="保存，下一步")
    parts = page.locator(f"{LEAVES}").count()
    for number in range(1, parts + 1):
        assert len(shown(page)) == 1
        expect(page.get_by_text(f"第 {number} 项，共 {parts} 项")).to_be_visible()
        expect(send).to_be_visible(visible=number == parts)
        check(page)
        if number < parts:
            page.locator(f"{LEAVES}:visible").get_by_role("link", name="下一项").click()
    send.click()
    page.locator(".errors li a").last.click()
    expect(page.locator(":target")).to_be_visible()


def test_a_part_that_is_drawn_anew_while_one_types_stays_open(visits):
    page = in_large(visits, people.OWNER)
    page.goto(ANSWERED)
    page.get_by_role("button", name="开始填写").click()
    add = page.get_by_role("button", name="再加一个")
    while not add.first.is_visible():
        page.locator(f"{LEAVES}:visible").get_by_role("link", name="下一项").click()
    here = shown(page)
    add.first.click()
    page.wait_for_load_state()
    assert shown(page) == here


def test_the_plain_view_shows_every_part(visits):
    page = visits.open(GUIDE, None, PHONE)
    assert shown(page) == ["谁可以办", "材料", "怎么办", "在哪里办"]
    assert page.locator(".leaf-list").count() == 0
