"""Where a case stands, for whoever has its number and the phone's tail and does not sign in."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.acts import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAIL = people.FORM["contact.phone"][-4:]
NOT_FOUND = "没有查到"


def ask(page, number, tail):
    page.get_by_label("办件编号").fill(number)
    page.get_by_label("联系手机后四位").fill(tail)
    press(page, "查进度", exact=True)


def main_words(page):
    return page.locator("main").inner_text()


@pytest.fixture
def number(site):
    return people.submitted().number


def test_the_right_number_and_tail_say_where_the_case_stands_and_nothing_of_the_person(visits, number):
    page = visits.open("/progress")
    ask(page, number, TAIL)
    expect(page.get_by_text("已申请，待收件")).to_be_visible()
    expect(page.locator("[data-focus]")).to_be_focused()
    assert "示例运输" not in main_words(page)
    assert "陈示例" not in main_words(page)


def test_a_wrong_tail_and_an_unknown_number_get_the_same_answer(visits, number):
    page = visits.open("/progress")
    ask(page, number, "0000")
    expect(page.get_by_role("alert")).to_contain_text(NOT_FOUND)
    wrong_tail = main_words(page)
    ask(page, "9" * 23, TAIL)
    assert main_words(page) == wrong_tail


def test_the_sixth_try_is_not_answered_even_when_it_is_right(visits, number):
    page = visits.open("/progress")
    for guess in range(5):
        ask(page, number, f"999{guess}")
    refused = main_words(page)
    ask(page, number, TAIL)
    assert main_words(page) == refused
    expect(page.get_by_text("已申请，待收件")).to_have_count(0)
