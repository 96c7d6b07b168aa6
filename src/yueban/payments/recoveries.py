"""追回: proposed, confirmed by another person and noticed; paid back, kept back from later payments, reported."""

import secrets
from datetime import date
from decimal import Decimal

from yueban.kernel import clock, money
from yueban.kernel.actor import Actor
from yueban.kernel.errors import ServiceError
from yueban.kernel.names import TextInvalid, clean_paragraphs
from yueban.payments import budgets
from yueban.payments.choices import (
    ACCOUNTS,
    LIVE_ROWS,
    EntryKind,
    OrderState,
    ReceiptState,
    RecoveryReason,
    RecoveryState,
    RecoveryWay,
)
from yueban.payments.errors import PaymentInvalid, RecoveryNotFound, RecoveryNotPossible, SamePerson
from yueban.payments.models import (
    LedgerEntry,
    PaymentOrder,
    Recovery,
    RecoveryEntry,
    RecoveryReceipt,
)
from yueban.payments.selectors import open_receipt, recoveries_visible_to

ZERO = Decimal(0)
OPEN = (RecoveryState.PROPOSED, RecoveryState.NOTICED)


def propose(
    *, order: PaymentOrder, amount: str, reason: str, facts: str, due_on: date | None, actor: Actor
) -> Recovery:
    """提出: how much of a paid order is asked back, why, by when. The order is locked."""
    assert actor.user_id is not None  # only holders of a post come here
    if order.state != OrderState.PAID or order.budget_use_id is None:
        raise RecoveryNotPossible(
            "只有从预算项目列支并且已到账的支付单可以追回。", hint="请从已到账的支付单进入。"
        )
    if order.recoveries.filter(state__in=OPEN).exists():
        raise RecoveryNotPossible("这张支付单有一笔追回还没有办完。", hint="请先办完那一笔。")
    asked = sum((one.amount for one in order.recoveries.filter(state=RecoveryState.SETTLED)), ZERO)
    faults: dict[str, str] = {}
    yuan = _amount(amount, order.amount - asked, faults)
    why = _text(facts, "facts", "请写明查实的情况和依据。", faults)
    if reason not in RecoveryReason.values:
        faults["reason"] = "请选择追回的原因。"
    if due_on is None or due_on <= clock.today():
        faults["due_on"] = "请填写今天以后的退款期限。"
    if faults:
        raise PaymentInvalid.of_fields(faults)
    assert due_on is not None  # among the faults otherwise
    return Recovery.objects.create(
        number=f"ZH{clock.today():%Y%m%d}{secrets.token_hex(4)}",
        order=order,
        payee_id=order.payee_id,
        payee_name=order.payee_name,
        agency_id=order.payer_agency_id,
        division_code=order.division_code,
        reason=reason,
        facts=why,
        amount=yuan,
        due_on=due_on,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )


def lock_recovery(*, number: str, actor: Actor) -> Recovery:
    """The recovery, locked for this transaction, when the actor may see it; RecoveryNotFound otherwise."""
    visible = recoveries_visible_to(actor).filter(number=number).values("pk")
    rows = Recovery.objects.select_for_update(of=("self",)).select_related(
        "order__budget_use__line", "agency__division"
    )
    found = rows.filter(pk__in=visible).first()
    if found is None:
        raise RecoveryNotFound("没有找到这笔追回。", hint="请从追回列表进入；只有付款单位的支付人员能看到。")
    return found


def check_revision(*, recovery: Recovery, revision: int | None) -> None:
    """Refuse a step decided on a page that is older than the recovery."""
    if revision is not None and revision != recovery.revision:
        raise RecoveryNotPossible(
            f"您打开页面之后，这笔追回已变为“{recovery.get_state_display()}”。", hint="请刷新页面再办。"
        )


