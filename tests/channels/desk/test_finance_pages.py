"""预算项目、拨付批次、追回 at the desk: who sees what, each step by its button, refusals beside the field."""

from datetime import date
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
    city_payer,
    city_recovery,
    city_waiting,
)
from tests.channels.visitors import content_of, hidden, visitor
from tests.claims import making
from tests.flows.moments import set_now
from yueban.audit.models import Event
from yueban.documents import services as documents
from yueban.documents.models import Document
from yueban.flows import fund_claims, pay_batches
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
    shown = text(visitor(XI).get(reverse("desk:recovery", args=[recovery.number])))
    assert "等另一位支付人员核对" in shown
    assert "核对无误</button>" not in shown
    assert press(LANG, "recovery", recovery.number, "receipt", outcome="there").status_code == 302
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


def test_the_start_page_shows_whose_step_a_batch_waits_for():
    batch = city_waiting(city_order(1))
    address = reverse("desk:batch", args=[batch.number])
    seen = {name: address in text(visitor(name).get(reverse("desk:inbox"))) for name in CITY_PAYERS}
    assert seen == {XI: False, LANG: True, LEI: True, TONG: True}
    press(LANG, "batch", batch.number, "check")
    page = text(visitor(LEI).get(reverse("desk:inbox")))
    assert address in page
    assert "待批准" in page
    assert address not in text(visitor(LANG).get(reverse("desk:inbox")))
    assert address not in text(visitor(people.DECIDER).get(reverse("desk:inbox")))


def test_a_confirmed_recovery_has_a_paper_that_the_desk_and_the_payee_open():
    order = city_order(1)
    city_batch(order)
    recovery = city_recovery(order)
    (paper,) = Document.objects.filter(kind="recovery_notice")
    assert visitor(LANG).get(reverse("desk:recovery-paper", args=[recovery.number])).status_code == 404
    documents.render_document(paper.pk)
    assert "150,000.00 元（壹拾伍万元整）" in str(paper.content["facts"])
    assert "不计利息" in paper.content["paragraphs"][0]
    page = text(visitor(XI).get(reverse("desk:recovery", args=[recovery.number])))
    assert paper.number in page
    assert content_of(visitor(LANG).get(reverse("desk:recovery-paper", args=[recovery.number]))).startswith(
        b"%PDF"
    )


def change(username: str, act: str, **typed: str):
    """Open the page of the line and send the form of a change."""
    browser = visitor(username)
    browser.get(LINE)
    return browser.post(reverse("desk:budget-change", args=[*CITY_LINE, act]), typed)


def test_the_total_of_a_line_is_changed_by_two_people_and_its_history_is_shown():
    words = {"kind": "cut", "amount": "999999999", "reason": "年中压减", "document_number": ""}
    refused = change(XI, "propose", **words)
    assert refused.status_code == 422
    assert "最多能调减余额 50,000,000.00 元" in text(refused)
    assert "请填写依据的文号" in text(refused)
    change(XI, "propose", **words | {"amount": "1000000", "document_number": "绍财企〔2026〕18号"})
    line = BudgetLine.objects.get(key=CITY_LINE[0], year=CITY_LINE[1])
    (proposed,) = line.changes.all()
    assert "批准，记入账目" not in text(visitor(XI).get(LINE))
    assert LINE in text(visitor(LANG).get(reverse("desk:inbox")))
    assert "批准，记入账目" in text(visitor(LANG).get(LINE))
    assert change(XI, "enter", number=proposed.number).status_code == 403
    assert change(LANG, "enter", number=proposed.number).status_code == 302
    shown = text(visitor(LEI).get(LINE))
    for words_shown in ("49,000,000.00", "绍财企〔2026〕18号", "奚经办 → 郎复核", "已调整"):
        assert words_shown in shown
    assert change(LEI, "refuse", number=proposed.number, answer="不行").status_code == 409


def test_the_next_year_of_a_line_is_opened_from_its_page():
    last = reverse("desk:budget", args=[CITY_LINE[0], 2027])
    assert "新开 2028 年" in text(visitor(XI).get(last))
    answer = visitor(XI).post(reverse("desk:budget-change", args=[CITY_LINE[0], 2027, "next"]))
    assert answer.headers["Location"] == reverse("desk:budget", args=[CITY_LINE[0], 2028])
    assert "新开 2028 年" not in text(visitor(XI).get(last))


def test_batches_and_recoveries_go_to_excel_with_the_tails_of_accounts_only():
    orders = [city_order(1), city_order(2, tail=RETURNS)]
    batch = city_batch(*orders)
    city_recovery(orders[0])
    browser = visitor(XI)
    of_all = sheet_of(browser.get(reverse("desk:batches-export")))
    of_one = sheet_of(browser.get(reverse("desk:batch-export", args=[batch.number])))
    assert of_all == of_one
    assert [row[11] for row in of_one[1:]] == ["已到账", "银行退回"]
    assert {row[9] for row in of_one[1:]} == {order.account_tail for order in orders}
    (_, row) = sheet_of(browser.get(reverse("desk:recoveries-export")))
    assert row[4:9] == ("承诺期内迁出", 150000, 0, 0, 150000)
    assert Event.objects.filter(kind="export").count() >= 3


def agreed_without_line():
    """A claim agreed at once of an offer that names no line, and one whose fact expires at the end of the month."""
    making.november()
    making.nothing_known()
    making.offer("bare", redemption="instant", budget_line=None)
    facts = {"digital_investment": 2000000, "is_dishonest": False}
    making.told(making.company(), facts, expires_on=date(2026, 11, 30))
    return making.submitted(key="bare")


def test_a_claim_that_no_line_pays_is_told_and_gets_one():
    found = agreed_without_line()
    where = reverse("desk:without-line")
    assert where in text(visitor(XI).get(reverse("desk:inbox")))
    page = visitor(XI).get(where)
    assert found.number in text(page)
    address = reverse("desk:line-choose", args=[found.number])
    words = {name: hidden(page.content, name, form=address) for name in ("revision", "key")}
    refused = visitor(XI).post(address, words)
    assert (refused.status_code, "请选择从哪个预算项目付" in text(refused)) == (422, True)
    assert visitor(XI).post(address, words | {"line": CITY_LINE[0]}).status_code == 302
    assert found.number not in text(visitor(XI).get(where))
    assert PaymentOrder.objects.get().amount == 600000
    assert where not in text(visitor(XI).get(reverse("desk:inbox")))


def test_the_page_of_held_payments_and_the_line_say_which_and_why():
    found = agreed_without_line()
    fund_claims.choose(city_payer(XI), found.number, CITY_LINE[0])
    set_now(2026, 12, 1)
    for address in (reverse("desk:held-payments"), LINE):
        page = text(visitor(XI).get(address))
        assert "已过有效期" in page
        assert "重新核实，可以付" not in page
    assert 'name="orders"' not in text(visitor(XI).get(LINE))
