"""支付 and 好差评 at the desk: lists, steps, exports; who rated is nowhere."""

from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests import benefits, people
from tests.channels.visitors import content_of, visitor
from yueban.accounts.services import save_demo_user
from yueban.agencies import services as agencies
from yueban.audit.models import Event
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM
from yueban.payments.choices import OrderState
from yueban.ratings.choices import FollowUpState

pytestmark = pytest.mark.django_db


def staff(username: str, role: str) -> Client:
    """A member of the bureau's staff, signed in."""
    user = save_demo_user(username=username, name=f"{username}员", note="", order=900)
    agencies.give_post(user=user, role=role, agency=benefits.AGENCY, actor=SYSTEM)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user.pk))
    return client


def sheet_of(answer):
    return [
        list(row) for row in load_workbook(BytesIO(content_of(answer))).active.iter_rows(values_only=True)
    ]


@pytest.fixture
def order():
    return benefits.order_of(people.granted())


def test_two_payers_pay_one_after_the_other(order):
    first, second = staff("pay-a", roles.PAYER), staff("pay-b", roles.PAYER)
    address = reverse("desk:payment", args=[order.number])
    assert "复核通过" in first.get(address).content.decode()
    first.post(reverse("desk:payment-step", args=[order.number, "approve"]), {"revision": "0"})
    assert "提交银行支付" not in first.get(address).content.decode()
    assert "提交银行支付" in second.get(address).content.decode()
    second.post(reverse("desk:payment-step", args=[order.number, "release"]), {"revision": "1"})
    order.refresh_from_db()
    assert order.state == OrderState.SENT


def test_the_one_who_approved_is_told_why_he_may_not_pay(order):
    first = staff("pay-a", roles.PAYER)
    first.post(reverse("desk:payment-step", args=[order.number, "approve"]))
    answer = first.post(reverse("desk:payment-step", args=[order.number, "release"]))
    assert (answer.status_code, "另一位支付人员" in answer.content.decode()) == (403, True)


def test_the_task_in_the_inbox_leads_to_the_order():
    benefits.granted()
    client = staff("pay-a", roles.PAYER)
    page = client.get(reverse("desk:inbox")).content.decode()
    assert "复核支付" in page
    assert "/desk/payments/ZF" in page


def test_the_account_is_shown_by_its_tail_alone_also_in_the_export(order):
    client = staff("pay-a", roles.PAYER)
    listed = client.get(reverse("desk:payments")).content.decode()
    rows = sheet_of(client.get(reverse("desk:payments-export")))
    assert "尾号1234" in listed
    assert benefits.ACCOUNT not in listed + str(rows)
    assert rows[1][:5] == [order.number, "补贴", order.payee_name, "1234", 666.67]
    assert Event.objects.filter(kind="export", data__what="支付单").exists()


def test_a_name_that_looks_like_a_formula_stays_text_in_the_export(order):
    type(order).objects.filter(pk=order.pk).update(payee_name="=1+1")
    answer = staff("pay-a", roles.PAYER).get(reverse("desk:payments-export"))
    cell = load_workbook(BytesIO(content_of(answer))).active["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_longer_list_of_orders_asks_no_more_questions(order, django_assert_max_num_queries):
    client = staff("pay-a", roles.PAYER)
    for _ in range(4):
        benefits.order_of(people.granted())
    client.get(reverse("desk:payments"))
    with django_assert_max_num_queries(14):
        client.get(reverse("desk:payments"))


@pytest.fixture
def rating():
    return benefits.rating_of(people.accepted())


def test_no_desk_page_and_no_export_says_who_rated(rating):
    client = staff("colleague", roles.REVIEWER)
    pages = [
        client.get(address).content.decode()
        for address in (reverse("desk:ratings"), reverse("desk:rating", args=[rating.number]))
    ]
    sheet = str(sheet_of(client.get(reverse("desk:ratings-export"))))
    for text in (*pages, sheet):
        assert "示例运输" not in text
        assert rating.service.reference_number not in text
        assert rating.service.code not in text


def test_a_bad_rating_is_verified_answered_and_closed_on_its_page(rating):
    client = staff("colleague", roles.REVIEWER)
    step = lambda act, **data: client.post(  # noqa: E731 - three calls of one line
        reverse("desk:rating-step", args=[rating.number, act]), data
    )
    assert step("verify", finding="true", explanation="人手不足。").status_code == 422  # no weight, no days
    step("verify", finding="true", weight="general", explanation="人手不足。")
    assert step("close", outcome="已增开窗口。").status_code == 409
    step("contact", way="电话", is_reached="yes", contact_text="已致歉。")
    step("close", outcome="已增开窗口。")
    rating.follow_up.refresh_from_db()
    assert rating.follow_up.state == FollowUpState.CLOSED


def test_few_ratings_hide_how_many_were_bad(rating):
    page = visitor(people.SUPERVISOR).get(reverse("desk:ratings")).content.decode()
    assert "少于5条，不显示" in page


def test_the_figures_say_what_they_are_a_share_of(rating):
    rows = sheet_of(visitor(people.SUPERVISOR).get(reverse("desk:ratings-export")))
    bad = next(row for row in rows if row[0] == "差评率")
    assert (bad[1], bad[2], bad[3]) == ("不满意、非常不满意 ÷ 已评价件", 1, 1)
