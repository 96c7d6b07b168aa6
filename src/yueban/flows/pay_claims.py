"""Payment of agreed claims: one order for each instalment, paid in batches from what the claim has frozen.

What counts for the support is the day of the decision; on the day of payment only the credit and the account are
looked at again (`why_not`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from yueban.accounts import walls
from yueban.claims import selectors as claims_read
from yueban.claims import services as claims
from yueban.claims.choices import GIVEN, ClaimEvent, ClaimState
from yueban.claims.models import Claim
from yueban.flows import claim_texts
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference
from yueban.parties import enterprise_facts
from yueban.payments import selectors as payments_read
from yueban.payments import services as payments
from yueban.payments.choices import OrderState
from yueban.payments.models import PaymentOrder
from yueban.policies import selectors as policies

DISHONEST = "enterprise.is_dishonest"
OVER = (OrderState.PAID, OrderState.CANCELLED)


@dataclass(frozen=True)
class Money:
    """One instalment as the enterprise reads it: what arrives, where it is, from which day, and when it was over."""

    amount: Decimal
    state: str
    due_on: date | None
    ended_at: datetime | None


def prepare(claim: Claim) -> list[PaymentOrder]:
    """The orders of an agreed claim, made by whoever decided it; none where the offer has no budget line."""
    uses = [one for one in payments_read.uses_of(claim.reference) if one.frozen > 0]
    if not uses:
        return []
    line = uses[0].line
    before = len(orders_of(claim))
    maker = Actor(user_id=claim.decided_by_id or claim.submitted_by_id, name="审定人")
    standard = policies.standard_of(claim.offer_version)
    return [
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


def why_not(order: PaymentOrder) -> str:
    """Why the order must not be paid today, or nothing."""
    claim = _claim_of(order)
    if claim.state not in GIVEN:
        return "这件申报已经不在待拨付状态。"
    if claims.is_cooling(claim.account_changed_at):
        return "收款账户变更未满24小时。"
    fact = enterprise_facts.facts_of(claim.party_id, clock.today()).get(DISHONEST)
    if fact is not None and fact.value is True:
        return f"{fact.source}记载企业为失信主体。"
    return ""


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
