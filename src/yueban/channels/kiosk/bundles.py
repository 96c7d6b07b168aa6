"""一件事 at the kiosk: what is offered here, its guide, its questions, and the one case that comes of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yueban.cases import selectors as cases
from yueban.catalogue.bundles import selectors as catalogue
from yueban.catalogue.models import BundleVersion
from yueban.channels.kiosk.access import KioskRequest, at_kiosk, kiosk_page, personal
from yueban.channels.kiosk.asking import About, question_page
from yueban.channels.kiosk.first import screen_of
from yueban.channels.kiosk.printing import printed_slip
from yueban.channels.shared.bundle_view import bundle_children, bundle_figures
from yueban.channels.shared.english import named
from yueban.channels.shared.guide_view import material_lines
from yueban.channels.shared.posted import posted_answers, whole_number
from yueban.channels.shared.qr import qr_drawing
from yueban.flows import bundle as flow
from yueban.flows import self_service
from yueban.kernel.errors import NotFound


@at_kiosk
@require_GET
def offered(request: KioskRequest) -> HttpResponse:
    """Every bundle that is offered where the kiosk stands, three a screen."""
    page = screen_of(request, catalogue.bundles_in_force(request.kiosk.outlet.division.code))
    rows = [
        {
            "key": version.bundle.key,
            "name": named(version.name, version.name_en),
            "summary": named(version.summary, version.summary_en),
        }
        for version in page
    ]
    return kiosk_page(request, "kiosk/bundles.html", {"page": page, "rows": rows}, back="kiosk:do")


def _version(request: KioskRequest, key: str) -> BundleVersion:
    return catalogue.get_bundle(key, request.kiosk.outlet.division.code)


@at_kiosk
@require_GET
def guide(request: KioskRequest, key: str) -> HttpResponse:
    """What it joins, what it spares beside its parts, what to bring; then begin."""
    version = _version(request, key)
    compiled = version.compiled_bundle
    lines = material_lines(cases.expected_materials(compiled, {}))
    context = {
        "version": version,
        "name": named(compiled.name, compiled.name_en),
        "summary": named(compiled.summary, compiled.summary_en),
        "stats": bundle_figures(compiled),
        "children": bundle_children(compiled),
        "to_bring": [line for line in lines if not line.is_spared],
        "spared": [line for line in lines if line.is_spared],
        "start": reverse("kiosk:bundle-questions", args=[key]),
    }
    return kiosk_page(request, "kiosk/bundle.html", context, back="kiosk:bundles")


@at_kiosk
@require_GET
def questions(request: KioskRequest, key: str) -> HttpResponse:
    """The questions of all its items, each asked once."""
    version = _version(request, key)
    about = About(
        compiled=version.compiled_bundle,
        version=version,
        name=named(version.name, version.name_en),
        guide=reverse("kiosk:bundle", args=[key]),
        questions=reverse("kiosk:bundle-questions", args=[key]),
        start=reverse("kiosk:bundle-start", args=[key]),
    )
    return question_page(request, about)


@personal
@require_POST
def start(request: KioskRequest, key: str) -> HttpResponse:
    """Begin, or go on with the draft there is."""
    version = catalogue.bundle_version(whole_number(request, "apply.version") or 0)
    if version.bundle.key != key:
        raise NotFound(_("没有这件事的这个版本。"), hint=_("请从办事指南重新开始。"))
    answers = posted_answers(request, version.compiled_bundle.situations.questions)
    application = flow.start(request.actor, version.pk, answers, whole_number(request, "apply.party") or 0)
    return redirect("kiosk:form", application.number)


@personal
@require_GET
def case(request: KioskRequest, number: str) -> HttpResponse:
    """The parent: what happens next in one sentence, its number, and where each child stands, three a screen."""
    found = cases.get_bundle_case(request.actor, number)
    views = cases.own_child_views(request.actor, [found])[found.pk]
    page = screen_of(request, views)
    context: dict[str, Any] = {
        "bundle_case": found,
        "name": named(found.bundle_version.name, found.bundle_version.name_en),
        "sentence": cases.bundle_sentence(found, views),
        "page": page,
        "query": "",
        "is_new": "submitted" in request.GET,
        "qr": qr_drawing(self_service.bundle_address(found.number)),
    }
    return kiosk_page(request, "kiosk/bundle_case.html", context, back="kiosk:my")


@personal
@require_POST
def slip(request: KioskRequest, number: str) -> HttpResponse:
    """Print the one slip that lists every child."""
    told = self_service.bundle_slip(request.actor, number, request.kiosk)
    return printed_slip(request, told, back=reverse("kiosk:bundle-case", args=[number]))
