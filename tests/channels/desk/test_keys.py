"""The desk by keyboard alone, in a real browser."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.cases.choices import CaseState
from yueban.cases.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_desk(page, site):
    """A page on which this person has signed in."""

    def sign_in(username: str, address: str):
        session = visitor(username).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
        page.goto(address)
        return page

    return sign_in


def state_of(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def test_j_and_k_move_through_the_inbox_and_enter_opens(at_desk):
    first, second = people.submitted(), people.received(people.STRANGER)
    page = at_desk(people.CLERK, "/desk/")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{second.number}/")
    assert first.number != second.number


def test_a_slash_goes_to_the_search_and_letters_typed_there_are_only_letters(at_desk):
    case = people.received()
    page = at_desk(people.CLERK, f"/desk/cases/{case.number}/")
    page.keyboard.press("/")
    page.keyboard.type("raj")
    assert page.input_value("#desk-search") == "raj"
    assert page.url.endswith(f"/desk/cases/{case.number}/")


def test_one_a_only_shows_what_it_would_do_the_second_does_it(at_desk):
    case = people.submitted()
    page = at_desk(people.CLERK, f"/desk/cases/{case.number}/")
    page.keyboard.press("a")
    page.wait_for_selector(".btn.armed")
    assert state_of(case) == CaseState.APPLIED
    page.keyboard.press("a")
    page.wait_for_selector("text=已收件，收件凭证已发给申请人")
    assert state_of(case) == CaseState.RECEIVED


def test_r_opens_the_notice_and_words_survive_looking_at_a_paper(at_desk):
    case = people.received()
    page = at_desk(people.CLERK, f"/desk/cases/{case.number}/")
    page.keyboard.press("r")
    page.wait_for_url("**act=supplement")
    page.fill("#what-safety-rules", "缺少盖章")
    page.click(".papers a:has-text('营业执照')")
    page.wait_for_selector("#viewer >> text=为申请人免交")
    assert page.input_value("#what-safety-rules") == "缺少盖章"
    page.reload()
    assert page.input_value("#what-safety-rules") == "缺少盖章"


def test_p_shows_the_decision_in_the_frame_and_it_can_still_be_signed(at_desk):
    case = people.deciding()
    page = at_desk(people.DECIDER, f"/desk/cases/{case.number}/?act=refuse")
    page.fill("#reason", "车辆检验已过有效期。")
    page.keyboard.press("Escape")
    with page.expect_response(f"**/desk/cases/{case.number}/preview*") as preview:
        page.keyboard.press("p")
    assert preview.value.headers["content-type"] == "application/pdf"
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=决定已签发")
    assert state_of(case) == CaseState.REFUSED


def test_p_shows_the_notice_beside_its_form_whatever_paper_is_open(at_desk):
    case = people.received()
    page = at_desk(people.CLERK, f"/desk/cases/{case.number}/?act=supplement&paper=timeline")
    page.fill("#what-safety-rules", "缺少盖章")
    page.keyboard.press("Escape")
    with page.expect_response(f"**/desk/cases/{case.number}/preview*") as preview:
        page.keyboard.press("p")
    assert preview.value.headers["content-type"] == "application/pdf"
    assert page.is_visible("iframe[name=preview]")
    page.click(".papers a:has-text('营业执照')")
    page.wait_for_selector("#viewer >> text=为申请人免交")
    assert page.is_hidden("iframe[name=preview]")


def test_the_work_begins_in_the_first_field(at_desk):
    asked, reviewed = people.received(), people.accepted(people.STRANGER)
    page = at_desk(people.CLERK, f"/desk/cases/{asked.number}/?act=supplement")
    first = page.locator("textarea").first.get_attribute("id")
    assert page.evaluate("document.activeElement.id") == first
    page = at_desk(people.REVIEWER, f"/desk/cases/{reviewed.number}/")
    assert page.evaluate("document.activeElement.name") == "check-0"


def test_n_goes_on_to_the_next_case_and_digits_turn_the_papers(at_desk):
    first, second = people.submitted(), people.received(people.STRANGER)
    page = at_desk(people.CLERK, f"/desk/cases/{second.number}/")
    page.keyboard.press("2")
    page.wait_for_url("**paper=m-*")
    page.keyboard.press("n")
    page.wait_for_url(f"**/desk/cases/{first.number}/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/desk/cases/{second.number}/")


@pytest.mark.parametrize("position", [0, -1])
def test_the_row_of_buttons_covers_no_field_that_has_the_focus(at_desk, position):
    case = people.received()
    page = at_desk(people.CLERK, f"/desk/cases/{case.number}/?act=supplement")
    page.set_viewport_size({"width": 1366, "height": 768})
    fields = page.locator(".act textarea")
    field = fields.nth(position % fields.count())
    field.focus()
    bottom = field.evaluate("e => e.getBoundingClientRect().bottom")
    assert bottom <= page.locator(".foot-acts").evaluate("e => e.getBoundingClientRect().top")
