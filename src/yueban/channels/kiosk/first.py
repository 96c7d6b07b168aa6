"""The first screens: what to do, which item, by which letters, and where the next window is."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.catalogue.bundles import searching
from yueban.channels.kiosk.access import KioskRequest, at_kiosk, kiosk_page
from yueban.channels.shared.english import named
from yueban.channels.shared.hits import all_hits, found_hits
from yueban.kernel import clock
from yueban.outlets import selectors as outlets

A_SCREEN = 3
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST_SEARCH = 12


def screen_of(request: KioskRequest, rows: Sequence[Any]) -> Page[Any]:
    """Three of them, with the way to the next three."""
    number = request.GET.get("page", "1")
    return Paginator(rows, A_SCREEN).get_page(number if number.isdecimal() and len(number) < 5 else 1)


@at_kiosk
@require_GET
def home(request: KioskRequest) -> HttpResponse:
    """Three ways to go."""
    here = request.kiosk.outlet
    context = {
        "choices": [
            _choice("list", _("办事"), _("看要带什么、多久办好，当场填写提交"), "kiosk:do"),
            _choice("clock", _("查进度"), _("刷身份证，或输入办件编号"), "kiosk:track"),
            _choice(
                "file",
                _("打印、核验、找窗口"),
                _("打印证照和文书，核验真伪，看哪个窗口开着"),
                "kiosk:services",
            ),
        ],
        "opening": outlets.open_now(here),
        "now": clock.now(),
        "is_first": True,
    }
    return kiosk_page(request, "kiosk/home.html", context)


def _choice(icon: str, title: str, text: str, name: str) -> dict[str, str]:
    return {"icon": icon, "title": title, "text": text, "href": reverse(name)}


@at_kiosk
@require_GET
def services(request: KioskRequest) -> HttpResponse:
    """What else the terminal does."""
    choices = [
        _choice("file", _("打印证照和文书"), _("刷身份证，打印您自己的"), "kiosk:papers"),
        _choice("search", _("核验真伪"), _("输入文书或证照上的核验码"), "kiosk:verify"),
        _choice("home", _("找窗口"), _("哪里有人帮您，现在开不开门"), "kiosk:windows"),
    ]
    context = {"heading": _("您想做什么？"), "choices": choices}
    return kiosk_page(request, "kiosk/choices.html", context, back="kiosk:home")


@at_kiosk
@require_GET
def track(request: KioskRequest) -> HttpResponse:
    """Progress by card or by number."""
    choices = [
        _choice("person", _("刷身份证"), _("看您全部的办件，接着填没填完的"), "kiosk:my"),
        _choice("list", _("输入办件编号"), _("编号印在凭条和凭证上，不用身份证"), "kiosk:progress"),
    ]
    context = {"heading": _("怎么查？"), "choices": choices}
    return kiosk_page(request, "kiosk/choices.html", context, back="kiosk:home")


@at_kiosk
@require_GET
def do(request: KioskRequest) -> HttpResponse:
    """What is asked for most at this outlet, three at a time."""
    known = {hit.key: hit for hit in all_hits()}
    rows = [known[key] for key in request.kiosk.items if key in known]
    context = {"page": screen_of(request, rows)}
    return kiosk_page(request, "kiosk/do.html", context, back="kiosk:home")


@at_kiosk
@require_GET
def find(request: KioskRequest) -> HttpResponse:
    """Bundles and items by the first letters of their pinyin, on a keyboard of the page itself."""
    typed = "".join(letter for letter in request.GET.get("q", "").lower() if letter in LETTERS)
    typed = typed[:LONGEST_SEARCH]
    context = {
        "typed": typed,
        "page": screen_of(request, _found(request, typed) if typed else []),
        "query": f"{urlencode({'q': typed})}&",
        "keys": [(letter, f"?{urlencode({'q': typed + letter})}") for letter in LETTERS],
        "shorter": f"?{urlencode({'q': typed[:-1]})}" if typed else "",
    }
    return kiosk_page(request, "kiosk/find.html", context, back="kiosk:do")


def _found(request: KioskRequest, typed: str) -> list[Any]:
    """What is done in one go stands before single items."""
    joined = [
        {"bundle": one, "name": named(one.name, one.name_en), "summary": named(one.summary, one.summary_en)}
        for one in searching.search_bundles(typed, division=request.kiosk.outlet.division.code)
    ]
    return [*joined, *found_hits(typed)]


@at_kiosk
@require_GET
def windows(request: KioskRequest) -> HttpResponse:
    """Where people help, nearest first, and whether they are there now."""
    here = request.kiosk.outlet
    near = outlets.nearest(here.division.code)[:A_SCREEN]
    openings = outlets.openings(near)
    rows = [
        {
            "outlet": one,
            "name": named(one.name, one.name_en),
            "opening": openings[one.pk],
            "is_here": one.pk == here.pk,
        }
        for one in near
    ]
    return kiosk_page(request, "kiosk/windows.html", {"rows": rows}, back="kiosk:services")
