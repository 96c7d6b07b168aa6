"""Reads of event pushing."""

from collections.abc import Collection
from heapq import merge

from django.db.models import Count, Q, QuerySet

from yueban.kernel import clock
from yueban.webhooks.choices import DeliveryState, SubscriptionState
from yueban.webhooks.cloud_events import event_of as event_of
from yueban.webhooks.cloud_events import type_of as type_of
from yueban.webhooks.models import Delivery, Listener, Occurrence, Subscription


def listening() -> list[str]:
    """Codes of the agencies whose systems read events."""
    return list(Listener.objects.order_by("agency_code").values_list("agency_code", flat=True))


def receiving() -> list[Subscription]:
    """Subscriptions for which events are kept: those that were not ended."""
    return list(Subscription.objects.exclude(state=SubscriptionState.ENDED).order_by("pk"))


def due() -> list[str]:
    """Numbers of the subscriptions that have something to be sent now."""
    now = clock.now()
    rows = Subscription.objects.filter(
        Q(hold_until=None) | Q(hold_until__lte=now),
        state=SubscriptionState.ACTIVE,
        deliveries__state=DeliveryState.PENDING,
        deliveries__next_try_at__lte=now,
    )
    return list(rows.distinct().order_by("number").values_list("number", flat=True))


def find_sending(number: str) -> Subscription | None:
    """The subscription while its receiver may be sent to."""
    rows = Subscription.objects.filter(number=number, state=SubscriptionState.ACTIVE)
    return rows.filter(Q(hold_until=None) | Q(hold_until__lte=clock.now())).first()


def subscriptions_of_keys(prefixes: Collection[str]) -> QuerySet[Subscription]:
    """The subscriptions of these keys, the newest first, each with how much waits and how much was given up."""
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.PENDING))
    given_up = Count("deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP))
    rows = Subscription.objects.filter(key_prefix__in=list(prefixes))
    return rows.annotate(waiting=waiting, given_up=given_up).order_by("-created_at", "-pk")


def deliveries_of(subscription: Subscription) -> QuerySet[Delivery]:
    """What was and is on its way, the newest first."""
    return subscription.deliveries.select_related("occurrence").order_by("-pk")


def is_known(event_id: int) -> bool:
    """Whether this event was sorted out already."""
    return Occurrence.objects.filter(event_id=event_id).exists()


def occurrences_after(
    codes: Collection[str], division_prefix: str, cursor: int, limit: int
) -> list[Occurrence]:
    """What happened after the cursor to cases taken in or decided by these agencies, in the order of commits."""
    later = Occurrence.objects.filter(pk__gt=cursor).order_by("pk")
    decided = later.filter(agency_code__in=list(codes), division_code__startswith=division_prefix)
    taken_in = later.filter(intake_agency_code__in=list(codes), intake_division__startswith=division_prefix)
    found = {row.pk: row for row in merge(decided[:limit], taken_in[:limit], key=lambda row: row.pk)}
    return list(found.values())[:limit]
