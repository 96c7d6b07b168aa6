"""接口密钥 at the desk: a system administrator makes keys for his division's agencies, and takes them back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.accounts import selectors as accounts
from yueban.accounts.choices import Scope
from yueban.accounts.models import ApiKey
from yueban.agencies import selectors as agencies
from yueban.audit import selectors as audit
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import read_day
from yueban.flows import api_keys
from yueban.kernel import clock
from yueban.kernel.errors import Invalid
from yueban.kernel.reference import Reference
from yueban.webhooks import selectors as webhooks

DAYS = 365
DAYS_SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One key of the list."""

    key: ApiKey
    agency: str
    scopes: tuple[str, ...]
    state: str
    is_live: bool


def state_of(key: ApiKey) -> str:
    """Whether it serves, in a word."""
    if key.revoked_at is not None:
        return _("已吊销")
    return _("有效") if accounts.is_live(key) else _("已过期")


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def key_list(request: DeskRequest) -> HttpResponse:
    """The keys of the division's agencies, and the form for a new one; a new key's secret is shown this once."""
    if request.method != "POST":
        return _list(request)
    posted = request.POST
    try:
        made = api_keys.create_key(
            request.actor,
            name=posted.get("name", ""),
            agency_code=posted.get("agency", ""),
            scopes=posted.getlist("scopes"),
            expires_on=read_day(posted.get("expires_on", "")),
        )
    except Invalid as error:
        return _list(request, error=error)
    return desk_page(request, "desk/api_key_made.html", {"made": made, "trail": _trail(made.key)}, status=201)


def _list(request: DeskRequest, *, error: Invalid | None = None) -> HttpResponse:
    page = page_of(request, api_keys.keys_visible_to(request.actor))
    named = agencies.agencies_named({key.agency_code for key in page.object_list})
    fields = error.fields if error else {}
    context = {
        "page": page,
        "query": query_without_page(request),
        "lines": [_line(key, named[key.agency_code].short_name) for key in page.object_list],
        "agencies": [
            {"value": one.code, "label": one.name} for one in api_keys.managed_agencies(request.actor)
        ],
        "scopes": [{"value": value, "label": label} for value, label in Scope.choices],
        "typed": request.POST,
        "chosen": request.POST.getlist("scopes"),
        "field_errors": fields,
        "errors": [(f"f-{name}", sentence) for name, sentence in fields.items()],
        "default_end": (clock.today() + timedelta(days=DAYS)).isoformat(),
    }
    return desk_page(request, "desk/api_keys.html", context, status=error.status if error else 200)


def _line(key: ApiKey, agency: str) -> Line:
    scopes = tuple(str(Scope(scope).label) for scope in key.scopes)
    return Line(key, agency, scopes, state_of(key), accounts.is_live(key))


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
    today = datetime.combine(clock.today(), datetime.min.time(), clock.BEIJING)
    context = {
        "line": _line(key, agencies.get_agency(key.agency_code).name),
        "key": key,
        "calls_today": accounts.calls_of(key, since=today),
        "days": [event.data for event in used[:DAYS_SHOWN]],
        "subscriptions": webhooks.subscriptions_of_keys([prefix]),
        "typed": request.POST,
        "field_errors": fields,
        "errors": [(f"f-{name}", sentence) for name, sentence in fields.items()],
        "trail": [(_("接口密钥"), reverse("desk:api-keys")), (key.name, "")],
    }
    return desk_page(request, "desk/api_key.html", context, status=error.status if error else 200)


def _trail(key: ApiKey) -> list[tuple[str, str]]:
    return [(_("接口密钥"), reverse("desk:api-keys")), (key.name, reverse("desk:api-key", args=[key.prefix]))]
