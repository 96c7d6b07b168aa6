"""The document that would be signed, as PDF, for the frame beside the form."""

from io import BytesIO

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.acts import supplement_items
from yueban.channels.desk.files import PDF, guarded_response
from yueban.flows import preview as flow


@staff_only
@xframe_options_sameorigin
@require_http_methods(["GET", "HEAD", "POST"])
def preview_decision(request: DeskRequest, number: str) -> FileResponse:
    """The decision or the supplement notice with the words typed so far; nothing is kept."""
    typed = request.POST if request.method == "POST" else request.GET
    if typed.get("act") == "supplement":
        pdf = flow.supplement_notice(request.actor, number, supplement_items(typed))
    else:
        is_granted = typed.get("outcome", "grant") == "grant"
        pdf = flow.decision(request.actor, number, is_granted=is_granted, reason=typed.get("reason", ""))
    return guarded_response(BytesIO(pdf), media_type=PDF, name=_("预览.pdf"), is_inline=True)
