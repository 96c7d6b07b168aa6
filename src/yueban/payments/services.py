"""Writes of payments. Flows lock the subject first, the order after; the bank is asked outside any transaction."""

import secrets
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet

from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line, clean_paragraphs
from yueban.kernel.reference import Reference
from yueban.parties.models import Party
from yueban.payments.amounts import amount_of as amount_of
from yueban.payments.banks import Answer, Bank, BankState, HttpBank, Instruction
from yueban.payments.choices import ACCOUNTS, LIVE, LIVE_ROWS, AttemptState, EntryKind, OrderState
from yueban.payments.demo_bank import DemoBank
from yueban.payments.errors import (
    BankUnavailable,
    OrderNotFound,
    OrderStale,
    PayeeEnded,
    PaymentInvalid,
    SamePerson,
)
from yueban.payments.models import (
    AccountCorrection,
    BudgetUse,
    LedgerEntry,
    OrderConfirmation,
    PaymentAttempt,
    PaymentOrder,
)
from yueban.payments.selectors import orders_visible_to
from yueban.vault import services as vault

LONGEST_ACCOUNT, SHORTEST_ACCOUNT = 34, 8


def prepare_order(
    *,
    reference: Reference,
    name: str,
    payee: Party,
    account: str,
    amount: Decimal,
    basis: dict[str, str],
    payer_agency_id: int,
    funded_by_id: int | None,
    division_code: str,
    actor: Actor,
    budget_use: BudgetUse | None = None,
    due_on: date | None = None,
) -> PaymentOrder:
    """Make the order of a thing; asked again it gives the order there is.

    With `budget_use` it is paid from what the thing holds of a budget line, in a batch, not before `due_on`.
    """
    if amount <= 0:
        raise PaymentInvalid.of_fields({"amount": "按规则算出的金额是0元，不能支付。"})
    assert actor.user_id is not None  # a grant is somebody's, and so is its order
    checked = checked_account(account)
    order, created = PaymentOrder.objects.get_or_create(
        reference_kind=reference.kind,
        reference_number=reference.number,
        defaults={
            "number": f"ZF{clock.today():%Y%m%d}{secrets.token_hex(4)}",
            "name": name,
            "payee": payee,
            "payee_name": payee.name,
            "account_cipher": vault.encrypt(checked),
            "account_tail": checked[-4:],
            "amount": amount,
            "basis": basis,
            "payer_agency_id": payer_agency_id,
            "funded_by_id": funded_by_id,
            "division_code": division_code,
            "budget_use": budget_use,
            "due_on": due_on,
            "made_by_id": actor.user_id,
            "made_at": clock.now(),
        },
    )
    if created:
        _enter(order, EntryKind.OWED)
    return order


def checked_account(text: str) -> str:
    """An account number as banks take it: digits and letters without spaces."""
    account = "".join(text.split())
    if not (SHORTEST_ACCOUNT <= len(account) <= LONGEST_ACCOUNT and account.isascii() and account.isalnum()):
        raise PaymentInvalid.of_fields({"account": "银行账号应是8到34位数字，请对照社会保障卡或银行卡核对。"})
    return account


def lock_order(*, number: str, actor: Actor) -> PaymentOrder:
    """The order, locked for this transaction, when the actor may see it; OrderNotFound otherwise."""
    visible = orders_visible_to(actor).filter(number=number).values("pk")
    order = _locked().filter(pk__in=visible).first()
    if order is None:
        raise OrderNotFound("没有找到这张支付单。", hint="请核对编号；只有付款单位的支付人员能看到。")
    return order


def lock_any_order(*, number: str) -> PaymentOrder:
    """The order, locked, for a flow that has its own way to tell who may act; OrderNotFound otherwise."""
    order = _locked().filter(number=number).first()
    if order is None:
        raise OrderNotFound("没有找到这张支付单。", hint="请核对编号。")
    return order


def confirm_order(*, order: PaymentOrder, about: list[str], evidence: str, actor: Actor) -> None:
    """重新核实: what the order rests on was looked at again; nothing else of it changes."""
    _check_unpaid(order)
    assert actor.user_id is not None  # only holders of a post come here
    try:
        seen = clean_paragraphs(evidence, 500)
    except TextInvalid as error:
        raise PaymentInvalid.of_fields({"evidence": f"{error.message}{error.hint}"}) from error
    if not seen:
        raise PaymentInvalid.of_fields({"evidence": "请写明核实了什么、依据什么新的材料。"})
    OrderConfirmation.objects.create(
        order=order, about=about, evidence=seen, by_id=actor.user_id, at=clock.now()
    )


