"""Writes of event pushing: who listens, what happened, what is on its way."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from yueban.kernel import clock
from yueban.webhooks.addresses import checked_address
from yueban.webhooks.choices import DeliveryState, SubscriptionState
from yueban.webhooks.cloud_events import message_of as message_of
from yueban.webhooks.errors import SubscriptionInvalid
from yueban.webhooks.models import Delivery, Listener, Occurrence, Outgoing, Subscription
from yueban.webhooks.sending import Answer as Answer
from yueban.webhooks.sending import push as push
from yueban.webhooks.sending import sign as sign

DISPATCH_LOCK = 0x5945_4857  # any number of our own: one dispatcher at a time
TRY_FOR = timedelta(days=3)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
MOST_FAILURES = 100
AT_ONCE = 20
CLAIM_HOLDS = timedelta(minutes=5)
KEPT_FOR = timedelta(days=90)
_random = secrets.SystemRandom()


@dataclass(frozen=True)
class NewSubscription:
    """A subscription just made; `secret` is shown this once."""

    subscription: Subscription
    secret: str


def new_secret() -> str:
    """What signs the events of one subscription."""
    return f"ybs_{secrets.token_urlsafe(32)}"


def listen(*, agency_code: str) -> None:
    """From now on events of this agency's cases are kept for its systems."""
    Listener.objects.get_or_create(agency_code=agency_code, defaults={"since": clock.now()})


def subscribe(
    *,
    key_prefix: str,
    agency_code: str,
    address: str,
    kinds: Collection[str],
    known_kinds: Collection[str],
    secret_cipher: bytes,
) -> Subscription:
    """Push a key's events to an address; raises SubscriptionInvalid."""
    unknown = sorted(set(kinds) - set(known_kinds))
    if unknown:
        raise SubscriptionInvalid.of_fields({"kinds": f"没有这些事件：{'、'.join(unknown)[:100]}。"})
    listen(agency_code=agency_code)
    return Subscription.objects.create(
        number=f"WH{secrets.token_hex(6).upper()}",
        key_prefix=key_prefix,
        agency_code=agency_code,
        address=checked_address(address),
        kinds=sorted(set(kinds)),
        secret_cipher=secret_cipher,
        created_at=clock.now(),
    )


def end(*, subscription: Subscription, why: str) -> bool:
    """Push nothing more to this address, what waits is put aside with the reason; False where it had ended."""
    rows = Subscription.objects.filter(pk=subscription.pk).exclude(state=SubscriptionState.ENDED)
    if not rows.update(state=SubscriptionState.ENDED, why_ended=why[:200]):
        return False
    subscription.deliveries.filter(state=DeliveryState.PENDING).update(
        state=DeliveryState.ASIDE, claimed_until=None, last_fault=why[:200]
    )
    return True


def end_of_key(*, key_prefix: str, why: str) -> None:
    """A key was taken back: so are its subscriptions."""
    rows = Subscription.objects.filter(key_prefix=key_prefix)
    for subscription in rows.exclude(state=SubscriptionState.ENDED):
        end(subscription=subscription, why=why)


def resume(*, subscription: Subscription) -> None:
    """The receiver is well again: what waits is sent at once."""
    Subscription.objects.filter(pk=subscription.pk).exclude(state=SubscriptionState.ENDED).update(
        state=SubscriptionState.ACTIVE, failures=0, hold_until=None, paused_at=None, why_paused=""
    )
    subscription.deliveries.filter(state=DeliveryState.PENDING).update(next_try_at=clock.now())


def lock_dispatch() -> bool:
    """Whether this transaction is the one that sorts out events now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [DISPATCH_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def wait_for_dispatch() -> None:
    """Be the one who writes occurrences until this transaction ends: their ids follow the order of commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DISPATCH_LOCK])


def outgoing(limit: int, *, held: Collection[str] = (), kinds: Collection[str] = ()) -> list[Outgoing]:
    """The oldest events that wait to be sorted out; events of these kinds of held cases wait on."""
    rows = Outgoing.objects.exclude(case_number__in=held, kind__in=kinds) if held else Outgoing.objects.all()
    return list(rows.order_by("event_id")[:limit])


