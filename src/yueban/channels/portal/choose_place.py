"""选地方: county, town, village, chosen once and kept in a cookie; used by guides and outlets."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yueban.channels.portal.outlets import chosen_place, place_name
from yueban.channels.portal.places import COOKIE
from yueban.divisions import selectors as divisions
from yueban.divisions.choices import DivisionLevel
from yueban.divisions.models import Division

A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """One level a page; a POST keeps the choice (empty: forgets it) and goes back."""
    back = _back(request)
    if request.method == "POST":
        return _keep(request, back)
    here = _division(request.GET.get("in", ""))
    children = list(divisions.children_of(here.code)) if here else list(divisions.counties())
    context: dict[str, Any] = {
        "here": here,
        "here_name": place_name(here) if here else "",
        "above": [(place_name(row), _address(row, back)) for row in _above(here)],
        "children": [
            {"code": row.code, "name": place_name(row), "href": _address(row, back)} for row in children
        ],
        "is_last": here is not None and here.level == DivisionLevel.TOWN,
        "next": back,
        "chosen": chosen_place(request),
        "start": _address(None, back),
        "question": _question(here),
    }
    return render(request, "portal/choose_place.html", context)


def _question(here: Division | None) -> str:
    if here is None:
        return _("您在哪个区、县（市）？")
    if here.level == DivisionLevel.COUNTY:
        return _("您在哪个街道、乡镇？")
    return _("您在哪个村、社区？")


def _above(here: Division | None) -> list[Division]:
    rows = divisions.divisions_named(divisions.ancestry(here.code)) if here else {}
    return [rows[code] for code in sorted(rows) if rows[code].level != DivisionLevel.CITY]


def _division(code: str) -> Division | None:
    found = divisions.find_current(code) if divisions.is_code(code) else None
    return found if found and found.level != DivisionLevel.VILLAGE else None


def _address(division: Division | None, back: str) -> str:
    pairs = {"in": division.code if division else "", "next": back}
    query = urlencode({name: value for name, value in pairs.items() if value})
    return reverse("portal:place") + (f"?{query}" if query else "")


def _back(request: HttpRequest) -> str:
    """Where to go afterwards: as asked, else the page of ours the visitor came from."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    address = request.POST.get("next") or request.GET.get("next") or ""
    if not address and came_from.netloc == request.get_host() and came_from.path != reverse("portal:place"):
        address = came_from.path
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else reverse("portal:outlets")


def _keep(request: HttpRequest, back: str) -> HttpResponse:
    code = request.POST.get("division", "")
    found = divisions.find_current(code) if divisions.is_code(code) else None
    answer = HttpResponseRedirect(back)
    if found is None:
        answer.delete_cookie(COOKIE)
    else:
        answer.set_cookie(
            COOKIE,
            found.code,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer
