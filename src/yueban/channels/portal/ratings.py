"""评价: on the case's page after the end, or with the code of the paper slip, also on the pad at the counter."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yueban.cases.models import Case
from yueban.channels.portal.session import signed_in
from yueban.channels.shared import devices
from yueban.channels.shared.posted import whole_number
from yueban.flows import rate as flow
from yueban.flows.identify import actor_for
from yueban.flows.rate import Given
from yueban.kernel.errors import Invalid
from yueban.kernel.reference import Reference
from yueban.ratings import selectors as ratings
from yueban.ratings.choices import Channel, Level
from yueban.ratings.models import RateableService


def rating_of(found: Case) -> dict[str, Any]:
    """What the page of a case needs: the service once it is over, what may be chosen, what was given."""
    service = ratings.find_service(Reference("case", found.number))
    if service is None:
        return {"service": None}
    given = getattr(service, "rating", None)
    return {"service": service, "rating": given, "follow_up": getattr(given, "follow_up", None)} | (
        {} if given else _choices(service)
    )


def _choices(service: RateableService) -> dict[str, Any]:
    return {
        "levels": Level.choices,
        "aspects": ratings.scheme().aspects_for(is_offline=service.is_offline),
        "rating_key": secrets.token_hex(8),
    }


@signed_in
@require_POST
def rate_case(request: HttpRequest, number: str) -> HttpResponse:
    """By the applicant, once, after the end."""
    channel = Channel.MOBILE if "Mobile" in request.headers.get("User-Agent", "") else Channel.PC
    flow.rate_own(actor_for(request), number, _given(request, channel))
    response = redirect(reverse("portal:case", args=[number]) + "#rating")
    devices.number_device(request, response)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate_code(request: HttpRequest, code: str) -> HttpResponse:
    """Without signing in: whoever holds the slip may rate, once. `?at=pad` is the tablet at the counter."""
    is_pad = request.GET.get("at") == "pad"
    if request.method != "POST":
        return _numbered(request, _page(request, code, is_pad=is_pad))
    channel = Channel.PAD if is_pad else Channel.QR
    try:
        flow.rate_by_code(actor_for(request), code, _given(request, channel))
    except Invalid as error:
        return _page(request, code, is_pad=is_pad, errors=error.fields, status=error.status)
    return _numbered(request, redirect(request.get_full_path()))


def _given(request: HttpRequest, channel: str) -> Given:
    return Given(
        level=whole_number(request, "level") or 0,
        aspects=tuple(request.POST.getlist("aspects")),
        text=request.POST.get("text", ""),
        channel=channel,
        device=devices.device_of(request),
        is_counter_device=devices.is_counter(request),
    )


def _page(
    request: HttpRequest,
    code: str,
    *,
    is_pad: bool,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    service = ratings.get_by_code(code)
    context = {
        "service": service,
        "rating": getattr(service, "rating", None),
        "is_pad": is_pad,
        "is_staff": actor_for(request).is_staff,
        "errors": list((errors or {}).items()),
        "field_errors": errors or {},
        "typed": request.POST,
        "chosen": request.POST.getlist("aspects"),
        "post_to": request.get_full_path(),
        **_choices(service),
    }
    response = render(request, "portal/rate.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _numbered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    devices.number_device(request, response)
    return response
