"""The whole case by persons: applied for on a phone, worked at the desk, verified by anyone."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import CASE_NUMBER, FORM, answer_points, fill, paper, press
from tests.browser.visits import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_search_on_a_phone_to_a_certificate_that_anyone_verifies(visits, run_jobs):
    phone = visits.open("/")
    _find_and_answer(phone)
    _sign_in_on_the_way(phone, "陈示例")
    number = _fill_in_and_submit(phone)

    clerk = visits.open("/desk/", people.CLERK, DESK)
    _open_from_inbox(clerk, number)
    press(clerk, "收件 a")
    expect(clerk.get_by_text("收件凭证已发给申请人").first).to_be_visible()
    press(clerk, "告知补正")
    clerk.get_by_label("安全生产管理制度").fill("缺少本单位盖章，请盖章后重新上传。")
    press(clerk, "一次告知补正")

    _supply(phone, number)
    clerk.reload()
    press(clerk, "受理 a", exact=True)
    expect(clerk.get_by_text("审查和核查同时开始").first).to_be_visible()

    _review_in_parallel(visits, number)
    _decide(visits, number)
    run_jobs()
    _see_the_certificate(visits, phone, number)


def _find_and_answer(phone):
    phone.get_by_label("搜索事项").fill("开货运公司")
    press(phone, "搜索")
    phone.get_by_role("link", name="道路普通货物运输经营许可").click()
    phone.get_by_role("link", name="越城区", exact=False).first.click()
    press(phone, "开始办理")
    for answer in ("有超过4.5吨的", "普通货物", "企业", "第一次办", "已上牌照"):
        phone.get_by_label(answer, exact=True).check()
        press(phone, "下一步")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("您可以在网上办理")


def _sign_in_on_the_way(phone, name):
    press(phone, "登录并开始填写")
    press(phone, name)
    if phone.get_by_role("button", name="开始填写").count():
        press(phone, "开始填写")


def _fill_in_and_submit(phone):
    expect(phone.get_by_text("示例运输有限公司").first).to_be_visible()
    fill(phone, FORM)
    press(phone, "保存，下一步")
    expect(phone.get_by_role("heading", level=1)).to_have_text("材料")
    while phone.get_by_text("待上传").count():
        card = phone.locator("[id^=m-]").filter(has_text="待上传").first
        with phone.expect_navigation():
            card.locator("input[type=file]").set_input_files(paper("材料.pdf"))
    press(phone, "下一步：核对")
    phone.get_by_label("我声明").check()
    press(phone, "提交申请")
    expect(phone.get_by_role("status").filter(has_text="已经提交")).to_be_visible()
    return CASE_NUMBER.search(phone.url).group(1)


def _open_from_inbox(page, number):
    page.goto("/desk/")
    row = page.get_by_role("row").filter(has_text=number)
    with page.expect_navigation():
        row.get_by_role("link").first.click()


def _supply(phone, number):
    phone.goto("/")
    press(phone, "去补材料")
    expect(phone.get_by_text("缺少本单位盖章")).to_be_visible()
    with phone.expect_navigation():
        phone.locator("input[type=file]").set_input_files(paper("制度（盖章）.pdf"))
    press(phone, "提交补正")
    assert CASE_NUMBER.search(phone.url).group(1) == number


def _review_in_parallel(visits, number):
    desks = {
        who: visits.open("/desk/", who, DESK)
        for who in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER)
    }
    for page in desks.values():  # all three have it at the same time
        expect(page.get_by_role("row").filter(has_text=number)).to_have_count(1)
    for who, page in desks.items():
        _open_from_inbox(page, number)
        answer_points(page)
        press(page, "同意 a" if who == people.REVIEWER else "送出核查意见", exact=who == people.REVIEWER)
        expect(page.get_by_text("意见已送出").first).to_be_visible()


def _decide(visits, number):
    decider = visits.open("/desk/", people.DECIDER, DESK)
    _open_from_inbox(decider, number)
    with decider.expect_response(lambda answer: "/preview" in answer.url) as shown:
        press(decider, "准予许可，先看决定书")
    assert shown.value.headers["content-type"] == "application/pdf"
    press(decider, "签发《准予行政许可决定书》")
    expect(decider.get_by_text("决定已签发").first).to_be_visible()


def _see_the_certificate(visits, phone, number):
    phone.goto(f"/my/cases/{number}/")
    papers = phone.locator("li").filter(has_text="核验真伪").filter(has_text="道路运输经营许可证")
    address = papers.get_by_role("link", name="核验真伪").get_attribute("href")
    anyone = visits.open(address)
    expect(anyone.get_by_role("heading", level=1)).to_have_text("证照真实有效")
    expect(anyone.get_by_text("示例运输有限公司")).to_be_visible()
