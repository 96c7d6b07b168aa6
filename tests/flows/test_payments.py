"""支付: three people, one payment; returned, corrected, paid; told to the applicant; nothing lost, nothing doubled."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error

from tests import benefits, people
from tests.flows.moments import set_now
from yueban.approvals import selectors as approvals
from yueban.cases.document_texts import decision_content
from yueban.cases.errors import CaseMoveNotPossible
from yueban.flows import pay, review
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message
from yueban.parties.models import Party
from yueban.payments import selectors as payments
from yueban.payments.choices import OrderState
from yueban.payments.errors import (
    BankUnavailable,
    OrderNotFound,
    OrderStale,
    PayeeEnded,
    PaymentInvalid,
    SamePerson,
)
from yueban.payments.models import DemoTransfer, LedgerEntry, PaymentAttempt, PaymentOrder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def november():
    set_now(2026, 11, 23)


def yan():
    return benefits.payer("payer-one")


def cao():
    return benefits.payer("payer-two")


def sent(account=benefits.ACCOUNT):
    """A released order and the number of its transmission."""
    _, order = benefits.granted(account=account)
    pay.approve(yan(), order.number)
    order = pay.release(cao(), order.number)
    return order, PaymentAttempt.objects.get(order=order).number


def kinds(order):
    return [entry.kind for entry in payments.entries_of([order])]


def test_the_decision_says_how_much_is_paid_and_where_to():
    case, _ = benefits.granted()
    said = dict(decision_content(case, reason="", is_granted=True)["facts"])
    assert said["给付金额"] == "666.67 元（陆佰陆拾陆元陆角柒分）"
    assert said["怎么算的"] == "1,000.00 元的2/3"
    assert said["打到哪里"] == "本人尾号1234的银行账户"


def test_a_grant_prepares_the_order_by_the_rule_of_the_item():
    case, order = benefits.granted()
    assert (order.amount, order.state, order.account_tail) == (Decimal("666.67"), OrderState.PREPARED, "1234")
    assert order.made_by_id == people.actor(people.DECIDER).user_id
    assert order.basis["ratio"] == "2/3"
    assert benefits.ACCOUNT.encode() not in bytes(order.account_cipher)
    assert list(payments.orders_of(Reference("case", case.number))) == [order]


def test_an_item_without_a_payment_prepares_none():
    people.granted()
    assert not PaymentOrder.objects.exists()


def test_a_refusal_prepares_none():
    benefits.publish(payment=benefits.PAYMENT)
    case, _ = benefits.announced()
    set_now(2026, 12, 1)
    pay.ask_after_unsettled()
    from yueban.flows.sweep import sweep

    sweep()
    review.decide(people.actor(people.DECIDER), case.number, is_granted=False, reason="不符合条件。")
    assert not PaymentOrder.objects.exists()


def test_it_is_paid_after_two_more_people_and_the_applicant_is_told():
    order, attempt = sent()
    pay.send(attempt)
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert kinds(order) == ["owed", "sent", "paid"]
    told = Message.objects.get(user_id=people.actor(people.OWNER).user_id, title="已到账")
    assert "666.67 元已到账，账号尾号1234" in told.body
    assert benefits.ACCOUNT not in told.body


def test_the_tasks_pass_from_payer_to_payer():
    _, order = benefits.granted()
    names = []
    for act in (pay.approve, pay.release):
        person = yan() if act is pay.approve else cao()
        names += [task.name for task in approvals.inbox(person)]
        act(person, order.number)
    assert names == ["复核支付", "支付"]
    assert not approvals.inbox(yan()).exists()


def test_who_approved_does_not_pay():
    _, order = benefits.granted()
    pay.approve(yan(), order.number)
    with pytest.raises(SamePerson):
        pay.release(yan(), order.number)


@pytest.mark.parametrize(
    "fields", [{"approved_by": "made_by"}, {"released_by": "approved_by"}, {"released_by": "made_by"}]
)
def test_the_database_itself_refuses_one_person_in_two_parts(fields):
    _, order = benefits.granted()
    pay.approve(yan(), order.number)
    order.refresh_from_db()
    changes = {name: getattr(order, of) for name, of in fields.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentOrder.objects.filter(pk=order.pk).update(**changes)


def test_the_database_refuses_a_payment_that_nobody_approved():
    _, order = benefits.granted()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentOrder.objects.filter(pk=order.pk).update(state=OrderState.SENT)


@pytest.mark.parametrize(
    "statement", ["UPDATE payments_ledgerentry SET amount = 1", "DELETE FROM payments_ledgerentry"]
)
def test_the_ledger_can_not_be_changed(statement):
    benefits.granted()
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_second_press_and_a_second_run_of_the_job_pay_once():
    _, order = benefits.granted()
    pay.approve(yan(), order.number, key="a")
    pay.approve(yan(), order.number, key="a")
    pay.release(cao(), order.number, key="b")
    pay.release(cao(), order.number, key="b")
    attempt = PaymentAttempt.objects.get(order=order)
    pay.send(attempt.number)
    pay.send(attempt.number)
    assert DemoTransfer.objects.get().asked == 1
    assert LedgerEntry.objects.filter(order=order).count() == 3


def test_an_old_page_is_told_so():
    _, order = benefits.granted()
    pay.approve(yan(), order.number)
    with pytest.raises(OrderStale):
        pay.release(cao(), order.number, revision=order.revision)


def test_money_that_comes_back_is_corrected_with_a_reason_and_paid_by_another():
    order, attempt = sent(account="6222000000000001")
    pay.send(attempt)
    order.refresh_from_db()
    assert order.state == OrderState.RETURNED
    assert [task.name for task in approvals.inbox(yan())] == ["更正收款账户"]
    with pytest.raises(PaymentInvalid) as refused:
        pay.correct(yan(), order.number, account="6222000000005678", reason=" ")
    assert set(refused.value.fields) == {"reason"}
    pay.correct(yan(), order.number, account="6222 0000 0000 5678", reason="电话核对，银行换卡。")
    with pytest.raises(SamePerson):
        pay.release(yan(), order.number)
    pay.release(cao(), order.number)
    pay.send(order.attempts.order_by("pk").last().number)
    order.refresh_from_db()
    assert (order.state, order.account_tail) == (OrderState.PAID, "5678")
    assert kinds(order) == ["owed", "sent", "returned", "sent", "paid"]
    titles = Message.objects.filter(user_id=people.actor(people.OWNER).user_id).values_list(
        "title", flat=True
    )
    assert {"银行退回", "已到账"} <= set(titles)


def test_a_lagging_bank_is_asked_again_after_a_minute():
    order, attempt = sent(account="6222000000000002")
    pay.send(attempt)
    order.refresh_from_db()
    assert order.state == OrderState.SENT
    assert pay.ask_after_unsettled() == 0
    later = clock.now().replace(hour=clock.now().hour + 1)
    clock.set_source(lambda: later)
    assert pay.ask_after_unsettled() == 1
    pay.send(attempt)
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_a_failing_bank_leaves_the_order_on_its_way_and_a_later_run_pays_once():
    order, attempt = sent(account="6222000000000003")
    for _ in range(2):
        with pytest.raises(BankUnavailable):
            pay.send(attempt)
    pay.send(attempt)
    order.refresh_from_db()
    assert (order.state, DemoTransfer.objects.count()) == (OrderState.PAID, 1)


def test_nothing_is_paid_to_who_has_died():
    _, order = benefits.granted()
    pay.approve(yan(), order.number)
    Party.objects.filter(pk=order.payee_id).update(ended_on=clock.today())
    with pytest.raises(PayeeEnded):
        pay.release(cao(), order.number)


def test_nothing_is_granted_to_who_has_died():
    case = people.deciding()
    Party.objects.filter(pk=case.party_id).update(ended_on=clock.today())
    with pytest.raises(CaseMoveNotPossible, match="去世或者注销"):
        review.decide(people.actor(people.DECIDER), case.number, is_granted=True)


@pytest.mark.parametrize("name", [people.CLERK, people.REVIEWER, people.STRANGER, people.OTHER_COUNTY])
def test_an_order_is_no_business_of(name):
    _, order = benefits.granted()
    with pytest.raises(OrderNotFound):
        payments.get_order(people.actor(name), order.number)


def test_the_amount_is_rounded_once():
    _, order = benefits.granted(amount="100.01")
    assert order.amount == Decimal("66.67")
