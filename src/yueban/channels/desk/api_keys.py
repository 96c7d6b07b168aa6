"""接口密钥 at the desk: the keys of a division's agencies, how they are used, and their revocation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.accounts import selectors as accounts
from yueban.accounts.choices import Scope
from yueban.accounts.models import ApiKey
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import selectors as audit
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import api_keys
from yueban.kernel import clock, roles
from yueban.kernel.errors import Invalid
from yueban.kernel.reference import Reference
from yueban.webhooks import selectors as webhooks

DAYS_SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One key of the list."""

    key: ApiKey
    agency: str
    scopes: tuple[str, ...]
    state: str
    is_live: bool


def state_of(key: ApiKey, agency: Agency | None) -> str:
    """Whether it serves, in a word."""
    if key.revoked_at is not None:
        return _("已吊销")
    if not accounts.is_live(key):
        return _("已过期")
    return _("有效") if agency and not agencies.has_ended(agency) else _("单位已撤并")


@staff_only
@require_safe
def key_list(request: DeskRequest) -> HttpResponse:
    """The keys of the division's agencies, the newest first."""
    page = page_of(request, api_keys.keys_visible_to(request.actor))
    named = agencies.agencies_named({key.agency_code for key in page.object_list})
    context = {
        "page": page,
        "query": query_without_page(request),
        "lines": [
            _line(key, named.get(key.agency_code), short_name(key.agency_code, named))
            for key in page.object_list
        ],
        "waiting": api_keys.waiting_requests(request.actor),
        "may_ask": request.actor.has_role(roles.SYSTEM_ADMIN),
    }
    return desk_page(request, "desk/api_keys.html", context)


def short_name(code: str, named: Mapping[str, Agency]) -> str:
    """An agency as lists call it; its code where it is no more."""
    return named[code].short_name if code in named else code


def _line(key: ApiKey, agency: Agency | None, name: str) -> Line:
    scopes = tuple(str(Scope(scope).label) for scope in key.scopes)
    is_live = accounts.is_live(key) and agency is not None and not agencies.has_ended(agency)
    return Line(key, name, scopes, state_of(key, agency), is_live)


@staff_only
@require_safe
def key_page(request: DeskRequest, prefix: str) -> HttpResponse:
    """One key: what it may, who made it, how it was used, where its events go."""
    return _page(request, prefix)


@staff_only
@require_POST
def revoke(request: DeskRequest, prefix: str) -> HttpResponse:
    """Take it back."""
    try:
        api_keys.revoke_key(request.actor, prefix, reason=request.POST.get("reason", ""))
    except Invalid as error:
        return _page(request, prefix, error=error)
    messages.success(request, _("密钥已吊销，从现在起不能再用。"))
    return HttpResponseRedirect(reverse("desk:api-key", args=[prefix]))


def _page(request: DeskRequest, prefix: str, *, error: Invalid | None = None) -> HttpResponse:
    key = api_keys.get_key(request.actor, prefix)
    used = audit.events_of(Reference("api-key", prefix)).filter(kind="api_key_used").order_by("-seq")
    fields = error.fields if error else {}
    agency = agencies.find_agency(key.agency_code)
    today = datetime.combine(clock.today(), datetime.min.time(), clock.BEIJING)
    context = {
        "line": _line(key, agency, agency.name if agency else key.agency_code),
        "key": key,
        "asked": getattr(key, "request", None),
        "calls_today": accounts.calls_of(key, since=today),
        "days": [event.data for event in used[:DAYS_SHOWN]],
        "subscriptions": webhooks.subscriptions_of_keys([prefix]),
        "typed": request.POST,
        "field_errors": fields,
        "errors": [(f"f-{name}", sentence) for name, sentence in fields.items()],
        "trail": [(_("接口密钥"), reverse("desk:api-keys")), (key.name, "")],
    }
    return desk_page(request, "desk/api_key.html", context, status=error.status if error else 200)
