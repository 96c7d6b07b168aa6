"""What is a person's own at the kiosk: drafts and cases, the slip, papers to print; and progress by number."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yueban.cases import selectors as cases
from yueban.cases.choices import ApplicationState
from yueban.channels.kiosk.access import KioskRequest, at_kiosk, devices_of, kiosk_page, personal
from yueban.channels.kiosk.devices import DeviceTrouble
from yueban.channels.kiosk.first import screen_of
from yueban.channels.shared.addresses import address_of
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
    rows: list[dict[str, Any]] = [{"draft": draft} for draft in drafts]
    found = cases.own_cases(request.actor).select_related("agency", "intake_agency")
    rows += [{"case": case} for case in found.order_by("-applied_at")[:LISTED]]
    page = screen_of(request, rows)
    shown = [row["case"] for row in page if "case" in row]
    steps = cases.next_steps(shown)
    for row in page:
        if "case" in row:
            row["sentence"] = steps[row["case"].number].sentence
    return kiosk_page(request, "kiosk/my.html", {"page": page}, back="kiosk:home")


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
    content = self_service.slip(request.actor, number, request.kiosk)
    what = cases.get_case(request.actor, number)
    told = self_service.slip_of(what, request.kiosk)
    back = reverse("kiosk:case", args=[number])
    return _printed(
        request,
        content,
        is_slip=True,
        back=back,
        shown={"slip": told, "qr": qr_drawing(told.codes[0].address)},
    )


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
        return _trouble_page(request, trouble, reverse("kiosk:papers"))
    key = request.POST.get("key", "")[:32]
    content = self_service.paper_to_print(request.actor, kind, number, kiosk=request.kiosk, key=key)
    back = reverse("kiosk:papers")
    if content is None:
        return kiosk_page(request, "kiosk/printed.html", {"back_href": back, "is_repeated": True})
    return _printed(request, content, is_slip=False, back=back, shown={}, printer=printer)


def _printed(
    request: KioskRequest,
    content: bytes,
    *,
    is_slip: bool,
    back: str,
    shown: dict[str, Any],
    printer: Any = None,
) -> HttpResponse:
    devices = devices_of(request)
    try:
        chosen = printer or (devices.slip_printer() if is_slip else devices.a4_printer())
        chosen.print(content)
    except DeviceTrouble as trouble:
        return _trouble_page(request, trouble, back)
    context = {"back_href": back, "is_slip": is_slip, "is_demo": devices.is_demo, **shown}
    return kiosk_page(request, "kiosk/printed.html", context)


def _trouble_page(request: KioskRequest, trouble: DeviceTrouble, back: str) -> HttpResponse:
    context = {"trouble": trouble, "back_href": back}
    return kiosk_page(request, "kiosk/trouble.html", context, status=409)


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
