"""The guide of an item, and the way from it into the questions."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.models import ItemVersion
from yueban.channels.portal.asking import About, situation_page
from yueban.channels.portal.items import Link
from yueban.channels.portal.places import chosen_division, places_html
from yueban.channels.shared.cited import shows_cited
from yueban.channels.shared.english import named
from yueban.channels.shared.guide_view import guide_context
from yueban.channels.shared.kept import KEPT, kept_page


@shows_cited
@require_GET
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about an item before one applies; kept, but for what is open now and what is the person's."""
    here = chosen_division(request)
    offers = catalogue.offers_of(key, here)
    version_id = offers[0].version_id
    return kept_page(
        request,
        tuple(offers),
        lambda: render_to_string("portal/guide.html", _guide(request, version_id), request),
        {"places": lambda: places_html(version_id, here)},
    )


def _guide(request: HttpRequest, version_id: int) -> dict[str, Any]:
    version = catalogue.get_version(version_id)
    compiled = version.compiled
    start = reverse("portal:situation", args=[version.item.key]) + _place(request)
    return {
        KEPT: True,
        **guide_context(version, start=start),
        "windows": () if _division(request) else compiled.guide.windows,
        "others": _places(version),
        "ask_href": f"{reverse('portal:ask')}?{urlencode({'context': f'item:{version.item.key}'})}",
        "trail": [(_("办事"), reverse("portal:items")), (_name(compiled), "")],
    }


def _name(compiled: Compiled) -> str:
    return named(compiled.guide.name, compiled.guide.name_en)


def _division(request: HttpRequest) -> str | None:
    return chosen_division(request) or None


def _place(request: HttpRequest) -> str:
    """The chosen place, kept in the addresses of a page."""
    division = request.GET.get("division", "") and chosen_division(request)
    return f"?division={division}" if division else ""


def _places(version: ItemVersion) -> list[Link]:
    rows = catalogue.adopters_of(version.item.key)
    if len(rows) < 2:
        return []
    return [
        Link(
            named(row.agency.division.name, row.agency.division.name_en),
            f"{reverse('portal:guide', args=[version.item.key])}?division={row.agency.division.code}",
            is_current=row.pk == version.pk,
        )
        for row in rows
    ]


@require_GET
def situation(request: HttpRequest, key: str) -> HttpResponse:
    """One question a screen; the answers so far are in the address, so back, share and reload just work."""
    version = catalogue.get_published(key, _division(request))
    compiled = version.compiled
    guide_address = reverse("portal:guide", args=[key]) + _place(request)
    about = About(
        compiled=compiled,
        version=version,
        name=_name(compiled),
        guide=guide_address,
        questions=reverse("portal:situation", args=[key]),
        start=reverse("portal:start", args=[key]),
        trail=[(_("办事"), reverse("portal:items")), (_name(compiled), guide_address)],
    )
    return situation_page(request, about, _division(request) if "division" in request.GET else None)
