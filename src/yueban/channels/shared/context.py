"""What every page knows: whether this is a demo, the city, who is acting."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yueban.channels.shared.display import view_of
from yueban.channels.shared.english import named
from yueban.divisions import selectors as divisions
from yueban.flows.identify import actor_for
from yueban.notifications import selectors as notifications


def _city_name() -> str:
    return named(*divisions.city_names())


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` (is_demo, city_name), `view`, `actor` and how many messages are unread."""
    return {
        "site": {"is_demo": settings.YUEBAN_DEMO, "city_name": SimpleLazyObject(_city_name)},
        "view": view_of(request),
        "actor": SimpleLazyObject(lambda: actor_for(request)),
        "unread": SimpleLazyObject(lambda: notifications.unread_count(actor_for(request))),
    }
