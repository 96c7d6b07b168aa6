"""Signing in and out, and keeping what was typed when a session has ended in the middle of a form."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yueban.accounts import selectors as accounts
from yueban.agencies import selectors as agencies
from yueban.divisions import selectors as divisions
from yueban.divisions.choices import DivisionLevel
from yueban.flows import identify, sessions
from yueban.flows.identify import actor_for
from yueban.kernel import roles
from yueban.kernel.actor import Actor

HELD = "held_form"
LONGEST_HELD = 300_000  # anybody may post: what is kept has an end
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def applicant_of(request: HttpRequest) -> Actor:
    """The person in his own matters alone: what his posts show him he sees at the desk, masked, never here."""
    return replace(actor_for(request), posts=())


def signed_in(view: View[P]) -> View[P]:
    """Only for people who are signed in; a form posted after the session ended is kept and restored."""

    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if actor_for(request).is_signed_in:
            return view(request, *args, **kwargs)
        if request.method == "POST" and "revision" in request.POST:
            hold(request)
        return _ask_to_sign_in(request)

    return checked


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" else _page_of(request)
    address = f"{reverse('portal:sign-in')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        # A part of a page cannot show the sign-in page: the status line says so, nothing typed is lost.
        return render(request, "portal/_signed_out.html", {"href": address}, status=401)
    return redirect(address)


def _page_of(request: HttpRequest) -> str:
    return request.POST.get("page", "")[:200] or request.path


def hold(request: HttpRequest) -> None:
    """Keep a posted form in the session until the person is back."""
    values = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    sealed = sessions.seal(values)
    if len(sealed) <= LONGEST_HELD:
        request.session[HELD] = {"page": _page_of(request), "values": sealed}


def take_held(request: HttpRequest) -> Mapping[str, list[str]] | None:
    """What was kept for this very page; given once."""
    held: Mapping[str, Any] | None = request.session.get(HELD)
    if held is None or held["page"] != request.path:
        return None
    del request.session[HELD]
    return sessions.open_sealed(held["values"])


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The demo cast, one click each; a real site signs in elsewhere."""
    if not settings.YUEBAN_DEMO:
        raise Http404
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = ""
    if request.method == "POST":
        identify.sign_in_demo(request, request.POST.get("username", ""))
        return HttpResponseRedirect(back or _first_page(actor_for(request)))
    context = {"groups": _cast(), "next": back, "held": HELD in request.session}
    return render(request, "portal/sign_in.html", context)


def _first_page(actor: Actor) -> str:
    return "/desk/" if actor.is_staff else reverse("portal:home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Back to the home page, signed out."""
    identify.sign_out(request)
    return redirect("portal:home")


# The staff of the demo by what they do, in the order in which a case meets them.
STAFF = (
    (gettext_noop("窗口人员和代办员"), {roles.CLERK, roles.HELPER}),
    (gettext_noop("审查、协查和决定"), {roles.REVIEWER, roles.CHECKER, roles.DECIDER}),
    (gettext_noop("支付、事项编制和监督"), {roles.PAYER, roles.EDITOR, roles.SUPERVISOR}),
    (gettext_noop("系统、安全和审计管理员"), {roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN, roles.AUDITOR}),
)


# The checkers of the city's departments are many and do one thing: a group of their own, after all others.
CITY_CHECKERS = gettext_noop("市级各部门核查人员")


def _is_city_checker(held: list[tuple[str, str]]) -> bool:
    return bool(held) and all(
        role == roles.CHECKER and divisions.level_of(place) == DivisionLevel.CITY for role, place in held
    )


def _cast() -> list[dict[str, Any]]:
    """Those who apply, then the staff in groups that are folded; each with who he is."""
    applicants: list[dict[str, Any]] = []
    city_checkers: list[dict[str, Any]] = []
    staff: list[list[dict[str, Any]]] = [[] for _group in STAFF]
    users = list(accounts.demo_users())
    posts = agencies.roles_by_user(user.pk for user in users)
    for user in users:
        held = posts.get(user.pk, [])
        lines = [user.demo_note] if user.demo_note else _lines(user.pk)
        does = {role for role, _place in held}
        found = (people for people, (_title, wanted) in zip(staff, STAFF, strict=True) if does & wanted)
        group = city_checkers if _is_city_checker(held) else next(found, applicants)
        group.append({"username": user.username, "name": user.name, "lines": lines})
    groups = [{"title": _("办事的人"), "people": applicants, "is_folded": False}]
    titled = [*((people, title) for people, (title, _held) in zip(staff, STAFF, strict=True))]
    for people, title in [*titled, (city_checkers, CITY_CHECKERS)]:
        groups.append({"title": _(title), "people": people, "is_folded": True})
    return [group for group in groups if group["people"]]


def _lines(user_id: int) -> list[str]:
    actor = identify.actor_of_user(user_id, channel="portal")
    found = [f"{post.agency_name} · {_(roles.NAMES.get(post.role, post.role))}" for post in actor.posts]
    return found or [party.name for party in actor.parties]
