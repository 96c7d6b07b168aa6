"""Who is at the kiosk, and at which: only a registered terminal opens the channel, and it forgets who was there.

A terminal proves itself by its key in a cookie of its own. A session of a person lasts as long as somebody touches
the screen; no answer is ever kept by a cache.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from yueban.channels.kiosk.agent_devices import Agent, AgentDevices
from yueban.channels.kiosk.demo_devices import DemoDevices
from yueban.channels.kiosk.devices import Devices
from yueban.flows import identify
from yueban.flows.sessions import KIOSK_IDLE_SECONDS
from yueban.kernel.actor import Actor
from yueban.outlets import selectors as outlets
from yueban.outlets.choices import KioskPart
from yueban.outlets.models import Kiosk

COOKIE, PATH = "yueban_kiosk", "/kiosk/"
TROUBLES = "yueban_kiosk_parts"
VISIT = "kiosk_visit"
YEAR = 365 * 24 * 3600
P = ParamSpec("P")


class KioskRequest(HttpRequest):
    """A request from a registered kiosk; the actor is ANONYMOUS until a card has been read."""

    kiosk: Kiosk
    actor: Actor


View = Callable[Concatenate[KioskRequest, P], HttpResponseBase]


def at_kiosk(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only for registered kiosks; nothing of the answer stays in the browser."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        kiosk = kiosk_in(request)
        if kiosk is None:
            return unkept(redirect("kiosk:register"))
        request.kiosk = kiosk  # type: ignore[attr-defined]
        actor = identify.actor_at_kiosk(request, kiosk.code)
        request.actor = actor  # type: ignore[attr-defined]
        if identify.why_signed_out(request) == "left":
            return unkept(redirect("kiosk:wipe"))
        return unkept(view(request, *args, **kwargs))  # type: ignore[arg-type]

    return checked


def personal(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only with a card read; leads there and back."""

    @wraps(view)
    def checked(request: KioskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.actor.is_signed_in:
            return view(request, *args, **kwargs)
        back = (
            request.get_full_path() if request.method == "GET" else own_address(request.POST.get("page", ""))
        )
        return redirect(f"{reverse('kiosk:sign-in')}?{urlencode({'next': back})}")

    return at_kiosk(checked)


def own_address(text: str) -> str:
    """An address within the channel, or that of the first screen."""
    is_own = text.startswith(PATH) and "//" not in text and "\\" not in text and len(text) <= 2000
    return text if is_own else reverse("kiosk:home")


def kiosk_in(request: HttpRequest) -> Kiosk | None:
    """The registered kiosk that asks."""
    code, _, key = request.COOKIES.get(COOKIE, "").partition(":")
    return outlets.find_kiosk(code[:40], key[:64])


def keep_kiosk(request: HttpRequest, answer: HttpResponse, code: str, key: str) -> None:
    """The terminal carries its key from now on."""
    value = f"{quote(code)}:{quote(key)}"
    answer.set_cookie(
        COOKIE, value, max_age=YEAR, path=PATH, httponly=True, samesite="Strict", secure=request.is_secure()
    )


def unkept(answer: HttpResponseBase) -> HttpResponseBase:
    """No cache keeps it, and the way back leads to a new question and not to an old page."""
    answer["Cache-Control"] = "no-store, private, max-age=0"
    answer["Pragma"] = "no-cache"
    return answer


def visit_of(request: HttpRequest) -> str:
    """The number of this visit: a page of the browser's history that carries another one belongs to somebody else."""
    if VISIT not in request.session:
        request.session[VISIT] = secrets.token_hex(8)
    return str(request.session[VISIT])


def devices_of(request: KioskRequest, *, card: str = "") -> Devices:
    """The peripherals of this kiosk."""
    kiosk = request.kiosk
    if kiosk.is_demo and settings.YUEBAN_DEMO:
        return DemoDevices(kiosk.parts, troubles_in(request), card=card)
    return AgentDevices(Agent(kiosk.agent_address, outlets.kiosk_key(kiosk)), kiosk.parts)


def troubles_in(request: HttpRequest) -> dict[str, str]:
    """How the peripherals of the demonstration were put: part.state words in a cookie of the terminal."""
    words = request.COOKIES.get(TROUBLES, "")[:200].split("-")
    pairs = [word.partition(".") for word in words if "." in word]
    return {part: state for part, _, state in pairs if part in KioskPart.values}


def kiosk_page(
    request: KioskRequest, template: str, context: dict[str, Any], *, back: str = "", status: int = 200
) -> HttpResponse:
    """A screen with its frame: where back leads, and whether somebody's things are on it."""
    frame = {
        "back_href": reverse(back) if back else "",
        "idle_seconds": KIOSK_IDLE_SECONDS,
        "is_kiosk": True,
        "visit": visit_of(request),
    }
    return render(request, template, {**frame, **context}, status=status)
