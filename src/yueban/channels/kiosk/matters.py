"""What is a person's own at the kiosk: drafts and cases, the slip, papers to print; and progress by number."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yueban.cases import selectors as cases
from yueban.cases.choices import ApplicationState
from yueban.channels.kiosk.access import KioskRequest, at_kiosk, devices_of, kiosk_page, personal
from yueban.channels.kiosk.devices import DeviceTrouble
from yueban.channels.kiosk.filling import title_of
from yueban.channels.kiosk.first import screen_of
from yueban.channels.kiosk.printing import printed, printed_slip, trouble_page
from yueban.channels.shared.addresses import address_of
from yueban.channels.shared.english import item_name, named
from yueban.channels.shared.qr import qr_drawing
from yueban.channels.shared.verifying import answer_for, mistyped, read_code
from yueban.flows import inform, self_service
from yueban.kernel.codes.public_number import clean_case_number

LISTED = 30


@personal
@require_GET
def my(request: KioskRequest) -> HttpResponse:
    """What is not sent yet first, then the cases, the newest first; three a screen."""
    drafts = list(
        cases.applications_visible_to(request.actor)
        .filter(state=ApplicationState.DRAFT)
        .select_related("item_version", "party")
        .order_by("-saved_at")[:LISTED]
    )
    rows: list[dict[str, Any]] = [{"draft": one, "at": one.saved_at} for one in drafts]
    rows += [{"draft": one, "at": one.saved_at} for one in cases.bundle_drafts_of(request.actor)[:LISTED]]
    # The children of a 一件事 stand under their parent.
    found = cases.own_cases(request.actor).filter(in_bundle=False).select_related("agency", "intake_agency")
    sent = [{"case": one, "at": one.applied_at} for one in found.order_by("-applied_at")[:LISTED]]
    parents = cases.own_bundles(request.actor).select_related("bundle_version", "intake_agency")
    parents = parents.defer("bundle_version__definition", "bundle_version__compiled_json")
    sent += [{"bundle": one, "at": one.submitted_at} for one in parents.order_by("-submitted_at")[:LISTED]]
    newest = [sorted(part, key=lambda row: row["at"], reverse=True) for part in (rows, sent)]
    page = screen_of(request, newest[0] + newest[1])
    _tell(request, page)
    return kiosk_page(request, "kiosk/my.html", {"page": page}, back="kiosk:home")


def _tell(request: KioskRequest, rows: Iterable[dict[str, Any]]) -> None:
    """What each is called and what happens next in it; the same few queries however many."""
    shown = list(rows)
    steps = cases.next_steps([row["case"] for row in shown if "case" in row])
    children = cases.own_child_views(request.actor, [row["bundle"] for row in shown if "bundle" in row])
    for row in shown:
        if "draft" in row:
            row["name"] = title_of(row["draft"])
        elif "case" in row:
            row["name"] = item_name(row["case"].item_name)
            row["sentence"] = steps[row["case"].number].sentence
        else:
            version = row["bundle"].bundle_version
            row["name"] = named(version.name, version.name_en)
            row["sentence"] = cases.bundle_sentence(row["bundle"], children[row["bundle"].pk])


@personal
@require_GET
def case(request: KioskRequest, number: str) -> HttpResponse:
    """One case: what happens next, its number, and the slip to take home."""
    found = cases.get_case(request.actor, number)
    address = self_service.progress_address(found.number)
    context = {
        "case": found,
        "next": cases.next_step(found),
        "lights": cases.lights(found),
        "is_new": "submitted" in request.GET,
        "qr": qr_drawing(address),
    }
    return kiosk_page(request, "kiosk/case.html", context, back="kiosk:my")


@personal
@require_POST
def slip(request: KioskRequest, number: str) -> HttpResponse:
    """Print the slip of a case."""
    told = self_service.slip(request.actor, number, request.kiosk)
    return printed_slip(request, told, back=reverse("kiosk:case", args=[number]))


@personal
@require_GET
def papers(request: KioskRequest) -> HttpResponse:
    """The person's own certificates and documents, three a screen."""
    context = {
        "page": screen_of(request, self_service.papers_of(request.actor)),
        "key": secrets.token_hex(16),
    }
    return kiosk_page(request, "kiosk/papers.html", context, back="kiosk:services")


@personal
@require_POST
def print_paper(request: KioskRequest, kind: str, number: str) -> HttpResponse:
    """Print one of them on A4; that it was used is recorded first."""
    try:
        printer = devices_of(request).a4_printer()
    except DeviceTrouble as trouble:
        return trouble_page(request, trouble, reverse("kiosk:papers"))
    key = request.POST.get("key", "")[:32]
    content = self_service.paper_to_print(request.actor, kind, number, kiosk=request.kiosk, key=key)
    back = reverse("kiosk:papers")
    if content is None:
        return kiosk_page(request, "kiosk/printed.html", {"back_href": back, "is_repeated": True})
    return printed(request, content, is_slip=False, back=back, shown={}, printer=printer)


@at_kiosk
@require_http_methods(["GET", "POST"])
def progress(request: KioskRequest) -> HttpResponse:
    """Where a case stands, for whoever knows its number and the phone's last four digits."""
    number = clean_case_number(request.POST.get("number", "")[:100])[:40]
    context: dict[str, Any] = {"number": number, "errors": []}
    status = 200
    if request.method == "POST":
        tail = clean_case_number(request.POST.get("phone_tail", "")[:40])
        found = inform.look_up_progress(number, tail, address=address_of(request))
        if found is None:
            text = _("请核对编号和联系手机后四位；一小时内试满 5 次后要过一会儿再试。")
            context["errors"], status = [("number", text)], 404
        else:
            context["found"] = found
            context["sentence"] = cases.next_steps([found])[found.number].sentence
            context["state"] = cases.told_state(found)
    return kiosk_page(request, "kiosk/progress.html", context, back="kiosk:track", status=status)


@at_kiosk
@require_http_methods(["GET", "POST"])
def verify(request: KioskRequest) -> HttpResponse:
    """Whether a paper comes from here, by the code printed on it; posted, so that it stays in no address."""
    typed = request.POST.get("code", "")[:100]
    context: dict[str, Any] = {"code": typed, "errors": []}
    status = 200
    if request.method == "POST":
        code = read_code(typed)
        if code:
            context["answer"] = answer_for(code)
            status = 200 if context["answer"].is_known else 404
        else:
            context["errors"], status = [("code", mistyped())], 422
    return kiosk_page(request, "kiosk/verify.html", context, back="kiosk:services", status=status)
