"""密钥申请 at the desk: one administrator asks, another approves in words, the first takes the key once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.accounts import selectors as accounts
from yueban.accounts.choices import KeyRequestState, Scope
from yueban.accounts.models import ApiKeyRequest
from yueban.agencies import selectors as agencies
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.api_keys import short_name
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import read_day
from yueban.flows import api_keys
from yueban.kernel import clock, roles
from yueban.kernel.errors import Invalid, NotAllowed, NotFound, ServiceError

DAYS = 365
FIELDS = ("name", "agency", "scopes", "expires_on", "reason")  # as they stand in the form
TAGS = {KeyRequestState.WAITING: "check", KeyRequestState.APPROVED: "note", KeyRequestState.ISSUED: ""}


@dataclass(frozen=True)
class Asked:
    """One request of the list."""

    request: ApiKeyRequest
    agency: str
    scopes: tuple[str, ...]
    state: str
    tag: str


@staff_only
@require_safe
def request_list(request: DeskRequest) -> HttpResponse:
    """The requests: those that wait for somebody first."""
    page = page_of(request, api_keys.requests_visible_to(request.actor))
    named = agencies.agencies_named({one.agency_code for one in page.object_list})
    context = {
        "page": page,
        "query": query_without_page(request),
        "lines": [_asked(one, short_name(one.agency_code, named)) for one in page.object_list],
        "may_ask": request.actor.has_role(roles.SYSTEM_ADMIN),
    }
    return desk_page(request, "desk/key_requests.html", context)


def _asked(one: ApiKeyRequest, agency: str) -> Asked:
    scopes = tuple(str(Scope(scope).label) for scope in one.scopes)
    if accounts.is_lapsed(one):
        return Asked(one, agency, scopes, _("已作废（七天没有取用）"), "quiet")
    state = KeyRequestState(one.state)
    return Asked(one, agency, scopes, str(state.label), TAGS.get(state, "quiet"))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: DeskRequest) -> HttpResponse:
    """The form of a request; what is wrong stands beside its field, everything at once."""
    if request.method != "POST":
        return _form(request)
    posted = request.POST
    try:
        asked = api_keys.request_key(
            request.actor,
            name=posted.get("name", ""),
            agency_code=posted.get("agency", ""),
            scopes=posted.getlist("scopes"),
            expires_on=read_day(posted.get("expires_on", "")),
            reason=posted.get("reason", ""),
        )
    except Invalid as error:
        return _form(request, error=error)
    messages.success(request, _("申请已提出，等安全管理员审批；同意后由您本人取用密钥。"))
    return HttpResponseRedirect(reverse("desk:key-request", args=[asked.number]))


def _form(request: DeskRequest, *, error: Invalid | None = None) -> HttpResponse:
    if not request.actor.has_role(roles.SYSTEM_ADMIN):
        raise NotAllowed(_("接口密钥由系统管理员申请。"), hint=_("请用系统管理员的账号登录。"))
    fields = error.fields if error else {}
    told = sorted(fields.items(), key=lambda pair: FIELDS.index(pair[0]))
    context = {
        "agencies": [
            {"value": one.code, "label": one.name} for one in api_keys.managed_agencies(request.actor)
        ],
        "scopes": [{"value": value, "label": label, "help": value} for value, label in Scope.choices],
        "typed": request.POST,
        "chosen": request.POST.getlist("scopes"),
        "field_errors": fields,
        "errors": [(f"f-{name}", sentence) for name, sentence in told],
        "end": request.POST.get("expires_on", (clock.today() + timedelta(days=DAYS)).isoformat()),
        "trail": [(_("接口密钥"), reverse("desk:api-keys")), (_("申请密钥"), "")],
    }
    return desk_page(request, "desk/key_request_new.html", context, status=error.status if error else 200)


@staff_only
@require_safe
def request_page(request: DeskRequest, number: str) -> HttpResponse:
    """One request: what is asked, by whom, and the next step of whoever looks."""
    return _page(request, number)


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Approve, refuse, withdraw; or take the key, whose secret is shown this once."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    try:
        return do(request, number)
    except NotFound:
        raise
    except ServiceError as error:
        api_keys.get_request(request.actor, number)  # whoever may not see it does not hear why
        return _page(request, number, error=error)


def _approve(request: DeskRequest, number: str) -> HttpResponse:
    api_keys.review_request(
        request.actor, number, is_approved=True, words=request.POST.get("words", "")[:1000]
    )
    return _back(request, number, _("已同意，等申请人取用。"))


def _refuse(request: DeskRequest, number: str) -> HttpResponse:
    api_keys.review_request(
        request.actor, number, is_approved=False, words=request.POST.get("words", "")[:1000]
    )
    return _back(request, number, _("未同意，申请人能看到您的意见。"))


def _withdraw(request: DeskRequest, number: str) -> HttpResponse:
    api_keys.withdraw_request(request.actor, number)
    return _back(request, number, _("申请已撤回。"))


def _take(request: DeskRequest, number: str) -> HttpResponse:
    made = api_keys.take_key(request.actor, number)
    trail = [
        (_("接口密钥"), reverse("desk:api-keys")),
        (made.key.name, reverse("desk:api-key", args=[made.key.prefix])),
    ]
    return desk_page(request, "desk/api_key_made.html", {"made": made, "trail": trail}, status=201)


def _back(request: DeskRequest, number: str, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:key-request", args=[number]))


STEPS: Mapping[str, Callable[[DeskRequest, str], HttpResponse]] = {
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "take": _take,
}


def _page(request: DeskRequest, number: str, *, error: ServiceError | None = None) -> HttpResponse:
    asked = api_keys.get_request(request.actor, number)
    agency = agencies.find_agency(asked.agency_code)
    line = _asked(asked, agency.name if agency else asked.agency_code)
    is_waiting = asked.state == KeyRequestState.WAITING
    is_ready = asked.state == KeyRequestState.APPROVED and not accounts.is_lapsed(asked)
    is_own = asked.asked_by_id == request.actor.user_id
    fields = error.fields if isinstance(error, Invalid) else {}
    context = {
        "line": line,
        "asked": asked,
        "may_review": is_waiting and not is_own and request.actor.has_role(roles.SECURITY_ADMIN),
        "may_take": is_ready and is_own and request.actor.has_role(roles.SYSTEM_ADMIN),
        "may_withdraw": is_waiting or is_ready,
        "is_waiting": is_waiting,
        "is_ready": is_ready,
        "typed": request.POST,
        "field_errors": fields,
        "errors": _errors(error, fields),
        "trail": [
            (_("接口密钥"), reverse("desk:api-keys")),
            (_("密钥申请"), reverse("desk:key-requests")),
            (asked.name, ""),
        ],
    }
    return desk_page(request, "desk/key_request.html", context, status=error.status if error else 200)


def _errors(error: ServiceError | None, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    if error is None:
        return []
    return [(f"f-{name}", sentence) for name, sentence in fields.items()] or [
        ("", f"{error.message}{error.hint}")
    ]
