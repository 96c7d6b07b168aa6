"""The document that would be signed, as PDF, for the frame beside the form."""

from io import BytesIO

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.acts import supplement_items
from yueban.channels.desk.turn_acts import owed_keys
from yueban.channels.shared.serving import PDF, guarded_response
from yueban.flows import preview as flow
from yueban.kernel.errors import NotFound, ServiceError


@staff_only
@xframe_options_sameorigin
@require_http_methods(["GET", "HEAD", "POST"])
def preview_decision(request: DeskRequest, number: str) -> HttpResponseBase:
    """The decision or the notice with the words typed so far; nothing is kept."""
    typed = request.POST if request.method == "POST" else request.GET
    try:
        pdf = _pdf(request, number, typed.dict())
    except NotFound:
        raise
    except ServiceError as error:
        return render(request, "desk/preview_error.html", {"error": error}, status=error.status)
    return guarded_response(BytesIO(pdf), media_type=PDF, name=_("预览.pdf"), is_inline=True)


def _pdf(request: DeskRequest, number: str, typed: dict[str, str]) -> bytes:
    act, actor = typed.get("act", ""), request.actor
    reason, basis = typed.get("reason", ""), typed.get("basis", "")
    match act:
        case "supplement":
            return flow.supplement_notice(actor, number, supplement_items(typed))
        case "refuse-acceptance":
            return flow.non_acceptance(actor, number, reason=reason)
        case "return":
            return flow.return_notice(actor, number, reason=reason)
        case "accept-tolerant":
            return flow.tolerance_promise(actor, number, owed_keys(typed))
        case "suspend":
            name, days = typed.get("name", ""), typed.get("days", "")
            return flow.special_notice(actor, number, name=name, reason=reason, basis=basis, days=days)
        case "extend":
            return flow.extension_notice(actor, number, reason=reason)
        case "revoke":
            kind = typed.get("kind", "")
            return flow.revocation(actor, number, kind=kind, reason=reason, basis=basis)
    return flow.decision(actor, number, is_granted=act != "refuse", reason=reason)