def _check_unpaid(order: PaymentOrder) -> None:
    if order.state not in (OrderState.PREPARED, OrderState.APPROVED):
        raise _stale(order)


def lock_order_of_attempt(*, attempt_number: str) -> PaymentOrder:
    """The order of a transmission, locked, for the platform's own work."""
    return _locked().get(attempts__number=attempt_number)


def _locked() -> QuerySet[PaymentOrder]:
    return PaymentOrder.objects.select_for_update(of=("self",)).select_related("payee", "payer_agency")


def check_revision(*, order: PaymentOrder, revision: int | None) -> None:
    """Refuse a step decided on a page that is older than the order."""
    if revision is not None and revision != order.revision:
        raise OrderStale(
            f"您打开页面之后，这张支付单已变为“{order.get_state_display()}”。", hint="请刷新页面再办。"
        )


def approve_order(*, order: PaymentOrder, actor: Actor) -> PaymentOrder:
    """复核: by somebody other than who made it."""
    _check_alone(order)
    _check_state(order, OrderState.PREPARED)
    if actor.user_id == order.made_by_id:
        raise SamePerson("这张支付单由您经手生成，不能由您复核。", hint="请由另一位支付人员复核。")
    order.approved_by_id, order.approved_at = actor.user_id, clock.now()
    return _moved(order, OrderState.APPROVED, "approved_by", "approved_at")


def release_order(*, order: PaymentOrder, actor: Actor) -> PaymentAttempt:
    """支付: by a third person; the transmission waits for the job that follows the transaction."""
    _check_alone(order)
    _check_state(order, OrderState.APPROVED)
    if order.payee.ended_on is not None:
        raise PayeeEnded("收款人已经去世或者注销，不能支付。", hint="请退回业务部门，按规定处理。")
    if actor.user_id in (order.made_by_id, order.approved_by_id, order.corrected_by_id):
        raise SamePerson("这张支付单由您生成、复核或更正过，不能由您支付。", hint="请由另一位支付人员支付。")
    order.released_by_id, order.released_at = actor.user_id, clock.now()
    _moved(order, OrderState.SENT, "released_by", "released_at")
    attempt = PaymentAttempt.objects.create(
        order=order,
        number=f"{order.number}-{order.attempts.count() + 1:02d}",
        account_cipher=order.account_cipher,
        account_tail=order.account_tail,
        made_at=clock.now(),
    )
    _enter(order, EntryKind.SENT, attempt)
    return attempt


def correct_account(*, order: PaymentOrder, account: str, reason: str, actor: Actor) -> PaymentOrder:
    """更正账户: after the bank returned the money; somebody else then pays again."""
    _check_state(order, OrderState.RETURNED)
    assert actor.user_id is not None  # only holders of a post come here
    try:
        checked, why = checked_account(account), clean_paragraphs(reason, 500)
    except TextInvalid as error:
        raise PaymentInvalid.of_fields({"reason": f"{error.message}{error.hint}"}) from error
    if not why:
        raise PaymentInvalid.of_fields({"reason": "请写明为什么更正、依据什么核对的。"})
    AccountCorrection.objects.create(
        order=order,
        from_tail=order.account_tail,
        to_tail=checked[-4:],
        reason=why,
        by_id=actor.user_id,
        at=clock.now(),
    )
    order.account_cipher, order.account_tail = vault.encrypt(checked), checked[-4:]
    order.corrected_by_id, order.corrected_at, order.released_by_id = actor.user_id, clock.now(), None
    fields = ("account_cipher", "account_tail", "corrected_by", "corrected_at", "released_by")
    return _moved(order, OrderState.APPROVED, *fields)


