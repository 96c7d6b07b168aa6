"""Pressing twice, and two people pressing at once: one case, one document, and a clear word for the second."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import press
from tests.browser.visits import DESK
from yueban.cases.models import Case
from yueban.documents.models import Document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The comfort of page.js keeps the second click at home; the server must hold by itself.
SEND_TWICE = """button => {
  const form = button.form, body = new URLSearchParams(new FormData(form, button));
  const address = form.getAttribute('action') || location.href;
  const send = () => fetch(address, {method: 'POST', body, redirect: 'follow'}).then(a => a.status);
  return Promise.all([send(), send()]);
}"""


def test_a_double_click_on_submit_makes_one_case(visits):
    draft = people.draft()
    page = visits.open(f"/apply/{draft.number}/preview", people.OWNER)
    page.get_by_label("我声明").check()
    page.get_by_role("button", name="提交申请").dblclick()
    expect(page.get_by_role("status").filter(has_text="已经提交")).to_be_visible()
    assert Case.objects.count() == 1


def test_two_submissions_at_once_make_one_case(visits):
    draft = people.draft()
    page = visits.open(f"/apply/{draft.number}/preview", people.OWNER)
    page.get_by_label("我声明").check()
    assert page.get_by_role("button", name="提交申请").evaluate(SEND_TWICE) == [200, 200]
    assert Case.objects.count() == 1


def test_a_double_click_on_accept_issues_one_notice(visits):
    case = people.received()
    page = visits.open(f"/desk/cases/{case.number}/", people.CLERK, DESK)
    page.get_by_role("button", name="受理 a", exact=True).dblclick()
    expect(page.get_by_text("审查和核查同时开始").first).to_be_visible()
    assert Document.objects.filter(kind="acceptance").count() == 1


def test_two_acceptances_at_once_from_one_page_issue_one_notice_and_neither_fails(visits):
    case = people.received()
    page = visits.open(f"/desk/cases/{case.number}/", people.CLERK, DESK)
    assert page.get_by_role("button", name="受理 a", exact=True).evaluate(SEND_TWICE) == [200, 200]
    assert Document.objects.filter(kind="acceptance").count() == 1


def test_of_two_clerks_with_the_same_page_the_second_is_told_what_happened(visits):
    case = people.received()
    first = visits.open(f"/desk/cases/{case.number}/", people.CLERK, DESK)
    second = visits.open(f"/desk/cases/{case.number}/?act=return", people.OTHER_CLERK, DESK)
    press(first, "受理 a", exact=True)
    second.get_by_label("理由").fill("重复提交，请撤回其中一件。")
    press(second, "退件 a")
    told = second.get_by_role("alert")
    expect(told).to_contain_text("这件办件已变为“已受理”")
    expect(told).to_be_focused()
    expect(told).to_contain_text("重复提交，请撤回其中一件。")  # the words are not lost
    assert Case.objects.get().state == "accepted"
    assert Document.objects.filter(kind="acceptance").count() == 1
