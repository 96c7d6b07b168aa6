"""Printing at the kiosk: the slip and the sheet, and what a person is told when the printer cannot."""

from typing import Any

from django.http import HttpResponse

from yueban.channels.kiosk.access import KioskRequest, devices_of, kiosk_page
from yueban.channels.kiosk.devices import DeviceTrouble
from yueban.channels.shared.qr import qr_drawing
from yueban.flows import self_service


def printed_slip(request: KioskRequest, told: self_service.Slip, *, back: str) -> HttpResponse:
    """The 80 mm slip, printed and shown."""
    content = self_service.slip_paper(told)
    shown = {"slip": told, "qr": qr_drawing(told.codes[0].address)}
    return printed(request, content, is_slip=True, back=back, shown=shown)


def printed(
    request: KioskRequest,
    content: bytes,
    *,
    is_slip: bool,
    back: str,
    shown: dict[str, Any],
    printer: Any = None,
) -> HttpResponse:
    """Send it to a printer; the screen that says where to take it, or what is wrong with the printer."""
    devices = devices_of(request)
    try:
        chosen = printer or (devices.slip_printer() if is_slip else devices.a4_printer())
        chosen.print(content)
    except DeviceTrouble as trouble:
        return trouble_page(request, trouble, back)
    context = {"back_href": back, "is_slip": is_slip, "is_demo": devices.is_demo, **shown}
    return kiosk_page(request, "kiosk/printed.html", context)


def trouble_page(request: KioskRequest, trouble: DeviceTrouble, back: str) -> HttpResponse:
    """What is wrong with a peripheral, and what to do."""
    context = {"trouble": trouble, "back_href": back}
    return kiosk_page(request, "kiosk/trouble.html", context, status=409)
