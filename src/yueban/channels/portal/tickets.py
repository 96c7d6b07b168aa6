"""我的工单: the asker sees by his account or his code what was answered, and says whether that is enough."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yueban.channels.shared.addresses import address_of
from yueban.flows import answer_tickets as flow
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.errors import ServiceError
from yueban.tickets import selectors as tickets
from yueban.tickets.choices import SAID, SHOWN_TO_ASKER, WAITING
from yueban.tickets.errors import TicketNotFound
from yueban.tickets.models import Ticket

ACTS = ("close", "again", "withdraw")


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Number and code, for whoever asked without signing in; one's own where one has signed in."""
    number = request.GET.get("number", "").strip().upper()[:40]
    code = request.GET.get("code", "").strip()[:64]
    if tickets.is_number(number):
        return redirect(_address(number, code))
    errors = [("number", _("请填写工单编号，GD开头，共17位。"))] if "number" in request.GET else []
    return _form(request, number, errors, 422 if errors else 200)


@never_cache
@require_safe
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """State, promise, answer; a wrong number and a wrong code get the same form."""
    return _shown(request, number, request.GET.get("code", "")[:64])


@never_cache
@require_POST
def step(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """满意, 再问一次, 不用答复了; a refusal shows the page with what was typed."""
    if act not in ACTS:
        raise Http404
    code = request.POST.get("code", "")[:64]
    actor = actor_for(request)
    try:
        found = flow.own(actor, number, code, address=address_of(request))
    except TicketNotFound as error:
        return _not_found(request, number, error)
    text = request.POST.get("again", "")
    try:
        if act == "close":
            flow.close_own(actor, found)
        elif act == "again":
            flow.ask_again(actor, found, text=text)
        else:
            flow.withdraw(actor, found)
    except ServiceError as error:
        return _shown(request, number, code, typed=text, error=error)
    return redirect(_address(number, code))


def _address(number: str, code: str) -> str:
    page = reverse("portal:ticket", args=[number])
    return f"{page}?{urlencode({'code': code})}" if code else page


def _shown(
    request: HttpRequest, number: str, code: str, *, typed: str = "", error: ServiceError | None = None
) -> HttpResponse:
    try:
        found = flow.own(actor_for(request), number, code, address=address_of(request))
    except TicketNotFound as refused:
        return _not_found(request, number, refused)
    context: dict[str, Any] = {
        "ticket": found,
        "code": code,
        "entries": [one for one in tickets.entries_of(found) if one.kind in SHOWN_TO_ASKER],
        "is_late": found.state in WAITING and found.promised_at < clock.now(),
        "is_waiting": found.state in WAITING,
        "may_ask_again": found.state in SAID and found.reopened_at is None,
        "errors": _errors(error),
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
    }
    status = error.status if error is not None else 200
    return _private(render(request, "portal/ticket.html", context, status=status))


def _errors(error: ServiceError | None) -> list[tuple[str, str]]:
    if error is None:
        return []
    return list(getattr(error, "fields", {}).items()) or [("said", str(error))]


def _not_found(request: HttpRequest, number: str, error: TicketNotFound) -> HttpResponse:
    return _form(request, number, [("number", str(error))], error.status)


def _form(request: HttpRequest, number: str, errors: list[tuple[str, str]], status: int) -> HttpResponse:
    actor = actor_for(request)
    own: list[Ticket] = list(tickets.own_tickets(actor)[:20]) if status == 200 else []
    context = {"number": number, "errors": errors, "own": own, "is_signed_in": actor.is_signed_in}
    return _private(render(request, "portal/tickets.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The code stands in the address: no search engine learns it.

    Other sites do not learn it either, since the referrer of every page stays with the site itself; a stricter
    rule here would take the origin from our own form, which is then refused.
    """
    response.headers["X-Robots-Tag"] = "noindex"
    return response
