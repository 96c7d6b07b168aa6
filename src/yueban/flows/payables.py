"""What the flow of each kind of thing has to say of its payment orders: whether one is still due, what follows.

A kind is a reference's: `case`, `claim`. A kind that is not here is always due and tells nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass

from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.flows import claim_texts, message_texts, pay_claims
from yueban.kernel.reference import Reference
from yueban.payments.models import PaymentOrder


@dataclass(frozen=True, kw_only=True)
class Payable:
    """`why_not` is asked on the day of payment: a sentence where the order must not be paid today, else empty."""

    why_not: Callable[[PaymentOrder], str] = lambda _order: ""
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
        why_not=pay_claims.why_not,
        paid=pay_claims.paid,
        returned=pay_claims.returned,
        tell=_tell_claimant,
    ),
}


def payable_of(order: PaymentOrder) -> Payable:
    """What its kind says."""
    return OF_KIND.get(order.reference_kind, Payable())
