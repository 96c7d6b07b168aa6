"""One visit at the terminal: registering it, keeping a session awake, wiping everything of the person before."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yueban.channels.kiosk.access import (
    PATH,
    TROUBLES,
    KioskRequest,
    at_kiosk,
    devices_of,
    keep_kiosk,
    kiosk_in,
    kiosk_page,
    troubles_in,
    unkept,
)
from yueban.channels.kiosk.devices import SAID, STATES, State
from yueban.channels.shared.display import CHOICES
from yueban.flows import identify, kiosks
from yueban.kernel.errors import NotFound
from yueban.outlets import selectors as outlets
from yueban.outlets.choices import KioskPart

# What a printer can be put into for the demonstration.
SHOWN_TROUBLES = (State.READY, State.OUT_OF_PAPER, State.JAMMED, State.UNPLUGGED, State.TIMEOUT)


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Open this terminal: with its code and key, in the demonstration with one press."""
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        code, key = request.POST.get("code", "").strip()[:40], request.POST.get("key", "").strip()[:64]
        if settings.YUEBAN_DEMO and "demo" in request.POST:
            key = kiosks.demo_key(code)
        if outlets.find_kiosk(code, key) is not None:
            answer = redirect("kiosk:wipe")
            keep_kiosk(request, answer, code, key)
            unkept(answer)
            return answer
        errors = [("code", _("编号或密钥不对，或登记已经注销。请核对后再输，或找管理员更换密钥。"))]
    context = {
        "errors": errors,
        "kiosks": outlets.demo_kiosks() if settings.YUEBAN_DEMO else [],
        "current": kiosk_in(request),
        "is_kiosk": True,
    }
    page = render(request, "kiosk/register.html", context, status=422 if errors else 200)
    unkept(page)
    return page


@require_GET
def wipe(request: HttpRequest) -> HttpResponse:
    """Nothing of who was here is left: session, language, how pages are shown; then the first screen."""
    if kiosk_in(request) is None:
        answer = redirect("kiosk:register")
        unkept(answer)
        return answer
    identify.sign_out(request)
    request.session.flush()
    answer = redirect("kiosk:home")
    for name in CHOICES:
        answer.delete_cookie(f"yueban_{name}", samesite="Lax")
    for name in ("yueban_place", settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        answer.delete_cookie(name, samesite="Lax")
    unkept(answer)
    return answer


@at_kiosk
@require_GET
def alive(_request: KioskRequest) -> HttpResponse:
    """Somebody is touching the screen: the session goes on."""
    return HttpResponse(status=204)


@at_kiosk
@require_http_methods(["GET", "POST"])
def devices(request: KioskRequest) -> HttpResponse:
    """How the peripherals are; in the demonstration each can be put out of order, to see what happens then."""
    shown = devices_of(request)
    if request.method == "POST":
        if not shown.is_demo:
            raise NotFound(_("真实终端的外设不能这样设置。"), hint=_("请检查外设本身。"))
        return _put(request)
    rows = [
        {
            "part": part,
            "label": _(str(part.label)),
            "state": state,
            "word": _(SAID[state]),
            "is_ready": state == State.READY,
        }
        for part, state in shown.states().items()
    ]
    choices = [(state, _(SAID[state])) for state in SHOWN_TROUBLES]
    context = {"rows": rows, "choices": choices, "is_demo": shown.is_demo}
    return kiosk_page(request, "kiosk/devices.html", context, back="kiosk:home")


def _put(request: KioskRequest) -> HttpResponse:
    part, state = request.POST.get("part", ""), request.POST.get("state", "")
    troubles = troubles_in(request)
    if part in KioskPart.values and state in STATES:
        troubles[part] = state
    answer = redirect("kiosk:devices")
    kept = "-".join(f"{one}.{how}" for one, how in troubles.items() if how != State.READY)
    answer.set_cookie(TROUBLES, kept, path=PATH, httponly=True, samesite="Strict", secure=request.is_secure())
    return answer
