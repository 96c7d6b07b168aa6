"""支付: prepared with the grant, approved by a second person, released by a third, sent by a job.

The job asks the bank outside any transaction and writes the answer in one: killed in between, it asks again
with the same number, and the bank answers the same.
"""

from decimal import Decimal

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.errors import TaskNotYours
from yueban.approvals.services import Subject, TaskPlan
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.catalogue.selectors import Payment
from yueban.flows import recusal
from yueban.flows.payables import payable_of
from yueban.jobs import services as jobs
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments_read
from yueban.payments import services as payments
from yueban.payments.choices import OrderState
from yueban.payments.models import PaymentOrder

SEND_JOB = "flows.send_payment"
DAYS = 2  # working days for each step of the payers
STEPS = {"approve": "复核支付", "release": "支付", "correct": "更正收款账户"}


def prepare(case: Case, actor: Actor) -> PaymentOrder | None:
    """Make the order of a granted case by the rule of its item; None where the item pays nothing."""
    rule = case.item_version.compiled.payment
    if rule is None:
        return None
    amount, basis = planned_amount(case, rule)
    division = case.agency.division.code
    payer = agencies.agency_of_kind(rule.payer_kind, division) if rule.payer_kind else case.agency
    funder = agencies.agency_of_kind(rule.funded_by, division) if rule.funded_by else None
    order = payments.prepare_order(
        reference=cases.reference_of(case),
        name=rule.name,
        payee=case.party,
        account=str(case.facts.get(rule.account_element, "")),
        amount=amount,
        basis=basis,
        payer_agency_id=payer.pk,
        funded_by_id=funder.pk if funder else None,
        division_code=case.division_code,
        actor=actor,
    )
    _ask(order, "approve")
    _record(order, "payment_prepared", actor)
    return order


def planned_amount(case: Case, rule: Payment) -> tuple[Decimal, dict[str, str]]:
    """The amount, and how it came about."""
    value = Decimal(str(case.facts.get(rule.amount.element) or 0))
    amount = payments.amount_of(value, share=rule.amount.share, cap=rule.amount.ceiling)
    basis = {
        "element": rule.amount.element,
        "value": str(value),
        "ratio": rule.amount.ratio,
        "cap": rule.amount.cap or "",
        "rounding": "四舍五入到分",
    }
    return amount, basis


@transaction.atomic
def approve(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> PaymentOrder:
    """复核: amount and account are right; another person pays."""
    order, done = _begin(actor, number, revision, key, "approve_payment")
    if not done:
        payments.approve_order(order=order, actor=actor)
        _finish(order, "approve", actor)
        _ask(order, "release")
        _end(order, actor, key, "approve_payment")
    return order


@transaction.atomic
def release(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> PaymentOrder:
    """支付: the transmission is written down; the job that sends it runs after this transaction."""
    order, done = _begin(actor, number, revision, key, "release_payment")
    if not done:
        attempt = payments.release_order(order=order, actor=actor)
        _finish(order, "release", actor)
        jobs.enqueue(SEND_JOB, attempt_number=attempt.number)
        _end(order, actor, key, "release_payment")
    return order


@transaction.atomic
def correct(
    actor: Actor, number: str, *, account: str, reason: str, revision: int | None = None, key: str = ""
) -> PaymentOrder:
    """更正账户: with the reason; a third person pays anew."""
    order, done = _begin(actor, number, revision, key, "correct_payment")
    if not done:
        payments.correct_account(order=order, account=account, reason=reason, actor=actor)
        _finish(order, "correct", actor)
        if order.budget_use_id is None:
            _ask(order, "release")
        _end(order, actor, key, "correct_payment")
    return order


def send(attempt_number: str) -> None:
    """The job's work: ask the bank, then write down its answer; running again changes nothing."""
    answer = payments.ask_bank(attempt_number=attempt_number)
    if answer is None:
        return
    with transaction.atomic():
        order = payments.lock_order_of_attempt(attempt_number=attempt_number)
        state = payments.record_answer(order=order, attempt_number=attempt_number, answer=answer)
        if state == OrderState.PAID:
            after_paid(order)
        elif state == OrderState.RETURNED:
            after_return(order)


def after_paid(order: PaymentOrder) -> None:
    """到账: kept, and told to the payee."""
    _record(order, "payment_paid", SYSTEM)
    payable_of(order).paid(order)


def after_return(order: PaymentOrder) -> None:
    """退回: somebody corrects the account, the payee is told."""
    _ask(order, "correct")
    _record(order, "payment_returned", SYSTEM)
    payable_of(order).returned(order)


def ask_after_unsettled() -> int:
    """Ask the bank about what has waited: lagging answers, and transmissions whose job was lost."""
    numbers = list(payments_read.unsettled_attempts())
    for number in numbers:
        jobs.enqueue(SEND_JOB, attempt_number=number)
    return len(numbers)


def _begin(actor: Actor, number: str, revision: int | None, key: str, name: str) -> tuple[PaymentOrder, bool]:
    order = payments.lock_order(number=number, actor=actor)
    if cases.is_done(key=key, name=name, actor=actor, number=number):
        return order, True
    if not any(post.role == roles.PAYER and post.covers(order.payer_agency.code) for post in actor.posts):
        raise TaskNotYours("这张支付单不归您办。", hint="请由付款单位的支付人员办理。")
    recusal.check(actor, order.payee_id)
    payments.check_revision(order=order, revision=revision)
    return order, False


def _end(order: PaymentOrder, actor: Actor, key: str, name: str) -> None:
    _record(order, name, actor)
    cases.remember_done(key=key, name=name, actor=actor, number=order.number)


def _ask(order: PaymentOrder, step: str) -> None:
    subject = Subject(
        reference=_reference(order),
        title=order.name,
        applicant_name=order.payee_name,
        division_code=order.division_code,
    )
    count = order.attempts.count()
    plan = TaskPlan(
        key=f"{step}-{count}",
        kind=TaskKind.PAYMENT,
        name=STEPS[step],
        agency_id=order.payer_agency_id,
        role=roles.PAYER,
        days=DAYS,
    )
    approvals.plan_tasks(subject=subject, plans=[plan], open_stage=0)


def _finish(order: PaymentOrder, step: str, actor: Actor) -> None:
    approvals.finish_open_of_kind(
        reference=_reference(order),
        kind=TaskKind.PAYMENT,
        actor=actor,
        outcome=TaskOutcome.DONE,
        opinion=STEPS[step],
    )


def _reference(order: PaymentOrder) -> Reference:
    return Reference("payment", order.number)


def _record(order: PaymentOrder, kind: str, actor: Actor) -> None:
    """In the order's own chain: names and amounts, of the account only the tail."""
    data = {"state": order.state, "amount": str(order.amount), "account_tail": order.account_tail}
    audit.record(_reference(order), kind, actor=actor, data=data, division=order.division_code)
