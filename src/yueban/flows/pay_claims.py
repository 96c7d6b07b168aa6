"""Payment of agreed claims: one order for each instalment, paid in batches from what the claim has frozen.

Whether an order may be paid today is looked at again when it is made and by every batch (`held_payments`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from yueban.accounts import walls
from yueban.audit import services as audit
from yueban.claims import selectors as claims_read
from yueban.claims import services as claims
from yueban.claims.choices import ClaimEvent, ClaimState
from yueban.claims.models import Claim
from yueban.flows import claim_texts, held_payments
from yueban.flows.held_payments import DISHONEST as DISHONEST
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments_read
from yueban.payments import services as payments
from yueban.payments.choices import OrderState
from yueban.payments.models import PaymentOrder
from yueban.policies import selectors as policies

OVER = (OrderState.PAID, OrderState.CANCELLED)


@dataclass(frozen=True)
class Money:
    """One instalment as the enterprise reads it: what arrives, where it is, from which day, and when it was over."""

    amount: Decimal
    state: str
    due_on: date | None
    ended_at: datetime | None


def prepare(claim: Claim) -> list[PaymentOrder]:
    """The orders of an agreed claim, made by whoever decided it; without a budget line it waits for one to be chosen.

    Such a claim stands in “没有预算项目” (flows/fund_claims.py) until somebody who pays has chosen.
    """
    uses = [one for one in payments_read.uses_of(claim.reference) if one.frozen > 0]
    if not uses:
        data = {"year": claim.year, "amount": str(claim.amount)}
        audit.record(
            claim.reference, "claim_without_line", actor=SYSTEM, data=data, division=claim.division_code
        )
        return []
    line = uses[0].line
    before = len(orders_of(claim))
    maker = Actor(user_id=claim.decided_by_id or claim.submitted_by_id, name="审定人")
    standard = policies.standard_of(claim.offer_version)
    orders = [
        payments.prepare_order(
            reference=Reference("claim", f"{claim.number}-{before + place}"),
            name=claim.offer_name[:200],
            payee=claim.party,
            account=claims.account_of(claim),
            amount=amount,
            basis={"claim": claim.number, "instalment": str(place)},
            payer_agency_id=line.agency_id,
            funded_by_id=None,
            division_code=line.division_code,
            actor=maker,
            budget_use=uses[0],
            due_on=months_after(clock.today(), months) if months else None,
        )
        for place, (months, amount) in enumerate(claims_read.instalments(standard, claim.amount), 1)
    ]
    for order_id, why in held_payments.why_not(orders).items():
        number = next(order.number for order in orders if order.pk == order_id)
        data = {"order": number, "why": why}
        audit.record(claim.reference, "payment_held", actor=SYSTEM, data=data, division=claim.division_code)
    return orders


def orders_of(claim: Claim) -> list[PaymentOrder]:
    """All orders ever made for a claim, in their order."""
    return list(payments_read.orders_numbered("claim", f"{claim.number}-"))


@walls.platform()  # the orders are finance's; the enterprise is told of its own money
def money_of(claim: Claim) -> list[Money]:
    """Where the money is, an order a line: how much, which day, and how far it has come."""
    orders = [one for one in orders_of(claim) if one.state != OrderState.CANCELLED]
    return [Money(one.amount - one.offset, one.state, one.due_on, one.ended_at) for one in orders]


def cancel(claim: Claim, reason: str) -> None:
    """What was not paid yet is not paid as it stands: another amount is announced."""
    for order in orders_of(claim):
        if order.state not in OVER:
            payments.cancel_order(order=order, reason=reason)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def paid(order: PaymentOrder) -> None:
    """到账: with the last instalment the claim is over."""
    claim = _claim_of(order)
    left = [one for one in orders_of(claim) if one.state not in OVER]
    event = ClaimEvent.PAY_PART if left else ClaimEvent.PAY
    claims.move(
        claim=claim, event=event, actor=SYSTEM, data={"order": order.number, "paid": str(order.amount)}
    )
    if claim.state == ClaimState.PAID:
        claim_texts.paid(claim)


def returned(order: PaymentOrder) -> None:
    """退回: the enterprise is asked for another account."""
    claim = _claim_of(order)
    claims.move(claim=claim, event=ClaimEvent.RETURN, actor=SYSTEM, data={"order": order.number})
    claim_texts.returned(claim)


def _claim_of(order: PaymentOrder) -> Claim:
    return claims.lock_any_claim(number=order.reference_number.split("-")[0])