def confirm(*, recovery: Recovery, actor: Actor) -> None:
    """复核: by another person; from now on the payee owes it."""
    _check_state(recovery, RecoveryState.PROPOSED)
    if actor.user_id == recovery.made_by_id:
        raise SamePerson("这笔追回由您提出，不能由您复核。", hint="请由另一位支付人员复核。")
    recovery.confirmed_by_id, recovery.confirmed_at = actor.user_id, clock.now()
    _moved(recovery, RecoveryState.NOTICED, "confirmed_by", "confirmed_at")


def withdraw(*, recovery: Recovery, reason: str) -> None:
    """撤回: as long as nothing came back."""
    if recovery.state not in OPEN or recovery.outstanding != recovery.amount or open_receipt(recovery):
        raise _not_possible(recovery)
    faults: dict[str, str] = {}
    why = _text(reason, "withdraw_reason", "请写明为什么撤回。", faults)
    if faults:
        raise PaymentInvalid.of_fields(faults)
    recovery.facts = f"{recovery.facts}\n撤回：{why}"[:1000]
    recovery.ended_at = clock.now()
    _moved(recovery, RecoveryState.WITHDRAWN, "facts", "ended_at")


def repay(*, recovery: Recovery, amount: str, note: str, actor: Actor) -> RecoveryReceipt:
    """登记退款: one person says that money came back; it counts when another has held it against the account."""
    _check_state(recovery, RecoveryState.NOTICED)
    if open_receipt(recovery) is not None:
        raise RecoveryNotPossible("有一笔登记的退款还没有核对。", hint="请另一位支付人员先核对那一笔。")
    faults: dict[str, str] = {}
    yuan = _amount(amount, recovery.outstanding, faults)
    what = _text(note, "note", "请写明收款凭证，如银行回单号。", faults)[:200]
    if faults:
        raise PaymentInvalid.of_fields(faults)
    assert actor.user_id is not None  # only holders of a post come here
    receipt = RecoveryReceipt.objects.create(
        recovery=recovery, amount=yuan, note=what, made_by_id=actor.user_id, made_at=clock.now()
    )
    _moved(recovery, RecoveryState.NOTICED)
    return receipt


def check_receipt(*, recovery: Recovery, is_there: bool, actor: Actor) -> None:
    """核对退款: another person finds the money on the account, and it goes to the balance of its line; or does not."""
    _check_state(recovery, RecoveryState.NOTICED)
    receipt = open_receipt(recovery)
    if receipt is None:
        raise RecoveryNotPossible("没有等待核对的退款。", hint="请刷新页面看最新情况。")
    if receipt.made_by_id == actor.user_id:
        raise SamePerson("这笔退款由您登记，不能由您核对。", hint="请由另一位支付人员核对。")
    receipt.state = ReceiptState.CONFIRMED if is_there else ReceiptState.REFUSED
    receipt.decided_by_id, receipt.decided_at = actor.user_id, clock.now()
    receipt.save(update_fields=["state", "decided_by", "decided_at"])
    if not is_there:
        _moved(recovery, RecoveryState.NOTICED)
        return
    recovery.repaid += receipt.amount
    entry = _entry(recovery, RecoveryWay.REPAID, receipt.amount, actor, note=receipt.note)
    _came_back(recovery, entry)


