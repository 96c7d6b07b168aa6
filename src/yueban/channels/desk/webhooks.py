"""事件推送 at the desk: what was sent to one address and what became of it; send again, resume, end."""

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.accounts import selectors as accounts
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import push_events
from yueban.webhooks import selectors as webhooks
from yueban.webhooks.choices import DeliveryState
from yueban.webhooks.models import Delivery, Subscription


@staff_only
@require_safe
def subscription_page(request: DeskRequest, number: str) -> HttpResponse:
    """One address with its deliveries, the newest first, each with what was sent."""
    subscription = push_events.managed_subscription(request.actor, number)
    state = request.GET.get("state", "")
    rows = webhooks.deliveries_of(subscription)
    page = page_of(request, rows.filter(state=state) if state in DeliveryState.values else rows)
    key = accounts.keys_by_prefix([subscription.key_prefix])[subscription.key_prefix]
    context = {
        "subscription": subscription,
        "kinds": [push_events.KINDS[kind] for kind in subscription.kinds],
        "key": key,
        "page": page,
        "lines": [(row, push_events.KINDS[row.occurrence.kind], _payload(row)) for row in page.object_list],
        "state": state,
        "states": DeliveryState.choices,
        "query": query_without_page(request),
        "trail": [
            (_("接口密钥"), reverse("desk:api-keys")),
            (key.name, reverse("desk:api-key", args=[key.prefix])),
            (number, ""),
        ],
    }
    return desk_page(request, "desk/webhook.html", context)


def _payload(row: Delivery) -> str:
    event = webhooks.event_of(row.occurrence, source=push_events.source())
    return json.dumps(event, ensure_ascii=False, indent=2)


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Send chosen deliveries again, go on after a pause, or end."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    subscription = push_events.managed_subscription(request.actor, number)
    messages.success(request, do(request, subscription))
    return HttpResponseRedirect(reverse("desk:webhook", args=[number]))


def _again(request: DeskRequest, subscription: Subscription) -> str:
    chosen = request.POST.getlist("delivery")[:100]
    ids = [int(text) for text in chosen if text.isdecimal() and len(text) <= 18]
    count = push_events.send_again(request.actor, subscription, ids)
    return _("已重新排队 %(count)s 条，一分钟内发出。") % {"count": count}


def _resume(request: DeskRequest, subscription: Subscription) -> str:
    push_events.resume(request.actor, subscription)
    return _("已恢复推送，等着的事件一分钟内发出。")


def _end(request: DeskRequest, subscription: Subscription) -> str:
    push_events.end(request.actor, subscription)
    return _("已停用，不再向这个地址推送。")


STEPS: dict[str, Callable[[DeskRequest, Subscription], str]] = {
    "again": _again,
    "resume": _resume,
    "end": _end,
}
