"""授权: what a person or company has let others do, what he was let do, giving and taking back, the paper."""

import io
from datetime import date, timedelta
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yueban.catalogue import selectors as catalogue
from yueban.channels.portal.session import signed_in
from yueban.channels.portal.standing import party_from
from yueban.channels.shared.english import item_name, listed, named
from yueban.channels.shared.fields import Option
from yueban.channels.shared.paging import page_of
from yueban.channels.shared.serving import guarded_response
from yueban.flows import mandate_paper, mandates
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.actor import PartyHeld
from yueban.kernel.errors import Invalid
from yueban.parties import selectors as parties
from yueban.parties.choices import Power

USUAL_TERM = timedelta(days=365)


@signed_in
@require_GET
def given(request: HttpRequest) -> HttpResponse:
    """Mandates given by the party, and those the person holds."""
    actor, party = actor_for(request), party_from(request)
    rows = parties.mandates_given_by(party.id if party else 0)
    page = page_of(request, rows)
    held = list(parties.mandates_held_by(actor.user_id or 0)[:20])
    names = _item_names([*page.object_list, *held])
    for mandate in [*page.object_list, *held]:
        mandate.item_names = listed(names.get(key, key) for key in mandate.items)
        mandate.power_names = listed(_(str(Power(power).label)) for power in mandate.powers)
        mandate.way_name = _(mandate.get_way_display())
        mandate.is_live_now = mandate.is_live(clock.today())
    return render(request, "portal/mandates.html", {"party": party, "page": page, "held": held})


def _item_names(rows: list[Any]) -> dict[str, str]:
    keys = {key for row in rows for key in row.items}
    found = catalogue.versions_in_force().filter(item__key__in=keys)
    return {version.item.key: named(version.name, version.name_en) for version in found}


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give a mandate online: to whom, for what, with which powers, how long."""
    party = party_from(request)
    if party is None:
        return redirect("portal:mandates")
    if request.method == "GET":
        until = (clock.today() + USUAL_TERM).isoformat()
        chosen = {"items": request.GET.getlist("item"), "powers": ["submit", "supplement"], "ends_on": until}
        return _form(request, party, chosen, {})
    typed: dict[str, Any] = {
        "name": request.POST.get("name", "").strip(),
        "id_number": request.POST.get("id_number", "").strip(),
        "items": request.POST.getlist("items"),
        "powers": request.POST.getlist("powers"),
        "ends_on": request.POST.get("ends_on", "").strip(),
    }
    missing = {field: text for field, text in _asked_for().items() if not typed[field]}
    if missing:
        return _form(request, party, typed, missing, status=422)
    try:
        mandates.give_online(
            actor_for(request),
            party_id=party.id,
            agent_name=typed["name"],
            agent_id_number=typed["id_number"],
            items=typed["items"],
            powers=typed["powers"],
            ends_on=_day(typed["ends_on"]),
        )
    except Invalid as error:
        return _form(request, party, typed, error.fields or {"": f"{error.message}{error.hint}"}, status=422)
    return redirect("portal:mandates")


def _asked_for() -> dict[str, str]:
    """What is said beside each part of the form that was left empty."""
    return {
        "name": _("请填写受托人姓名。"),
        "id_number": _("请填写受托人身份证号码。"),
        "items": _("请至少选择一个事项。"),
        "powers": _("请至少选择一项权限。"),
        "ends_on": _("请选择结束日期。"),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid.of_fields({"ends_on": _("请选择结束日期。")}) from error


def _form(
    request: HttpRequest,
    party: PartyHeld,
    typed: dict[str, Any],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "party": party,
        "typed": typed,
        "errors": [
            (f"mandate-{field.replace('_', '-')}" if field else "", text) for field, text in errors.items()
        ],
        "error": {**dict.fromkeys(typed, ""), **errors},
        "items": [Option(key, item_name(name)) for key, name in mandates.items_for(party.kind)],
        "powers": [Option(power.value, _(str(power.label))) for power in Power],
    }
    return render(request, "portal/mandate_form.html", context, status=status)


@signed_in
@require_GET
def sheet(request: HttpRequest, number: str) -> FileResponse:
    """The 授权委托书 as PDF."""
    mandate = mandates.get_mandate(actor_for(request), number)
    content = io.BytesIO(mandate_paper.sheet(mandate))
    return guarded_response(content, media_type="application/pdf", name=f"{number}.pdf", is_inline=True)


@signed_in
@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Take a mandate back, or lay one down."""
    mandates.revoke(actor_for(request), number, reason=request.POST.get("reason", ""))
    return redirect("portal:mandates")
