"""A case at the window by keyboard alone; words that outlive a lost connection, and leave a shared machine clean."""

import pytest
from playwright.sync_api import Page, expect

from tests import people, village
from tests.browser.visits import DESK
from yueban.cases.models import Application, Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORK = "employment.work_place"
KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('yueban:draft:')).length"


@pytest.fixture(autouse=True)
def villager(site):
    return village.settle()


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)


def test_a_common_case_takes_a_window_four_pages_and_few_keys(visits):
    page = visits.open("/desk/intake/", village.CLERK, DESK)
    keys = Keys(page)
    keys.type(village.ID_NUMBER)
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("林示意")
    keys.type("lh")
    expect(page.locator("#items a").first).to_contain_text("灵活就业社会保险补贴")
    keys.press("ArrowDown")
    with page.expect_navigation():
        keys.press("Enter")
    questions = 0
    while page.locator("a.choice").count():
        with page.expect_navigation():
            keys.press("1")
        questions += 1
    assert questions == 2, "what is known is not asked"
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("#f-agreed")).to_be_focused()
    keys.press("Space")
    with page.expect_navigation():
        keys.press("Control+Enter")
    expect(page.get_by_text("已提交，已收件")).to_be_visible()
    expect(page.get_by_role("link", name="打印凭证")).to_be_focused()
    assert Case.objects.filter(party__number=village.VILLAGER).count() == 1
    assert keys.pressed <= 30


def open_draft(visits, number: str) -> Page:
    page = visits.open(f"/desk/intake/drafts/{number}/", village.HELPER, DESK)
    expect(page.locator(f'[name="{WORK}"]')).to_be_visible()
    return page


def work_of(number: str) -> object:
    return Application.objects.get(number=number).form.get(WORK)


def test_words_typed_without_a_connection_are_sent_when_it_is_back(visits):
    number = village.draft().number
    page = open_draft(visits, number)
    page.context.set_offline(True)
    page.locator(f'[name="{WORK}"]').fill("邻村茶厂")
    expect(page.locator("[data-saved]")).to_contain_text("未连接，已存在本机")
    assert page.evaluate(KEPT) == 1
    assert work_of(number) == "本村"
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-saved]")).to_contain_text("恢复后")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert work_of(number) == "邻村茶厂"
    assert page.evaluate(KEPT) == 0


def test_a_page_closed_without_a_connection_has_its_words_again(visits):
    number = village.draft().number
    page = open_draft(visits, number)
    page.context.set_offline(True)
    page.locator(f'[name="{WORK}"]').fill("镇上工地")
    expect(page.locator("[data-saved]")).to_contain_text("已存在本机")
    device = page.context
    page.close()
    device.set_offline(False)
    again = device.new_page()
    again.goto(f"/desk/intake/drafts/{number}/")
    expect(again.locator(f'[name="{WORK}"]')).to_have_value("镇上工地")
    expect(again.locator("[data-saved]")).to_contain_text("已保存")
    assert work_of(number) == "镇上工地"


def test_two_windows_on_one_draft_lose_no_words(visits):
    number = village.draft().number
    first, second = open_draft(visits, number), open_draft(visits, number)
    first.locator(f'[name="{WORK}"]').fill("第一处")
    expect(first.locator("[data-saved]")).to_contain_text("已保存")
    second.locator(f'[name="{WORK}"]').fill("第二处")
    expect(second.locator("#conflict")).to_contain_text("第一处")
    expect(second.locator("#conflict")).to_contain_text("第二处")
    expect(second.locator(f'[name="{WORK}"]')).to_have_value("第二处")
    assert work_of(number) == "第一处"
    second.get_by_role("button", name="用我这里填的").click()
    expect(second.locator("[data-saved]")).to_contain_text("已保存")
    assert work_of(number) == "第二处"


def test_nothing_stays_on_the_machine_after_handing_in_or_signing_out(visits):
    draft = village.draft()
    village.mandate(draft)
    page = open_draft(visits, draft.number)
    page.evaluate(
        "k => localStorage.setItem(k, JSON.stringify({at: Date.now(), revision: '1', values: []}))",
        key_of(draft),
    )
    page.locator("#f-agreed").check()
    with page.expect_navigation():
        page.get_by_role("button", name="提交并收件").click()
    assert page.evaluate(KEPT) == 0
    page.evaluate("k => localStorage.setItem(k, '{}')", key_of(draft))
    with page.expect_navigation():
        page.get_by_role("button", name="退出").click()
    assert page.evaluate(KEPT) == 0


def key_of(draft: Application) -> str:
    return f"yueban:draft:{people.user(village.HELPER).pk}:{draft.number}"


def test_a_villager_signs_on_the_pad(visits):
    page = open_draft(visits, village.draft().number)
    box = page.locator("#f-pad").bounding_box()
    assert box is not None
    page.locator("#f-pad").scroll_into_view_if_needed()
    box = page.locator("#f-pad").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.move(box["x"] + 200, box["y"] + 20, steps=5)
    page.mouse.up()
    with page.expect_navigation():
        page.get_by_role("button", name="确认签名").click()
    expect(page.get_by_text("已授权")).to_be_visible()
