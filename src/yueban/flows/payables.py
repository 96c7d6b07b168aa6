"""What the flow of each kind of thing has to say of its payment orders: whether one is still due, what follows.

A kind is a reference's: `case`, `claim`. A kind that is not here is always due and tells nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.flows import claim_texts, held_payments, message_texts, pay_claims
from yueban.kernel.reference import Reference
from yueban.payments.models import PaymentOrder


@dataclass(frozen=True, kw_only=True)
class Payable:
    """`why_not` is asked before payment, of many at once: a sentence for each order that must not be paid today."""

    why_not: Callable[[Sequence[PaymentOrder]], dict[int, str]] = lambda _orders: {}
    paid: Callable[[PaymentOrder], None] = lambda _order: None
    returned: Callable[[PaymentOrder], None] = lambda _order: None
    # The order, an event that is told once, a title and a text.
    tell: Callable[[PaymentOrder, str, str, str], None] = lambda _order, _event, _title, _text: None


def _case_of(order: PaymentOrder) -> Case:
    return cases.lock_any_case(number=order.reference_number)


def _tell_claimant(order: PaymentOrder, event: str, title: str, text: str) -> None:
    claim = Reference("claim", order.reference_number.split("-", maxsplit=1)[0])
    claim_texts.tell(order.payee_id, claim, event, title, text)


OF_KIND: dict[str, Payable] = {
    "case": Payable(
        paid=lambda order: message_texts.paid(_case_of(order), order),
        returned=lambda order: message_texts.payment_returned(_case_of(order), order),
        tell=lambda order, event, title, text: message_texts.tell(_case_of(order), event, title, text),
    ),
    "claim": Payable(
        why_not=held_payments.why_not,
        paid=pay_claims.paid,
        returned=pay_claims.returned,
        tell=_tell_claimant,
    ),
}


def not_due(orders: Sequence[PaymentOrder]) -> dict[int, str]:
    """Which of these must not be paid today, and why: a payee who ended, a fact that no longer holds."""
    found = {order.pk: "收款人已经去世或者注销。" for order in orders if order.payee.ended_on}
    alive = [order for order in orders if order.pk not in found]
    for kind, payable in OF_KIND.items():
        found |= payable.why_not([order for order in alive if order.reference_kind == kind])
    return found


def payable_of(order: PaymentOrder) -> Payable:
    """What its kind says."""
    return OF_KIND.get(order.reference_kind, Payable())