def offset(*, recovery: Recovery, order: PaymentOrder, amount: str, actor: Actor) -> None:
    """抵扣: a part of a later payment to the same payee is kept back. Both are locked."""
    _check_state(recovery, RecoveryState.NOTICED)
    is_taken = order.batch_rows.filter(state__in=LIVE_ROWS).exists()
    if (
        is_taken
        or order.state not in (OrderState.PREPARED, OrderState.APPROVED)
        or order.payee_id != recovery.payee_id
        or order.offset
        or order.budget_use is None
    ):
        raise RecoveryNotPossible(
            "这张支付单不能用来抵扣：不是同一收款人、已编入批次或者抵扣过。", hint="请从列出的支付单里选。"
        )
    faults: dict[str, str] = {}
    receipt = open_receipt(recovery)
    left = recovery.outstanding - (receipt.amount if receipt is not None else ZERO)
    most = min(left, order.amount - money.FEN)
    yuan = _amount(amount, most, faults)
    if faults:
        raise PaymentInvalid.of_fields({"offset_amount": faults["amount"]})
    order.offset = yuan
    order.revision += 1
    order.save(update_fields=["offset", "revision"])
    debit, credit = ACCOUNTS[EntryKind.OFFSET]
    LedgerEntry.objects.create(
        order=order, kind=EntryKind.OFFSET, debit=debit, credit=credit, amount=yuan, at=clock.now()
    )
    budgets.spend(
        line_key=order.budget_use.line.key,
        year=order.budget_use.line.year,
        amount=yuan,
        reference=order.budget_use.reference,
        key=f"offset:{order.number}",
    )
    recovery.offset += yuan
    _came_back(recovery, _entry(recovery, RecoveryWay.OFFSET, yuan, actor, order=order))


def report(*, recovery: Recovery, actor: Actor) -> None:
    """推送信用: a debt that was not paid in time, on a person's word."""
    _check_state(recovery, RecoveryState.NOTICED)
    if recovery.due_on >= clock.today() or recovery.reported_at is not None:
        raise RecoveryNotPossible("退款期限还没有过，或者已经推送过。", hint="期限过后仍未退款的才推送信用。")
    recovery.reported_by_id, recovery.reported_at = actor.user_id, clock.now()
    _moved(recovery, RecoveryState.NOTICED, "reported_by", "reported_at")


def _entry(
    recovery: Recovery,
    way: RecoveryWay,
    amount: Decimal,
    actor: Actor,
    *,
    note: str = "",
    order: PaymentOrder | None = None,
) -> RecoveryEntry:
    assert actor.user_id is not None  # only holders of a post come here
    return RecoveryEntry.objects.create(
        recovery=recovery,
        way=way,
        amount=amount,
        order=order,
        note=note,
        by_id=actor.user_id,
        at=clock.now(),
    )


def _came_back(recovery: Recovery, entry: RecoveryEntry) -> None:
    """What came back can be given again; a recovery of which nothing is owed any more has ended."""
    use = recovery.order.budget_use
    assert use is not None  # propose takes no other
    budgets.recover(
        line_key=use.line.key,
        year=use.line.year,
        amount=entry.amount,
        reference=use.reference,
        key=f"recover:{recovery.number}:{entry.pk}",
    )
    is_over = recovery.outstanding == 0
    if is_over:
        recovery.ended_at = clock.now()
    state = RecoveryState.SETTLED if is_over else RecoveryState.NOTICED
    _moved(recovery, state, "repaid", "offset", "ended_at")


def _amount(text: str, most: Decimal, faults: dict[str, str]) -> Decimal:
    try:
        amount = money.yuan(text)
    except ServiceError as error:
        faults["amount"] = f"{error.message}{error.hint}"
        return ZERO
    if not 0 < amount <= most:
        faults["amount"] = f"金额要大于0，不超过 {money.to_text(most)}。"
    return amount


def _text(text: str, field: str, missing: str, faults: dict[str, str]) -> str:
    try:
        clean = clean_paragraphs(text, 500)
    except TextInvalid as error:
        faults[field] = f"{error.message}{error.hint}"
        return ""
    if not clean:
        faults[field] = missing
    return clean


def _check_state(recovery: Recovery, wanted: RecoveryState) -> None:
    if recovery.state != wanted:
        raise _not_possible(recovery)


def _not_possible(recovery: Recovery) -> RecoveryNotPossible:
    return RecoveryNotPossible(
        f"这笔追回现在是“{recovery.get_state_display()}”，不能这样办。", hint="请刷新页面看最新情况。"
    )


def _moved(recovery: Recovery, state: RecoveryState, *fields: str) -> None:
    recovery.state = state
    recovery.revision += 1
    recovery.save(update_fields=["state", "revision", *fields])
