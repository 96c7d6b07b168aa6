"""What a person typed is kept: a session that ends, a page that is left, two windows on one draft."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import FORM, fill, named, press
from yueban.cases.models import Application
from yueban.flows import apply

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "drivers-0-driver.name"


@pytest.fixture
def address(site):
    """The form of an application just begun."""
    owner = people.actor(people.OWNER)
    return (
        f"/apply/{apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner)).number}/"
    )


def kept():
    return Application.objects.get().form


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_form_sent_after_the_session_ended_is_there_again_after_signing_in(visits, address, scripts):
    page = visits.open(address, people.OWNER, java_script_enabled=scripts)
    page.context.clear_cookies(name="sessionid")
    fill(page, FORM)
    press(page, "保存，下一步")
    expect(page.get_by_text("刚才填的内容已经留住")).to_be_visible()
    press(page, "陈示例")
    expect(page.get_by_text("已恢复您登录前填写的内容")).to_be_visible()
    for name in (NAME, "contact.id_number", "vehicles-0-vehicle.plate"):
        expect(named(page, name)).to_have_value(FORM[name])
    expect(page.locator('[name="freight.scope"][value="general"]')).to_be_checked()
    press(page, "保存，下一步")
    expect(page.get_by_role("heading", level=1)).to_have_text("材料")
    assert kept()["drivers"][0]["driver.name"] == FORM[NAME]


def test_what_was_kept_goes_to_nobody_else_who_signs_in(visits, address):
    page = visits.open(address, people.OWNER)
    page.context.clear_cookies(name="sessionid")
    fill(page, {NAME: "只给本人"})
    press(page, "保存，下一步")
    press(page, "王演示")
    assert "只给本人" not in page.content()


def test_autosave_says_so_while_the_session_has_ended_and_the_words_stay(visits, address):
    page = visits.open(address, people.OWNER)
    page.context.clear_cookies(name="sessionid")
    fill(page, {NAME: "孙驾驶"})
    expect(page.locator("#saved")).to_contain_text("登录已经结束")
    expect(named(page, NAME)).to_have_value("孙驾驶")


def test_what_is_typed_is_saved_by_itself(visits, address):
    page = visits.open(address, people.OWNER)
    fill(page, {NAME: "孙驾驶", "contact.id_type": "resident_id"})
    expect(page.locator("#saved")).to_have_text("已自动保存")
    fill(page, {"vehicles-0-vehicle.plate": "浙D00001"})
    with page.expect_response(lambda answer: "autosave" in answer.url):
        pass
    page.reload()
    expect(named(page, NAME)).to_have_value("孙驾驶")
    expect(named(page, "vehicles-0-vehicle.plate")).to_have_value("浙D00001")


def test_the_button_waits_for_a_save_that_is_on_its_way(visits, address):
    page = visits.open(address, people.OWNER)
    fill(page, FORM)
    expect(page.locator("#saved")).to_have_text("已自动保存")
    slow = []
    page.route("**/autosave", lambda route: route.continue_() if slow else slow.append(route))
    fill(page, {NAME: "最后改的"})
    while not slow:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="保存，下一步").click()
    assert page.url.endswith(address)
    slow[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("材料")
    assert kept()["drivers"][0]["driver.name"] == "最后改的"


def test_the_older_of_two_windows_is_told_and_overwrites_nothing(visits, address):
    device = visits.device(people.OWNER)
    older, newer = device.new_page(), device.new_page()
    older.goto(address)
    newer.goto(address)
    fill(newer, {NAME: "新窗口填的"})
    expect(newer.locator("#saved")).to_have_text("已自动保存")
    fill(older, {NAME: "旧窗口填的"})
    expect(older.locator("#saved")).to_contain_text("这份申请已在另一个窗口里改过")
    press(older, "保存，下一步")
    expect(older.locator("main")).to_contain_text("这份申请已在另一个窗口里改过")
    assert kept()["drivers"][0]["driver.name"] == "新窗口填的"