def cancel_order(*, order: PaymentOrder, reason: str) -> PaymentOrder:
    """取消: before it is paid and while no batch holds it; the flow lets its budget go."""
    if order.state not in (OrderState.PREPARED, OrderState.APPROVED, OrderState.RETURNED):
        raise _stale(order)
    if order.batch_rows.filter(state__in=LIVE_ROWS).exists():
        raise OrderStale("这张支付单在一个批次里。", hint="请先撤销那个批次。")
    if order.offset:
        raise OrderStale("这张支付单已经抵扣了一笔追回，不能取消。", hint="请照常支付余下的部分。")
    order.basis = order.basis | {"cancelled": reason[:200]}
    order.ended_at = clock.now()
    _enter(order, EntryKind.CANCELLED)
    return _moved(order, OrderState.CANCELLED, "basis", "ended_at")


def ask_bank(*, attempt_number: str) -> Answer | None:
    """Send or ask after a transmission, outside any transaction; None when it is settled already.

    Raises BankUnavailable: nothing is known, the same number may be sent again.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(number=attempt_number)
    if attempt.state not in LIVE:
        return None
    bank = the_bank()
    if attempt.state == AttemptState.SENT:
        answer = bank.query(attempt.number)
        if answer.state != BankState.UNKNOWN:
            return answer
    return bank.pay(
        Instruction(
            number=attempt.number,
            amount=attempt.order.amount,
            account=vault.decrypt(attempt.account_cipher),
            name=attempt.order.payee_name,
            purpose=attempt.order.name,
        )
    )


def the_bank() -> Bank:
    """The bank of this instance: at YUEBAN_BANK_URL, or the demonstration's own."""
    if settings.YUEBAN_BANK_URL:
        return HttpBank(settings.YUEBAN_BANK_URL, settings.YUEBAN_BANK_KEY.encode())
    if settings.YUEBAN_DEMO:
        return DemoBank()
    raise BankUnavailable("没有接入银行。", hint="请设置 YUEBAN_BANK_URL 和 YUEBAN_BANK_KEY。")


def record_answer(*, order: PaymentOrder, attempt_number: str, answer: Answer) -> OrderState | None:
    """Write down what the bank said; returns the order's new state, None where nothing changed."""
    attempt = order.attempts.select_for_update().get(number=attempt_number)
    if attempt.state not in LIVE:
        return None
    state = _STATES[answer.state]
    attempt.state, attempt.bank_reference = state, answer.reference[:60]
    attempt.answer = _one_line(answer.reason)
    attempt.answered_at = clock.now()
    attempt.save(update_fields=["state", "bank_reference", "answer", "answered_at"])
    if state == AttemptState.SENT:
        return None
    is_paid = state == AttemptState.PAID
    _enter(order, EntryKind.PAID if is_paid else EntryKind.RETURNED, attempt)
    if not is_paid:
        _moved(order, OrderState.RETURNED)
        return OrderState.RETURNED
    order.ended_at = clock.now()
    _moved(order, OrderState.PAID, "ended_at")
    return OrderState.PAID


_STATES = {
    BankState.ACCEPTED: AttemptState.SENT,
    BankState.UNKNOWN: AttemptState.SENT,
    BankState.PAID: AttemptState.PAID,
    BankState.RETURNED: AttemptState.RETURNED,
}


def _one_line(text: str) -> str:
    try:
        return clean_line(text[:200], 200)
    except TextInvalid:
        return ""


def _check_state(order: PaymentOrder, wanted: OrderState) -> None:
    if order.state != wanted:
        raise _stale(order)


def _stale(order: PaymentOrder) -> OrderStale:
    return OrderStale(
        f"这张支付单现在是“{order.get_state_display()}”，不能这样办。", hint="请刷新页面看最新情况。"
    )


def _check_alone(order: PaymentOrder) -> None:
    """What is paid from a budget line goes with its batch."""
    if order.budget_use_id is not None:
        raise OrderStale("这张支付单从预算项目列支，随批次复核和支付。", hint="请在“拨付批次”里办理。")


def _moved(order: PaymentOrder, state: OrderState, *fields: str) -> PaymentOrder:
    order.state = state
    order.revision += 1
    order.save(update_fields=["state", "revision", *fields])
    return order


def _enter(order: PaymentOrder, kind: EntryKind, attempt: PaymentAttempt | None = None) -> None:
    debit, credit = ACCOUNTS[kind]
    LedgerEntry.objects.create(
        order=order,
        attempt=attempt,
        kind=kind,
        debit=debit,
        credit=credit,
        amount=order.amount,
        at=clock.now(),
    )
