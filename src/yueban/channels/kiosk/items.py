"""One item at the kiosk: what to bring and how long, everything about it, its questions, and beginning."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.channels.kiosk.access import KioskRequest, at_kiosk, kiosk_page, personal
from yueban.channels.kiosk.asking import About, question_page
from yueban.channels.shared.cited import shows_cited
from yueban.channels.shared.english import named
from yueban.channels.shared.guide_view import guide_context
from yueban.channels.shared.places import lines_of, places_of_lines
from yueban.channels.shared.posted import posted_answers, whole_number
from yueban.flows import apply
from yueban.kernel.errors import NotFound
from yueban.outlets import selectors as outlets


def _version(request: KioskRequest, key: str) -> ItemVersion:
    """The version of the item as it is offered where the kiosk stands."""
    return catalogue.get_published(key, request.kiosk.outlet.division.code)


def kiosk_guide(version: ItemVersion, *, start: str) -> dict[str, Any]:
    """The guide as the kiosk shows it first: the facts, and what must be brought beside what need not."""
    context = guide_context(version, start=start)
    lines = context["materials"]
    return context | {
        "to_bring": [line for line in lines if not line.is_spared],
        "spared": [line for line in lines if line.is_spared],
    }


@at_kiosk
@require_GET
def guide(request: KioskRequest, key: str) -> HttpResponse:
    """What to bring, how long, what it costs; then begin."""
    version = _version(request, key)
    context = kiosk_guide(version, start=reverse("kiosk:situation", args=[key]))
    return kiosk_page(request, "kiosk/guide.html", context, back="kiosk:do")


@at_kiosk
@shows_cited
@require_GET
def details(request: KioskRequest, key: str) -> HttpResponse:
    """The whole guide, one part a screen: the portal's own."""
    version = _version(request, key)
    here = request.kiosk.outlet.division.code
    lines = lines_of(version, here)
    openings = outlets.openings_by([line.hours for line in lines])
    context = {
        **guide_context(version, start=reverse("kiosk:situation", args=[key])),
        "windows": (),
        "places": mark_safe(places_of_lines(lines, openings, here)),  # noqa: S308 - rendered by a template
        "back_href": reverse("kiosk:guide", args=[key]),
    }
    return kiosk_page(request, "kiosk/details.html", context)


@at_kiosk
@require_GET
def situation(request: KioskRequest, key: str) -> HttpResponse:
    """One question a screen, then what the answers come to."""
    version = _version(request, key)
    about = About(
        compiled=version.compiled,
        version=version,
        name=named(version.name, version.name_en),
        guide=reverse("kiosk:guide", args=[key]),
        questions=reverse("kiosk:situation", args=[key]),
        start=reverse("kiosk:start", args=[key]),
    )
    return question_page(request, about)


@personal
@require_POST
def start(request: KioskRequest, key: str) -> HttpResponse:
    """Begin, or go on with the draft there is."""
    version = catalogue.get_version(whole_number(request, "apply.version") or 0)
    if version.item.key != key:
        raise NotFound(_("没有这个事项版本。"), hint=_("请从办事指南重新开始。"))
    answers = posted_answers(request, version.compiled.situations.questions)
    application = apply.start(request.actor, version.pk, answers, whole_number(request, "apply.party") or 0)
    return redirect("kiosk:form", application.number)
