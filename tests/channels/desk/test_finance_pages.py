"""预算项目、拨付批次、追回 at the desk: who sees what, each step by its button, refusals beside the field."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tests import people
from tests.batches import (
    CITY_LINE,
    CITY_PAYERS,
    RETURNS,
    city_batch,
    city_order,
    city_recovery,
    city_waiting,
)
from tests.channels.visitors import content_of, hidden, visitor
from yueban.audit.models import Event
from yueban.flows import pay_batches
from yueban.payments.choices import BatchState, OrderState, RecoveryState
from yueban.payments.models import BudgetLine, PaymentBatch, PaymentOrder, Recovery

pytestmark = pytest.mark.django_db
XI, LANG, LEI, TONG = CITY_PAYERS
LINE = reverse("desk:budget", args=CITY_LINE)


def text(answer) -> str:
    return content_of(answer).decode()


def sheet_of(answer) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(content_of(answer))).active.iter_rows(values_only=True))


def press(username: str, name: str, number: str, act: str, **typed: str):
    """Open the page and send the form of an act with what it holds."""
    browser = visitor(username)
    address = reverse(f"desk:{name}-step", args=[number, act])
    page = browser.get(reverse(f"desk:{name}", args=[number])).content
    words = {field: hidden(page, field, form=address) for field in ("revision", "key")}
    return browser.post(address, words | typed)


def test_a_batch_goes_from_hand_to_hand_by_its_buttons():
    orders = [city_order(1), city_order(2)]
    browser = visitor(XI)
    page = browser.get(LINE)
    assert "等待编入批次 2 张" in text(page)
    answer = browser.post(
        reverse("desk:batch-make", args=CITY_LINE),
        {"key": hidden(page.content, "key"), "orders": [order.number for order in orders], "go": "some"},
    )
    batch = PaymentBatch.objects.get()
    assert answer.headers["Location"] == reverse("desk:batch", args=[batch.number])
    for username, act in ((LANG, "check"), (LEI, "approve"), (TONG, "release")):
        assert press(username, "batch", batch.number, act).status_code == 302
    pay_batches.send(batch.number)
    batch.refresh_from_db()
    assert batch.state == BatchState.ANSWERED
    shown = text(visitor(XI).get(reverse("desk:batch", args=[batch.number])))
    for name in ("奚经办", "郎复核", "雷批准", "佟出纳", "600,000.00 元", "陆拾万元整", batch.file_sha):
        assert name in shown
    assert orders[0].account_tail in shown
    assert "62220000" not in shown


def test_all_that_is_due_becomes_one_batch():
    for number in range(3):
        city_order(number)
    visitor(XI).post(reverse("desk:batch-make", args=CITY_LINE), {"go": "all"})
    assert PaymentBatch.objects.get().count == 3


def test_nothing_ticked_is_said_so():
    city_order(1)
    answer = visitor(XI).post(reverse("desk:batch-make", args=CITY_LINE), {"go": "some"})
    assert (answer.status_code, "一个批次要有 1 到" in text(answer)) == (409, True)


def test_whoever_took_a_step_is_offered_no_other_and_refused_it():
    batch = city_waiting(city_order(1))
    page = text(visitor(XI).get(reverse("desk:batch", args=[batch.number])))
    assert "复核通过" not in page
    assert "撤销" in page
    answer = visitor(XI).post(reverse("desk:batch-step", args=[batch.number, "check"]))
    assert (answer.status_code, "四个人" in text(answer)) == (403, True)


def test_a_batch_is_dissolved_only_with_a_reason():
    batch = city_waiting(city_order(1))
    answer = press(LANG, "batch", batch.number, "dissolve", reason=" ")
    assert (answer.status_code, "请写明为什么撤销" in text(answer)) == (422, True)
    assert press(LANG, "batch", batch.number, "dissolve", reason="户名有误").status_code == 302


def test_the_file_is_taken_by_payers_and_that_is_kept():
    batch = city_batch(city_order(1))
    address = reverse("desk:batch-file", args=[batch.number])
    answer = visitor(TONG).get(address)
    assert answer.content.startswith(f"YUEBAN-BATCH,1,{batch.number},1,300000.00\n".encode())
    assert "no-store" in answer.headers["Cache-Control"]
    assert Event.objects.filter(kind="batch_file_taken").count() == 1
    assert visitor(people.SUPERVISOR).get(address).status_code == 403


def test_an_answer_file_is_taken_whole_or_refused_with_its_reason():
    batch = city_batch(city_order(1, tail=RETURNS))
    address = reverse("desk:batch-answer", args=[batch.number])
    missing = visitor(XI).post(address)
    assert (missing.status_code, "请选择银行给的回单文件" in text(missing)) == (422, True)
    torn = visitor(XI).post(address, {"answer": SimpleUploadedFile("a.csv", b"YUEBAN-ANSWER,1,")})
    assert (torn.status_code, "截断" in text(torn)) == (422, True)


@pytest.mark.parametrize("name", ["batch", "recovery"])
def test_a_supervisor_looks_and_does_nothing(name):
    order = city_order(1)
    batch = city_batch(order)
    order.refresh_from_db()
    number = batch.number if name == "batch" else city_recovery(order).number
    page = text(visitor(people.SUPERVISOR).get(reverse(f"desk:{name}", args=[number])))
    assert "现在不用您办" in page
    act = "dissolve" if name == "batch" else "withdraw"
    assert (
        visitor(people.SUPERVISOR).post(reverse(f"desk:{name}-step", args=[number, act])).status_code == 403
    )


@pytest.mark.parametrize("username", ["payer-cao", people.DECIDER, "supervisor-ji"])
def test_others_find_neither_line_nor_batch_nor_recovery(username):
    order = city_order(1)
    batch = city_batch(order)
    order.refresh_from_db()
    recovery = city_recovery(order)
    browser = visitor(username)
    for address in (
        reverse("desk:batch", args=[batch.number]),
        reverse("desk:recovery", args=[recovery.number]),
        reverse("desk:batch-file", args=[batch.number]),
        reverse("desk:recovery-new", args=[order.number]),
    ):
        assert browser.get(address).status_code == 404
    assert browser.get(LINE).status_code in (403, 404)
    for name in ("budgets", "batches", "recoveries"):
        answer = browser.get(reverse(f"desk:{name}"))
        assert answer.status_code == 403 or order.payee_name not in text(answer)


def test_the_figures_and_the_ledger_are_exported_as_they_stand():
    city_batch(city_order(1))
    rows = sheet_of(visitor(XI).get(reverse("desk:budgets-export") + "?year=2026&text=数字化"))
    line = BudgetLine.objects.get(key=CITY_LINE[0], year=CITY_LINE[1])
    assert [row[:3] for row in rows[1:]] == [(line.key, line.name, "2026")] or rows[1][2] == 2026
    assert [float(value) for value in rows[1][5:]] == [50_000_000, 49_700_000, 0, 0, 300_000]
    entries = sheet_of(visitor(XI).get(reverse("desk:budget-export", args=CITY_LINE)))
    assert [row[1] for row in entries[1:]] == ["下达", "预占", "冻结", "拨付"]


def test_lists_are_narrowed_and_ask_no_question_per_row(django_assert_max_num_queries):
    for number in range(12):
        city_order(number)
    visitor(XI).post(reverse("desk:batch-make", args=CITY_LINE), {"go": "all"})
    browser = visitor(XI)
    with django_assert_max_num_queries(30):
        browser.get(reverse("desk:batch", args=[PaymentBatch.objects.get().number]))
    with django_assert_max_num_queries(30):
        page = text(browser.get(LINE + "?kind=reserve"))
    assert page.count("余额 → 预占") == 12
    assert "预占 → 冻结" not in page
    assert "没有批次" in text(browser.get(reverse("desk:batches") + "?state=answered"))


def test_a_paid_order_is_asked_back_by_two_people():
    order = city_order(1)
    city_batch(order)
    browser = visitor(XI)
    assert "提出追回" in text(browser.get(reverse("desk:payment", args=[order.number])))
    address = reverse("desk:recovery-new", args=[order.number])
    typed = {"amount": "1e9", "reason": "relocated", "facts": "迁出。", "due_on": "2099-12-31"}
    refused = browser.post(address, typed)
    assert (refused.status_code, "不超过 300,000.00 元" in text(refused)) == (422, True)
    browser.post(address, typed | {"amount": "100000"})
    recovery = Recovery.objects.get()
    assert (
        visitor(XI).post(reverse("desk:recovery-step", args=[recovery.number, "confirm"])).status_code == 403
    )
    assert press(LANG, "recovery", recovery.number, "confirm").status_code == 302
    assert press(XI, "recovery", recovery.number, "repay", amount="100000", note="回单 9").status_code == 302
    recovery.refresh_from_db()
    assert recovery.state == RecoveryState.SETTLED
    line = BudgetLine.objects.get(key=CITY_LINE[0], year=CITY_LINE[1])
    assert (line.balance, line.spent) == (49_800_000, 200_000)


def test_the_page_of_a_budgets_order_says_that_it_goes_with_its_batch():
    order = city_order(1)
    page = text(visitor(XI).get(reverse("desk:payment", args=[order.number])))
    assert "随批次复核" in page
    assert "数字化改造专项资金" in page
    answer = visitor(LANG).post(reverse("desk:payment-step", args=[order.number, "approve"]))
    assert answer.status_code == 409
    assert PaymentOrder.objects.get(pk=order.pk).state == OrderState.PREPARED
