"""Events, asked for or pushed: what happened to the cases of the key's agency."""

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from yueban.accounts.choices import Scope
from yueban.channels.api.cursors import Cursor, Limit, cursor_of, row_of
from yueban.channels.api.keys import OF_COMMANDS, REFUSALS, Key, holder
from yueban.channels.api.links import links
from yueban.channels.api.schemas import (
    CloudEvent,
    Count,
    DeliveryOut,
    DeliveryPage,
    EventPage,
    NewWebhook,
    SendAgainIn,
    WebhookIn,
    WebhookOut,
    Webhooks,
)
from yueban.flows import push_events
from yueban.webhooks import selectors as webhooks
from yueban.webhooks.choices import DeliveryState
from yueban.webhooks.models import Delivery, Subscription

router = Router(tags=["事件"])
MANAGE = Key(Scope.WEBHOOKS_MANAGE)
TO_WEBHOOK = {
    name: (name, {"number": "$response.body#/number"})
    for name in ("list_deliveries", "send_again", "resume_webhook", "end_webhook")
}


@router.get(
    "/events",
    response={200: EventPage, **REFUSALS},
    auth=Key(Scope.CASES_READ),
    summary="发生过的事件",
    description=(
        "密钥所属单位（含下级）办件的事件，按先后排列，保留90天；从单位第一次有可读办件的密钥时开始记。"
        "每次用上次的 next 接着取，不会漏也不会重。"
    ),
)
def list_events(request: HttpRequest, cursor: Cursor = "", limit: Limit = 100) -> EventPage:
    """What happened after the cursor."""
    after = row_of(cursor)
    found = push_events.events_after(holder(request), after, limit)
    source = push_events.source()
    return EventPage(
        events=[CloudEvent(**webhooks.event_of(row, source=source)) for row in found],
        next=cursor_of(found[-1].pk if found else after),
    )


@router.get("/webhooks", response={200: Webhooks, **REFUSALS}, auth=MANAGE, summary="推送地址")
def list_webhooks(request: HttpRequest) -> Webhooks:
    """Those of this key."""
    return Webhooks(webhooks=[_webhook(row) for row in push_events.subscriptions_of(holder(request))])


@router.post(
    "/webhooks",
    response={201: NewWebhook, **OF_COMMANDS},
    auth=MANAGE,
    summary="新增推送地址",
    description="只推送到 https 的公网地址。验签密钥只在回答里出现一次。",
    openapi_extra=links(201, **TO_WEBHOOK),
)
def create_webhook(request: HttpRequest, body: WebhookIn) -> Status[NewWebhook]:
    """From now on events are pushed there."""
    made = push_events.subscribe(holder(request), address=body.address, kinds=body.kinds)
    return Status(201, NewWebhook(**_webhook(made.subscription).model_dump(), secret=made.secret))


@router.delete(
    "/webhooks/{number}", response={200: WebhookOut, **OF_COMMANDS}, auth=MANAGE, summary="停用推送地址"
)
def end_webhook(request: HttpRequest, number: str) -> WebhookOut:
    """Nothing more is pushed there."""
    who = holder(request)
    push_events.end(who.actor, push_events.get_subscription(who, number))
    return _webhook(push_events.get_subscription(who, number))


@router.post(
    "/webhooks/{number}/resume",
    response={200: WebhookOut, **OF_COMMANDS},
    auth=MANAGE,
    summary="恢复推送",
)
def resume_webhook(request: HttpRequest, number: str) -> WebhookOut:
    """The receiver is well again."""
    who = holder(request)
    push_events.resume(who.actor, push_events.get_subscription(who, number))
    return _webhook(push_events.get_subscription(who, number))


@router.get(
    "/webhooks/{number}/deliveries",
    response={200: DeliveryPage, **REFUSALS},
    auth=MANAGE,
    summary="推送记录",
)
def list_deliveries(
    request: HttpRequest, number: str, cursor: Cursor = "", limit: Limit = 50
) -> DeliveryPage:
    """One page, the newest first."""
    subscription = push_events.get_subscription(holder(request), number)
    before = row_of(cursor)
    rows = webhooks.deliveries_of(subscription)
    found = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    more = cursor_of(found[limit - 1].pk) if len(found) > limit else None
    return DeliveryPage(deliveries=[_delivery(row) for row in found[:limit]], next=more)


@router.post(
    "/webhooks/{number}/deliveries/again",
    response={200: Count, **OF_COMMANDS},
    auth=MANAGE,
    summary="补发",
    description="把选中的推送重新排队，不论结果如何；接收方凭事件的 id 识别重复。",
)
def send_again(request: HttpRequest, number: str, body: SendAgainIn) -> Count:
    """How many were queued."""
    who = holder(request)
    subscription = push_events.get_subscription(who, number)
    ids = [row_of(one) for one in body.deliveries]
    return Count(count=push_events.send_again(who.actor, subscription, ids))


def _webhook(row: Subscription) -> WebhookOut:
    return WebhookOut(
        number=row.number,
        address=row.address,
        kinds=row.kinds,
        state=row.state,
        why_paused=row.why_paused,
        created_at=row.created_at,
        failures=row.failures,
        hold_until=row.hold_until,
    )


def _delivery(row: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=cursor_of(row.pk),
        event=f"{row.case_number}-{row.occurrence.seq}",
        type=webhooks.type_of(row.occurrence.kind),
        state=row.state,
        attempts=row.attempts,
        next_try_at=row.next_try_at if row.state == DeliveryState.PENDING else None,
        delivered_at=row.delivered_at,
        last_status=row.last_status,
        last_fault=row.last_fault,
    )
