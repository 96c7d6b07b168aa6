"""推送: events of cases reach the systems of the agencies concerned, in their order, until they are taken.

A trigger has kept each event in the transaction that made it. One dispatcher at a time sorts them out; each address
has its own queue. A message may come twice (its id says so), and it is never lost within three days.
"""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from yueban.agencies import selectors as agencies
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases.choices import CaseEvent, CaseState
from yueban.divisions import selectors as divisions
from yueban.documents import selectors as documents_read
from yueban.flows import api_keys
from yueban.flows.api_keys import KeyHolder
from yueban.flows.hotline import HANDED_OVER
from yueban.jobs import services as jobs
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference
from yueban.vault import services as vault
from yueban.webhooks import selectors as webhooks_read
from yueban.webhooks import services as webhooks
from yueban.webhooks.choices import SubscriptionState
from yueban.webhooks.errors import SubscriptionEnded, SubscriptionNotFound
from yueban.webhooks.models import Delivery, Occurrence, Outgoing, Subscription

SEND_JOB = "flows.push_to"
AT_ONCE = 1000
ROUNDS = 10
MOST_SUBSCRIPTIONS = 20
RESULTS = (CaseEvent.GRANT, CaseEvent.CERTIFY)
KINDS = {str(event): str(event.label) for event in CaseEvent}


def source() -> str:
    """Who speaks in every event."""
    return f"{settings.YUEBAN_PUBLIC_URL.rstrip('/')}/api/v1"


def push_due() -> int:
    """Sort out what happened and start a job for every address that has something to get; how many addresses."""
    while dispatch() == AT_ONCE:
        continue
    webhooks.give_up_overdue()
    numbers = webhooks_read.due()
    for number in numbers:
        jobs.enqueue(SEND_JOB, number=number)
    return len(numbers)


@transaction.atomic
def dispatch() -> int:
    """Turn the oldest kept events into occurrences and deliveries; how many were sorted out."""
    if not webhooks.lock_dispatch():
        return 0
    # What came of a case that is held (同步发证) is told when all is issued.
    held = list(documents_read.held_numbers("case"))
    events = webhooks.outgoing(AT_ONCE, held=held, kinds=RESULTS)
    if not events:
        return 0
    told = [event for event in events if event.kind in KINDS]
    places = cases_read.places_of({event.case_number for event in told})
    subscriptions = _live(webhooks_read.receiving())
    below = agencies.codes_below({*webhooks_read.listening(), *(one.agency_code for one in subscriptions)})
    heard = frozenset().union(*below.values())
    kept = []
    for event in told:
        place = places.get(event.case_number)
        if place is not None and {place.agency_code, place.intake_agency_code} & heard:
            occurrence = _occurrence(event, place)
            kept.append((occurrence, _subscribed(occurrence, subscriptions, below)))
    webhooks.sort_out(events=events, occurrences=kept)
    return len(events)


def _live(subscriptions: list[Subscription]) -> list[Subscription]:
    """Those whose key and agency still serve; the others end here."""
    whys = api_keys.why_ended({one.key_prefix for one in subscriptions})
    live = []
    for one in subscriptions:
        if one.key_prefix in whys:
            _end(SYSTEM, one, whys[one.key_prefix])
        else:
            live.append(one)
    return live


def _occurrence(event: Outgoing, place: cases_read.CasePlace) -> Occurrence:
    state = CaseState(event.state) if event.state in CaseState else None
    return Occurrence(
        event_id=event.event_id,
        case_number=event.case_number,
        seq=event.seq,
        kind=event.kind,
        at=event.at,
        kept_at=clock.now(),
        agency_code=place.agency_code,
        intake_agency_code=place.intake_agency_code,
        division_code=place.division_code,
        intake_division=place.intake_division,
        data={
            "case": event.case_number,
            "item": place.item_key,
            "event": event.kind,
            "event_name": KINDS[event.kind],
            "state": event.state,
            "state_name": str(state.label) if state else "",
            "agency": place.agency_code,
        },
    )


def _subscribed(
    occurrence: Occurrence, subscriptions: list[Subscription], below: Mapping[str, Collection[str]]
) -> list[Subscription]:
    concerned = {occurrence.agency_code, occurrence.intake_agency_code}
    return [
        one
        for one in subscriptions
        if (not one.kinds or occurrence.kind in one.kinds)
        and concerned.intersection(below.get(one.agency_code, ()))
    ]


def push_to(number: str) -> int:
    """Send what waits for one address, the oldest of each case first; stops at the first sign of illness."""
    sent = 0
    for _ in range(ROUNDS):
        subscription = _sending(number)
        if subscription is None:
            break
        with transaction.atomic():
            claimed = webhooks.claim(subscription=subscription)
        done = _send_all(subscription, claimed)
        sent += done
        if done < len(claimed) or not claimed:
            break
    return sent


def _sending(number: str) -> Subscription | None:
    """The subscription while it may be sent to; one whose key or agency is no more ends here."""
    subscription = webhooks_read.find_sending(number)
    if subscription is None:
        return None
    with transaction.atomic():
        return next(iter(_live([subscription])), None)


