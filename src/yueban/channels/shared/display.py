"""How a person wants pages shown: 长辈版, size of type, contrast, tools, language; kept in cookies of the device.

No JavaScript is needed: the server reads the cookies and draws the page so at once. A choice is a plain address
(/view?view=elder) or a form sent to it, and leads back to the page it came from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yueban.channels.shared.passages import mark_chinese

YEAR = 365 * 24 * 3600
# What may be chosen, and what each may be; the empty word is the plain look and needs no cookie.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "view": ("", "elder"),
    "size": ("", "large", "larger"),
    "contrast": ("", "high"),
    "cursor": ("", "big"),
    "line": ("", "on"),
    "tools": ("", "open"),
}
# Pages that staff work in and what programs read stay as they are.
UNCHANGED = ("/desk/", "/api/")
# A kiosk is read standing, by everybody: it always has large type and the strong contrast.
KIOSK = "/kiosk/"


@dataclass(frozen=True, slots=True)
class View:
    """The choices of one device."""

    view: str = ""
    size: str = ""
    contrast: str = ""
    cursor: str = ""
    line: str = ""
    tools: str = ""

    @property
    def is_elder(self) -> bool:
        """Whether this is 长辈版: large type, one thing a page, the hotline always at hand."""
        return self.view == "elder"


def view_of(request: HttpRequest) -> View:
    """What the cookies of the device say; a word that is no choice is the plain look."""
    if request.path.startswith(UNCHANGED):
        return View()
    if request.path.startswith(KIOSK):
        return View(view="elder")
    said = {name: request.COOKIES.get(f"yueban_{name}", "") for name in CHOICES}
    return View(**{name: value for name, value in said.items() if value in CHOICES[name]})


@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what is asked for and lead back; asked for nothing, the page of all choices."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = {name: asked[name] for name in CHOICES if asked.get(name) in CHOICES[name]}
    language = asked.get("language")
    if not chosen and language not in dict(settings.LANGUAGES):
        return render(request, "shared/display.html")
    answer = HttpResponseRedirect(_back(request, asked.get("next", "")))
    for name, value in chosen.items():
        _keep(answer, f"yueban_{name}", value)
    if language in dict(settings.LANGUAGES):
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, language)
    return answer


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    if value:
        answer.set_cookie(name, value, max_age=YEAR, samesite="Lax")
    else:
        answer.delete_cookie(name, samesite="Lax")


def _back(request: HttpRequest, asked: str) -> str:
    """The page asked for, else the one the choice was made on, else the first page; never another site."""
    came = urlsplit(request.headers.get("Referer", ""))
    before = f"{came.path}?{came.query}" if came.query else came.path
    for address in (asked, before if came.netloc == request.get_host() else ""):
        if address and url_has_allowed_host_and_scheme(address, None):
            return address
    return "/"


class LanguageMiddleware:
    """The language the person has chosen; without a choice Chinese, whatever the browser's own language is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the chosen language."""
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        is_free = asked in dict(settings.LANGUAGES) and not request.path.startswith(UNCHANGED)
        with translation.override(asked if is_free else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if is_free and asked == "en" and isinstance(response, HttpResponse) and _is_page(response):
            response.content = mark_chinese(response.content.decode()).encode()
            response.headers["Content-Length"] = str(len(response.content))
        return response


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")