def sort_out(
    *, events: Sequence[Outgoing], occurrences: Sequence[tuple[Occurrence, Collection[Subscription]]]
) -> None:
    """Keep what other systems are told, queue it for who subscribes, and forget the copies."""
    now = clock.now()
    Occurrence.objects.bulk_create([occurrence for occurrence, _ in occurrences])
    Delivery.objects.bulk_create(
        [
            Delivery(
                subscription=subscription,
                occurrence=occurrence,
                case_number=occurrence.case_number,
                created_at=now,
                next_try_at=now,
                try_until=now + TRY_FOR,
            )
            for occurrence, subscriptions in occurrences
            for subscription in subscriptions
        ]
    )
    Outgoing.objects.filter(pk__in=[event.pk for event in events]).delete()


def claim(*, subscription: Subscription) -> list[Delivery]:
    """What may be sent now: of each case the oldest that waits, and nobody else sends it meanwhile.

    Call it inside a transaction. Who is killed while sending leaves a claim that runs out by itself.
    """
    now = clock.now()
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING)
    earlier = waiting.filter(
        subscription=OuterRef("subscription"), case_number=OuterRef("case_number"), pk__lt=OuterRef("pk")
    )
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    rows = waiting.filter(free, ~Exists(earlier), subscription=subscription, next_try_at__lte=now)
    found = list(
        rows.select_for_update(of=("self",), skip_locked=True)
        .select_related("occurrence")
        .order_by("pk")[:AT_ONCE]
    )
    Delivery.objects.filter(pk__in=[row.pk for row in found]).update(claimed_until=now + CLAIM_HOLDS)
    return found


def release(deliveries: Iterable[Delivery]) -> None:
    """Give back what was claimed and not sent."""
    Delivery.objects.filter(pk__in=[row.pk for row in deliveries]).update(claimed_until=None)


def record_success(*, delivery: Delivery, answer: Answer) -> None:
    """It arrived; the receiver is well."""
    now = clock.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.DELIVERED,
        attempts=delivery.attempts + 1,
        delivered_at=now,
        claimed_until=None,
        last_status=answer.status,
        last_fault="",
    )
    Subscription.objects.filter(pk=delivery.subscription_id).update(
        failures=0, hold_until=None, last_success_at=now
    )


def record_failure(*, delivery: Delivery, answer: Answer) -> bool:
    """It did not arrive: when to try again, and whether the receiver is paused now.

    A receiver that is ill (no answer, a fault of its own) is left in peace as a whole; one that refuses this
    event still gets those of other cases.
    """
    now, attempts = clock.now(), delivery.attempts + 1
    # What was put aside while it was on its way stays there.
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING).update(
        state=DeliveryState.GIVEN_UP if now >= delivery.try_until else DeliveryState.PENDING,
        attempts=attempts,
        next_try_at=now + pause_after(attempts),
        claimed_until=None,
        last_status=answer.status,
        last_fault=answer.fault[:200],
    )
    return answer.is_receiver_ill and _leave_in_peace(delivery.subscription_id, now)


def _leave_in_peace(subscription_id: int, now: datetime) -> bool:
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    subscription.failures += 1
    subscription.hold_until = now + pause_after(subscription.failures)
    if subscription.failures >= MOST_FAILURES and subscription.state == SubscriptionState.ACTIVE:
        subscription.state, subscription.paused_at = SubscriptionState.PAUSED, now
        subscription.why_paused = f"接收方连续{MOST_FAILURES}次没有成功接收"
    subscription.save(update_fields=["failures", "hold_until", "state", "paused_at", "why_paused"])
    return subscription.state == SubscriptionState.PAUSED


def pause_after(failures: int) -> timedelta:
    """One minute, two, four … half an hour, each up to a fifth shorter or longer, so that not all come at once."""
    plain: timedelta = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))
    return plain * _random.uniform(0.8, 1.2)


def give_up_overdue() -> int:
    """What did not arrive in three days is given up, so that what came after it is not held back for ever."""
    overdue = Delivery.objects.filter(state=DeliveryState.PENDING, try_until__lt=clock.now())
    return overdue.update(state=DeliveryState.GIVEN_UP, claimed_until=None)


def send_again(*, subscription: Subscription, ids: Collection[int]) -> int:
    """Put deliveries back in the queue, whatever became of them; the receiver knows the event's id."""
    now = clock.now()
    rows = subscription.deliveries.filter(pk__in=list(ids)).exclude(state=DeliveryState.PENDING)
    return rows.update(
        state=DeliveryState.PENDING, attempts=0, next_try_at=now, try_until=now + TRY_FOR, claimed_until=None
    )


def forget_old() -> int:
    """Forget what happened more than ninety days ago; the audit keeps it for ever."""
    deleted, _ = Occurrence.objects.filter(kept_at__lt=clock.now() - KEPT_FOR).delete()
    return deleted