def _send_all(subscription: Subscription, claimed: list[Delivery]) -> int:
    """How many arrived or were refused one by one; less than all where the receiver is ill or sending has ended."""
    secret = vault.decrypt(subscription.secret_cipher)
    for count, delivery in enumerate(claimed):
        # A batch may take minutes: who is taken back meanwhile gets nothing more.
        if count and _sending(subscription.number) is None:
            webhooks.release(claimed[count:])
            return count
        body = webhooks.message_of(delivery.occurrence, source=source())
        answer = webhooks.push(subscription.address, body, secret=secret)
        with transaction.atomic():
            if answer.is_received:
                webhooks.record_success(delivery=delivery, answer=answer)
            elif webhooks.record_failure(delivery=delivery, answer=answer):
                _record(SYSTEM, subscription, "webhook_paused")
        if answer.is_receiver_ill:
            webhooks.release(claimed[count + 1 :])
            return count
    return len(claimed)


@transaction.atomic
def subscribe(holder: KeyHolder, *, address: str, kinds: Collection[str]) -> webhooks.NewSubscription:
    """Push this key's events to an address; the secret that signs them is in the answer and shown nowhere else."""
    held = webhooks_read.subscriptions_of_keys([holder.key.prefix]).exclude(state=SubscriptionState.ENDED)
    if held.count() >= MOST_SUBSCRIPTIONS:
        raise SubscriptionEnded(f"一把密钥最多{MOST_SUBSCRIPTIONS}个推送地址。", hint="请先停用不再需要的。")
    secret = webhooks.new_secret()
    subscription = webhooks.subscribe(
        key_prefix=holder.key.prefix,
        agency_code=holder.agency.code,
        address=address,
        kinds=kinds,
        known_kinds={*KINDS, HANDED_OVER},
        secret_cipher=vault.encrypt(secret),
    )
    _record(holder.actor, subscription, "webhook_created")
    return webhooks.NewSubscription(subscription, secret)


def subscriptions_of(holder: KeyHolder) -> QuerySet[Subscription]:
    """The key's own."""
    return webhooks_read.subscriptions_of_keys([holder.key.prefix])


def get_subscription(holder: KeyHolder, number: str) -> Subscription:
    """One of them; SubscriptionNotFound for another's and for a made-up number alike."""
    return _found(subscriptions_of(holder), number)


def managed_subscription(actor: Actor, number: str) -> Subscription:
    """A subscription of a key that this administrator looks after."""
    prefixes = api_keys.keys_visible_to(actor).values_list("prefix", flat=True)
    return _found(webhooks_read.subscriptions_of_keys(list(prefixes)), number)


def _found(rows: QuerySet[Subscription], number: str) -> Subscription:
    found = rows.filter(number=number).first()
    if found is None:
        raise SubscriptionNotFound("没有找到这个事件推送。", hint="请核对编号；只能看到自己的推送。")
    return found


@transaction.atomic
def end(actor: Actor, subscription: Subscription) -> None:
    """Push nothing more there."""
    _end(actor, subscription, "管理员或接入的系统停用")


def _end(actor: Actor, subscription: Subscription, why: str) -> None:
    if webhooks.end(subscription=subscription, why=why):
        _record(actor, subscription, "webhook_ended", why=why)


@transaction.atomic
def resume(actor: Actor, subscription: Subscription) -> None:
    """Go on after a pause."""
    _check_open(subscription)
    webhooks.resume(subscription=subscription)
    _record(actor, subscription, "webhook_resumed")


@transaction.atomic
def send_again(actor: Actor, subscription: Subscription, ids: Collection[int]) -> int:
    """补发: put chosen deliveries back in the queue; how many."""
    _check_open(subscription)
    count = webhooks.send_again(subscription=subscription, ids=ids)
    if count:
        reference = _reference(subscription)
        audit.record(reference, "webhook_sent_again", actor=actor, data={"count": count})
    return count


def _check_open(subscription: Subscription) -> None:
    if subscription.state == SubscriptionState.ENDED:
        raise SubscriptionEnded("这个推送已停用。", hint="需要的，请用有效的密钥重新订阅。")


def _record(actor: Actor, subscription: Subscription, kind: str, **more: str) -> None:
    data = {"address": subscription.address, "key": subscription.key_prefix, **more}
    audit.record(_reference(subscription), kind, actor=actor, data=data)


def _reference(subscription: Subscription) -> Reference:
    return Reference("webhook", subscription.number)


def events_after(holder: KeyHolder, cursor: int, limit: int) -> list[Occurrence]:
    """What happened to the cases of the key's agency after the cursor."""
    within = divisions.prefix_of(holder.actor.posts[0].division)
    return webhooks_read.occurrences_after(holder.agency_codes, within, cursor, limit)


def forget_old() -> int:
    """Forget what is older than ninety days."""
    with transaction.atomic():
        return webhooks.forget_old()
