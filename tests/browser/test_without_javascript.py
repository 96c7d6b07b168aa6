"""The main act of an applicant with JavaScript switched off: questions, form, files, submission."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import CASE_NUMBER, FORM, SITUATION, fill, paper, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_application_is_made_from_the_first_question_to_its_number(visits):
    page = visits.open(SITUATION, people.OWNER, java_script_enabled=False)
    for answer in ("有超过4.5吨的", "普通货物", "企业", "第一次办", "已上牌照"):
        page.get_by_label(answer, exact=True).check()
        press(page, "下一步")
    press(page, "开始填写")

    fill(page, {**FORM, "contact.id_number": "123"})
    press(page, "保存，下一步")
    expect(page.get_by_role("alert")).to_contain_text("1 处需要修改")
    fill(page, {"contact.id_number": FORM["contact.id_number"]})
    press(page, "再加一个：驾驶员")
    fill(page, {"drivers-1-driver.name": "第二位"})
    press(page, "删去 驾驶员 2")
    expect(page.locator('[name="drivers-1-driver.name"]')).to_have_count(0)
    press(page, "保存，下一步")

    while page.get_by_text("待上传").count():
        card = page.locator("[id^=m-]").filter(has_text="待上传").first
        card.locator("input[type=file]").set_input_files(paper("材料.pdf"))
        with page.expect_navigation():
            card.get_by_role("button", name="上传").click()
    press(page, "下一步：核对")
    press(page, "提交申请")
    expect(page.get_by_role("alert")).to_contain_text("请先勾选声明")
    page.get_by_label("我声明").check()
    press(page, "提交申请")
    assert CASE_NUMBER.search(page.url)
    expect(page.get_by_role("status").filter(has_text="已经提交")).to_be_visible()
