"""公示: what is about to be decided, for everybody to read, and the way to object."""

import secrets
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import NoticeState
from yueban.channels.shared.addresses import address_of
from yueban.channels.shared.paging import page_of
from yueban.flows import notice as flow
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.errors import Conflict, Invalid

# Names are on these pages for some days only: search engines shall not keep them longer.
NOT_KEPT = "noindex, noarchive, nosnippet"


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What is announced now, the newest first."""
    page = page_of(request, approvals.running_notices())
    return _unindexed(render(request, "portal/notices.html", {"page": page}))


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One notice; a POST objects to it and shows the objection's number once."""
    if request.method != "POST":
        return _page(request, number, {})
    try:
        made = flow.object_to(
            actor_for(request),
            number,
            name=request.POST.get("name", ""),
            contact=request.POST.get("contact", ""),
            text=request.POST.get("text", ""),
            key=request.POST.get("key", "")[:40],
            address=address_of(request),
        )
    except Invalid as error:
        return _page(request, number, error.fields, typed=request.POST.dict(), status=error.status)
    except Conflict as error:
        return _page(request, number, {}, typed=request.POST.dict(), refused=str(error), status=error.status)
    return redirect(f"{reverse('portal:notice', args=[number])}?objection={made.number}")


def _page(
    request: HttpRequest,
    number: str,
    errors: Mapping[str, str],
    *,
    typed: Mapping[str, object] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    found = approvals.get_public_notice(number)
    actor = actor_for(request)
    said = request.GET.get("objection", "")
    context = {
        "notice": found,
        "is_open": found.state == NoticeState.RUNNING and clock.today() <= found.ends_on,
        "is_answering": found.state == NoticeState.RUNNING and clock.today() > found.ends_on,
        "errors": list(errors.items()),
        "field_errors": errors,
        "refused": refused,
        "typed": typed or {"name": actor.name if actor.is_signed_in else ""},
        "is_contact_needed": not actor.is_signed_in,
        "objection": said if said.startswith(f"{number}-") and len(said) < 25 else "",
        "key": secrets.token_hex(16),
        "trail": [(_("公示"), reverse("portal:notices")), (found.title, "")],
    }
    return _unindexed(render(request, "portal/notice.html", context, status=status))


def _unindexed(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = NOT_KEPT
    return response
