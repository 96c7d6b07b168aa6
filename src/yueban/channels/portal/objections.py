"""数据异议: a person says what is wrong in what a source holds of him, and reads the answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yueban.channels.portal import enterprise_facts
from yueban.channels.portal.about_me import FactLine, fact_lines
from yueban.channels.portal.session import signed_in
from yueban.channels.portal.standing import party_from
from yueban.flows import object_to_data
from yueban.flows.identify import actor_for
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotFound


@signed_in
@require_http_methods(["GET", "POST"])
def to_value(request: HttpRequest, element: str) -> HttpResponse:
    """A known value: shown, and what is wrong with it."""
    actor = actor_for(request)
    party_id, lines = _known(request, actor, element)
    shown = {"name": lines[0].name, "value": lines[0].value, "source": lines[0].source}
    if request.method == "POST":
        try:
            object_to_data.to_value(actor, party_id, element, request.POST.get("text", ""))
        except Invalid as error:
            return _page(request, shown, error)
        return redirect(_listed_at(party_id, element) + "#objections")
    return _page(request, shown, None)


def _listed_at(party_id: int, element: str) -> str:
    """The page on which the objection is followed: the one that the value stands on."""
    is_own = element in object_to_data.known_of(party_id)
    return reverse("portal:facts" if is_own else "portal:enterprise-facts")


def _known(request: HttpRequest, actor: Actor, element: str) -> tuple[int, list[FactLine]]:
    """Of whom it is known: the party chosen for this visit first, then whoever else he acts for."""
    chosen = party_from(request)
    for party in (*([chosen] if chosen is not None else []), *actor.parties):
        known = object_to_data.known_of(party.id)
        lines = fact_lines({element: known[element]}) if element in known else []
        if lines:
            return party.id, lines
        told = object_to_data.enterprise_fact(party.id, element)
        if told is not None:
            return party.id, [enterprise_facts.line_of(element, told)]
    raise NotFound(_("没有这项已知信息。"), hint=_("请从“我的信息”重新打开。"))


@signed_in
@require_http_methods(["GET", "POST"])
def to_answer(request: HttpRequest, number: str) -> HttpResponse:
    """What a source answered: shown, and what is wrong with it."""
    actor = actor_for(request)
    exchange = object_to_data.get_exchange(actor, number)
    shown = {
        "name": exchange.asked,
        "value": str(exchange.get_result_display()),
        "source": exchange.source,
    }
    if request.method == "POST":
        try:
            object_to_data.to_answer(actor, number, request.POST.get("text", ""))
        except Invalid as error:
            return _page(request, shown, error)
        return redirect(reverse("portal:facts") + "#objections")
    return _page(request, shown, None)


@signed_in
@require_http_methods(["GET", "POST"])
def to_record(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """A record that a department reports: shown, and what is wrong with it."""
    actor = actor_for(request)
    _case, line, agency = object_to_data.record_of(actor, number, key)
    shown = {"name": line.name, "value": line.late_opinion or line.opinion, "source": agency.name}
    if request.method == "POST":
        try:
            object_to_data.to_record(actor, number, key, request.POST.get("text", ""))
        except Invalid as error:
            return _page(request, shown, error)
        return redirect(reverse("portal:facts") + "#objections")
    return _page(request, shown, None)


def _page(request: HttpRequest, shown: dict[str, str], error: Invalid | None) -> HttpResponse:
    told = (error.fields.get("text") or f"{error.message}{error.hint}") if error else ""
    context = {
        "shown": shown,
        "error": told,
        "errors": [("text", told)] if told else [],
        "text": request.POST.get("text", ""),
        "trail": [(_("我的办件"), reverse("portal:my")), (_("我的信息"), reverse("portal:facts"))],
    }
    return render(request, "portal/object_data.html", context, status=error.status if error else 200)
