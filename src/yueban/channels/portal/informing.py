"""Messages, and progress by number without signing in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yueban.cases import selectors as cases
from yueban.channels.portal.session import signed_in
from yueban.channels.shared.addresses import address_of
from yueban.channels.shared.paging import page_of
from yueban.flows import inform
from yueban.flows.identify import actor_for
from yueban.kernel.codes.public_number import clean_case_number
from yueban.notifications import selectors as notifications


@signed_in
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest) -> HttpResponse:
    """Messages, newest first; POST marks them all as read."""
    actor = actor_for(request)
    if request.method == "POST":
        inform.mark_read(actor)
        return redirect("portal:messages")
    page = page_of(request, notifications.messages_visible_to(actor))
    return render(request, "portal/messages.html", {"page": page})


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Where a case stands, for whoever knows its number and the phone's last four digits."""
    number = clean_case_number((request.POST.get("number") or request.GET.get("number") or "")[:100])[:40]
    context: dict[str, Any] = {"number": number, "errors": []}
    if request.method == "POST":
        tail = clean_case_number(request.POST.get("phone_tail", "")[:40])
        found = inform.look_up_progress(number, tail, address=address_of(request))
        if found is None:
            text = _("请核对编号和联系手机后四位；一小时内试满 5 次后要过一会儿再试。")
            return render(
                request, "portal/progress.html", context | {"errors": [("number", text)]}, status=404
            )
        context["progress"] = {
            "number": found.number,
            "item_name": found.item_name,
            "agency": found.agency.short_name,
            "state": cases.told_state(found),
            "sentence": cases.next_steps([found])[found.number].sentence,
        }
    return render(request, "portal/progress.html", context)
