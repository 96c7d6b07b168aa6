"""刷身份证: the card on the reader, then the second factor."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yueban.channels.kiosk.access import KioskRequest, at_kiosk, devices_of, kiosk_page, own_address
from yueban.channels.kiosk.devices import DeviceTrouble
from yueban.channels.kiosk.first import screen_of
from yueban.flows import kiosk_sign_in
from yueban.kernel.errors import Invalid


def _next(request: KioskRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return own_address(asked) if asked else reverse("kiosk:my")


@at_kiosk
@require_http_methods(["GET", "POST"])
def sign_in(request: KioskRequest) -> HttpResponse:
    """Put the card on the reader; in the demonstration choose one of the cast."""
    if request.method == "POST":
        reader = devices_of(request, card=request.POST.get("card", "")[:60])
        try:
            card = reader.card_reader().read()
        except DeviceTrouble as trouble:
            return _card_page(request, trouble)
        after = _next(request)
        kiosk_sign_in.present(request, card)
        return redirect(f"{reverse('kiosk:confirm')}?{urlencode({'next': after})}")
    return _card_page(request, None)


def _card_page(request: KioskRequest, trouble: DeviceTrouble | None) -> HttpResponse:
    is_demo = devices_of(request).is_demo
    after = _next(request)
    context = {
        "next": after,
        "query": f"{urlencode({'next': after})}&",
        "trouble": trouble,
        "is_demo": is_demo,
        "page": screen_of(request, kiosk_sign_in.demo_holders() if is_demo else []),
    }
    status = 409 if trouble else 200
    return kiosk_page(request, "kiosk/card.html", context, back="kiosk:home", status=status)


@at_kiosk
@require_http_methods(["GET", "POST"])
def confirm(request: KioskRequest) -> HttpResponse:
    """The second factor: it is he who holds the card."""
    after = _next(request)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            kiosk_sign_in.confirm(request, request.kiosk, request.POST.get("answer", "")[:20])
        except Invalid as error:
            errors = [("answer", error.fields.get("answer", str(error)))]
        else:
            return redirect(after)
    waiting = kiosk_sign_in.pending(request)
    if waiting is None:
        return redirect(f"{reverse('kiosk:sign-in')}?{urlencode({'next': after})}")
    context = {
        "waiting": waiting,
        "next": after,
        "errors": errors,
        "help": _("核对是不是您本人"),
    }
    status = 422 if errors else 200
    return kiosk_page(request, "kiosk/confirm.html", context, back="kiosk:sign-in", status=status)
