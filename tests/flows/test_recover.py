"""追回: two people, a notice, and money that comes back to the line it was paid from."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import Error

from tests.batches import CHECKER, MAKER, RELEASER, came_back, made, make_order, payer, released
from tests.flows.moments import set_now
from tests.payments.budget_lines import figures, yuan
from yueban.audit import selectors as audit
from yueban.flows import pay_batches, recover
from yueban.flows.payables import OF_KIND, Payable
from yueban.kernel.actor import ANONYMOUS
from yueban.kernel.reference import Reference
from yueban.payments import selectors
from yueban.payments.choices import RecoveryState
from yueban.payments.errors import (
    PaymentInvalid,
    RecoveryNotFound,
    RecoveryNotPossible,
    SamePerson,
)
from yueban.payments.models import LedgerEntry, PaymentOrder, Recovery, RecoveryEntry, RecoveryReceipt

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def november():
    set_now(2026, 11, 23)


def paid(number: int = 1, amount: str = "100.00") -> PaymentOrder:
    order = make_order(number, amount)
    batch = released(order)
    pay_batches.send(batch.number)
    order.refresh_from_db()
    return order


def proposed(order: PaymentOrder, amount: str = "60", **changed: object) -> Recovery:
    words = {
        "amount": amount,
        "reason": "relocated",
        "facts": "企业三年内迁出本区。",
        "due_on": DUE,
    } | changed
    return recover.propose(payer(MAKER), order.number, **words)


def noticed(order: PaymentOrder, amount: str = "60") -> Recovery:
    return recover.confirm(payer(CHECKER), proposed(order, amount).number)


def test_what_is_paid_back_returns_to_the_balance_of_its_line():
    recovery = noticed(paid())
    assert figures() == yuan("100000", "99900", "0", "0", "100")
    recovery = came_back(recovery, "20", "回单 A1")
    assert (recovery.state, recovery.outstanding) == (RecoveryState.NOTICED, Decimal(40))
    recovery = came_back(recovery, "40", "回单 A2")
    assert recovery.state == RecoveryState.SETTLED
    assert figures() == yuan("100000", "99960", "0", "0", "40")
    assert selectors.find_budget_faults() == []


def test_a_later_payment_is_kept_back_in_part_and_the_rest_is_paid():
    recovery = noticed(paid())
    later = make_order(2, "100.00")
    recovery = recover.offset(payer(MAKER), recovery.number, order_number=later.number, amount="60")
    assert recovery.state == RecoveryState.SETTLED
    later.refresh_from_db()
    assert (later.offset, later.net) == (Decimal(60), Decimal(40))
    batch = made(later)
    assert batch.total == Decimal(40)
    pay_batches.check(payer(CHECKER), batch.number)
    pay_batches.approve(payer("batch-approver"), batch.number)
    pay_batches.release(payer(RELEASER), batch.number)
    pay_batches.send(batch.number)
    # 200 were given, 60 of them came back.
    assert figures() == yuan("100000", "99860", "0", "0", "140")
    kinds = list(LedgerEntry.objects.filter(order=later).order_by("pk").values_list("kind", "amount"))
    assert kinds == [("owed", 100), ("offset", 60), ("sent", 40), ("paid", 40)]
    assert selectors.find_budget_faults() == []


def test_the_payee_is_told_when_another_person_has_confirmed(monkeypatch):
    told = []
    monkeypatch.setitem(OF_KIND, "grant", Payable(tell=lambda _order, *words: told.append(words)))
    recovery = proposed(paid())
    assert told == []
    with pytest.raises(SamePerson):
        recover.confirm(payer(MAKER), recovery.number)
    recover.confirm(payer(CHECKER), recovery.number)
    ((event, title, text),) = told
    assert (event, title) == (f"recovery-{recovery.number}", "追回通知")
    assert "60.00 元" in text
    assert "2026年12月31日" in text
    kinds = {one.kind for one in audit.events_of(Reference("recovery", recovery.number))}
    assert kinds == {"propose_recovery", "confirm_recovery"}


def test_the_database_refuses_one_person_to_propose_and_confirm():
    recovery = noticed(paid())
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(confirmed_by=recovery.made_by)
    came_back(recovery, "1")
    with pytest.raises(Error), transaction.atomic():
        RecoveryEntry.objects.update(amount=2)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "100.01"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "很多"}, "amount"),
        ({"reason": "whim"}, "reason"),
        ({"facts": " "}, "facts"),
        ({"due_on": date(2026, 11, 23)}, "due_on"),
        ({"due_on": None}, "due_on"),
    ],
)
def test_a_recovery_says_beside_the_field_what_is_wrong(changed, field):
    order = paid()
    with pytest.raises(PaymentInvalid) as refused:
        proposed(order, **changed)
    assert list(refused.value.fields) == [field]
    assert not Recovery.objects.exists()


def test_no_more_comes_back_than_is_asked():
    recovery = noticed(paid())
    with pytest.raises(PaymentInvalid):
        recover.repay(payer(MAKER), recovery.number, amount="60.01", note="回单")
    assert figures() == yuan("100000", "99900", "0", "0", "100")


def test_a_key_repays_once():
    recovery = noticed(paid())
    for _ in range(2):
        recover.repay(payer(MAKER), recovery.number, amount="10", note="回单", key="pressed")
    for _ in range(2):
        recover.check_receipt(payer(CHECKER), recovery.number, is_there=True, key="pressed")
    assert Recovery.objects.get().repaid == Decimal(10)


def test_what_one_person_enters_counts_when_another_finds_it_on_the_account():
    recovery = noticed(paid())
    recover.repay(payer(MAKER), recovery.number, amount="20", note="回单 A1")
    assert Recovery.objects.get().repaid == 0
    assert figures() == yuan("100000", "99900", "0", "0", "100")
    with pytest.raises(SamePerson):
        recover.check_receipt(payer(MAKER), recovery.number, is_there=True)
    with pytest.raises(RecoveryNotPossible):
        recover.repay(payer(CHECKER), recovery.number, amount="20", note="回单 A1")
    with pytest.raises(RecoveryNotPossible):
        recover.withdraw(payer(CHECKER), recovery.number, reason="核实后没有迁出")
    recover.check_receipt(payer(CHECKER), recovery.number, is_there=True)
    assert Recovery.objects.get().repaid == Decimal(20)
    assert figures() == yuan("100000", "99920", "0", "0", "80")
    with pytest.raises(RecoveryNotPossible):
        recover.check_receipt(payer(CHECKER), recovery.number, is_there=True)


def test_what_is_not_on_the_account_changes_nothing():
    recovery = noticed(paid())
    recover.repay(payer(MAKER), recovery.number, amount="20", note="回单 A1")
    recover.check_receipt(payer(CHECKER), recovery.number, is_there=False)
    assert Recovery.objects.get().repaid == 0
    assert RecoveryReceipt.objects.get().state == "refused"
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryReceipt.objects.update(decided_by=RecoveryReceipt.objects.get().made_by)
    recover.repay(payer(MAKER), recovery.number, amount="20", note="回单 A2")


def test_only_what_was_paid_is_asked_back_and_once_at_a_time():
    with pytest.raises(RecoveryNotPossible):
        proposed(make_order(7))
    order = paid(8)
    proposed(order)
    with pytest.raises(RecoveryNotPossible):
        proposed(order)


def test_a_debt_is_reported_only_after_its_day():
    recovery = noticed(paid())
    with pytest.raises(RecoveryNotPossible):
        recover.report(payer(MAKER), recovery.number)
    set_now(2027, 1, 4)
    assert recover.report(payer(MAKER), recovery.number).reported_at is not None
    with pytest.raises(RecoveryNotPossible):
        recover.report(payer(MAKER), recovery.number)


def test_a_recovery_is_withdrawn_while_nothing_came_back():
    recovery = recover.withdraw(payer(CHECKER), noticed(paid()).number, reason="核实后没有迁出")
    assert recovery.state == RecoveryState.WITHDRAWN
    other = noticed(paid(2))
    came_back(other, "1")
    with pytest.raises(RecoveryNotPossible):
        recover.withdraw(payer(CHECKER), other.number, reason="核实后没有迁出")


def test_somebody_elses_order_is_not_kept_back():
    recovery = noticed(paid())
    elsewhere = make_order(5)
    made(elsewhere)
    with pytest.raises(RecoveryNotPossible):
        recover.offset(payer(MAKER), recovery.number, order_number=elsewhere.number, amount="1")


def test_a_payer_of_another_agency_finds_no_recovery():
    recovery = noticed(paid())
    for actor in (ANONYMOUS, payer(MAKER, "yuecheng-transport")):
        with pytest.raises(RecoveryNotFound):
            recover.repay(actor, recovery.number, amount="1", note="回单")
