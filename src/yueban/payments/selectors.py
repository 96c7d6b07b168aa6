"""Reads of payments. `orders_visible_to` serves list, page, export and count."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.payments.choices import LIVE, OrderState
from yueban.payments.errors import OrderNotFound
from yueban.payments.models import LedgerEntry, PaymentAttempt, PaymentOrder

ASK_AGAIN_SECONDS = 60


def orders_visible_to(actor: Actor) -> QuerySet[PaymentOrder]:
    """Orders to the actor's own parties; by post those his agency pays; a supervisor his division's."""
    allowed = Q(payee_id__in=actor.party_ids)
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        reached = Q() if post.is_city_wide else agencies.reached_by(post, "payer_agency")
        if post.role in (roles.PAYER, roles.SUPERVISOR):
            allowed |= within & reached
    return PaymentOrder.objects.filter(allowed)


def get_order(actor: Actor, number: str) -> PaymentOrder:
    """The order with what its page shows; OrderNotFound for a wrong number and for another's alike."""
    order = (
        orders_visible_to(actor)
        .select_related(
            "payee", "payer_agency", "funded_by", "made_by", "approved_by", "released_by", "corrected_by"
        )
        .filter(number=number)
        .first()
    )
    if order is None:
        raise OrderNotFound("没有找到这张支付单。", hint="请核对编号；只有付款单位的支付人员能看到。")
    return order


def orders_of(reference: Reference) -> QuerySet[PaymentOrder]:
    """The orders of one thing; the caller has checked that the thing may be seen."""
    return PaymentOrder.objects.filter(
        reference_kind=reference.kind, reference_number=reference.number
    ).select_related("payer_agency")


def attempts_of(order: PaymentOrder) -> QuerySet[PaymentAttempt]:
    """The transmissions of an order, oldest first."""
    return order.attempts.order_by("pk")


def entries_of(orders: Iterable[PaymentOrder]) -> QuerySet[LedgerEntry]:
    """The ledger of these orders, oldest first."""
    return LedgerEntry.objects.filter(order__in=list(orders)).order_by("pk")


def unsettled_attempts() -> QuerySet[PaymentAttempt, str]:
    """Numbers of the transmissions to ask the bank about again: those that have waited a minute."""
    before = clock.now() - timedelta(seconds=ASK_AGAIN_SECONDS)
    return (
        PaymentAttempt.objects.filter(state__in=LIVE, made_at__lt=before, order__state=OrderState.SENT)
        .order_by("made_at")
        .values_list("number", flat=True)
    )
