"""追回: proposed from a paid order, confirmed by another person, told to the payee; what comes back is written down."""

from datetime import date

from django.db import transaction

from yueban.approvals.errors import TaskNotYours
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.flows import recovery_paper, recusal
from yueban.flows.payables import payable_of
from yueban.kernel import money, roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.payments import recoveries
from yueban.payments import services as payments
from yueban.payments.models import Recovery


@transaction.atomic
def propose(
    actor: Actor,
    order_number: str,
    *,
    amount: str,
    reason: str,
    facts: str,
    due_on: date | None,
    key: str = "",
) -> Recovery:
    """提出: by a payer of the agency that paid."""
    order = payments.lock_order(number=order_number, actor=actor)
    if cases.is_done(key=key, name="propose_recovery", actor=actor, number=order_number):
        return order.recoveries.latest("pk")
    _check_payer(actor, order.payer_agency.code)
    recusal.check(actor, order.payee_id)
    recovery = recoveries.propose(
        order=order, amount=amount, reason=reason, facts=facts, due_on=due_on, actor=actor
    )
    _record(recovery, "propose_recovery", actor)
    cases.remember_done(key=key, name="propose_recovery", actor=actor, number=order_number)
    return recovery


@transaction.atomic
def confirm(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Recovery:
    """复核: the payee is told how much, why, by when."""
    recovery, done = _begin(actor, number, revision, key, "confirm_recovery")
    if not done:
        recoveries.confirm(recovery=recovery, actor=actor)
        paper = recovery_paper.issue(recovery, actor)
        day = recovery.due_on
        amount, why = money.to_text(recovery.amount), recovery.get_reason_display()
        text = (
            f"“{recovery.order.name}”已付的{amount}需要退回，原因：{why}。"
            f"请在{day.year}年{day.month}月{day.day}日前退还，通知书{paper.number}在申报页面，"
            f"有异议请联系{recovery.agency.short_name}。"
        )
        payable_of(recovery.order).tell(recovery.order, f"recovery-{recovery.number}", "追回通知", text)
        _end(recovery, actor, key, "confirm_recovery")
    return recovery


@transaction.atomic
def withdraw(
    actor: Actor, number: str, *, reason: str, revision: int | None = None, key: str = ""
) -> Recovery:
    """撤回: as long as nothing came back; whoever was told is told."""
    recovery, done = _begin(actor, number, revision, key, "withdraw_recovery")
    if not done:
        was_told = recovery.confirmed_at is not None
        recoveries.withdraw(recovery=recovery, reason=reason)
        if was_told:
            text = f"“{recovery.order.name}”的追回通知已经撤回，不需要退款。"
            payable_of(recovery.order).tell(
                recovery.order, f"withdrawn-{recovery.number}", "追回通知已撤回", text
            )
        _end(recovery, actor, key, "withdraw_recovery")
    return recovery


@transaction.atomic
def repay(
    actor: Actor, number: str, *, amount: str, note: str, revision: int | None = None, key: str = ""
) -> Recovery:
    """登记退款: so much is said to be back on the account; another person checks it."""
    recovery, done = _begin(actor, number, revision, key, "repay_recovery")
    if not done:
        recoveries.repay(recovery=recovery, amount=amount, note=note, actor=actor)
        _end(recovery, actor, key, "repay_recovery")
    return recovery


@transaction.atomic
def check_receipt(
    actor: Actor, number: str, *, is_there: bool, revision: int | None = None, key: str = ""
) -> Recovery:
    """核对退款, by another person than who entered it."""
    recovery, done = _begin(actor, number, revision, key, "check_receipt")
    if not done:
        recoveries.check_receipt(recovery=recovery, is_there=is_there, actor=actor)
        _end(recovery, actor, key, "check_receipt")
    return recovery


@transaction.atomic
def offset(
    actor: Actor,
    number: str,
    *,
    order_number: str,
    amount: str,
    revision: int | None = None,
    key: str = "",
) -> Recovery:
    """抵扣: a part of a later payment is kept back."""
    recovery, done = _begin(actor, number, revision, key, "offset_recovery")
    if not done:
        order = payments.lock_order(number=order_number, actor=actor)
        recoveries.offset(recovery=recovery, order=order, amount=amount, actor=actor)
        _end(recovery, actor, key, "offset_recovery")
    return recovery


@transaction.atomic
def report(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Recovery:
    """推送信用: the day is over and it was not paid back."""
    recovery, done = _begin(actor, number, revision, key, "report_recovery")
    if not done:
        recoveries.report(recovery=recovery, actor=actor)
        _end(recovery, actor, key, "report_recovery")
    return recovery


def _check_payer(actor: Actor, agency_code: str) -> None:
    if not any(post.role == roles.PAYER and post.covers(agency_code) for post in actor.posts):
        raise TaskNotYours("这笔追回不归您办。", hint="请由付款单位的支付人员办理。")


def _begin(actor: Actor, number: str, revision: int | None, key: str, name: str) -> tuple[Recovery, bool]:
    recovery = recoveries.lock_recovery(number=number, actor=actor)
    if cases.is_done(key=key, name=name, actor=actor, number=number):
        return recovery, True
    _check_payer(actor, recovery.agency.code)
    recusal.check(actor, recovery.payee_id)
    recoveries.check_revision(recovery=recovery, revision=revision)
    return recovery, False


def _end(recovery: Recovery, actor: Actor, key: str, name: str) -> None:
    _record(recovery, name, actor)
    cases.remember_done(key=key, name=name, actor=actor, number=recovery.number)


def _record(recovery: Recovery, kind: str, actor: Actor) -> None:
    """In the recovery's own chain: amounts and state."""
    data = {
        "state": recovery.state,
        "amount": str(recovery.amount),
        "repaid": str(recovery.repaid),
        "offset": str(recovery.offset),
    }
    audit.record(
        Reference("recovery", recovery.number), kind, actor=actor, data=data, division=recovery.division_code
    )
