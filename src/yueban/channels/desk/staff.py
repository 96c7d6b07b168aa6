"""人员与岗位: staff with their posts; the system administrator asks, the security administrator reviews."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.accounts import selectors as accounts
from yueban.accounts.errors import AccountNotFound
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.agencies.choices import Role
from yueban.audit import selectors as audit
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.sayings import said_of
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.divisions.selectors import prefix_of
from yueban.flows import administer
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed, NotFound, ServiceError
from yueban.kernel.reference import Reference

MANAGING = (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN)
RECENT = 50


@dataclass(frozen=True)
class Happening:
    """One line of a person's history: what, when, by whom, which post."""

    at: datetime
    title: str
    by: str
    text: str
    kind: str = ""


def check_role(request: DeskRequest, *allowed: str) -> str:
    """The prefix of the division in which the administrator works; a refusal for everybody else."""
    for post in request.actor.posts:
        if post.role in allowed:
            return prefix_of(post.division)
    names = "、".join(roles.NAMES[role] for role in allowed)
    raise NotAllowed(_("这个页面由%(names)s使用。") % {"names": names}, hint=_("请用对应岗位的账号登录。"))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: DeskRequest) -> HttpResponse:
    """Who works here and as what; the system administrator also makes accounts."""
    within = check_role(request, *MANAGING)
    if request.method == "POST":
        return _create(request, within)
    return _people(request, within, {})


def _create(request: DeskRequest, within: str) -> HttpResponse:
    typed = {name: request.POST.get(name, "").strip()[:100] for name in ("username", "name")}
    try:
        user, password = administer.create_account(request.actor, **typed)
    except ServiceError as error:
        return _people(request, within, typed, error=error, status=error.status)
    # Told once, on this very page: it is written down nowhere.
    return _people(
        request, within, {}, told={"name": user.name, "username": user.username, "password": password}
    )


def _people(
    request: DeskRequest,
    within: str,
    typed: Mapping[str, str],
    *,
    error: ServiceError | None = None,
    told: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = {name: request.GET.get(name, "").strip()[:60] for name in ("text", "role", "agency")}
    context = {
        "page": page_of(request, agencies.staff_within(within, **chosen)),
        "query": query_without_page(request),
        "chosen": chosen,
        "roles": Role.choices,
        "waiting": agencies.requests_within(within, is_waiting=True).count(),
        "may_create": request.actor.has_role(roles.SYSTEM_ADMIN),
        "may_review": request.actor.has_role(roles.SECURITY_ADMIN),
        "told": told,
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
    }
    return desk_page(request, "desk/people.html", context, status=status)


@staff_only
@require_safe
def person(request: DeskRequest, username: str) -> HttpResponse:
    """One person: posts, requests, what has happened to the account."""
    check_role(request, *MANAGING)
    return _person(request, username, {})


@staff_only
@require_POST
def person_step(request: DeskRequest, username: str, act: str) -> HttpResponse:
    """Ask for a post or its end, deactivate, reset, unlock."""
    check_role(request, *MANAGING)
    do = STEPS.get(act)
    if do is None:
        raise Http404
    typed = {name: str(value)[:500] for name, value in request.POST.items()}
    try:
        said = do(request.actor, username, typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _person(request, username, typed, error=error, status=error.status)
    if act == "reset":
        return _person(request, username, {}, password=said)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:person", args=[username]))


def _ask(actor: Actor, username: str, typed: Mapping[str, str]) -> str:
    found = administer.ask_for_post(
        actor,
        username=username,
        role=typed.get("role", ""),
        agency=typed.get("agency", ""),
        division=typed.get("division", ""),
        reason=typed.get("reason", ""),
    )
    return _("授岗申请 %(number)s 已提出，等安全管理员复核。") % {"number": found.number}


def _end(actor: Actor, username: str, typed: Mapping[str, str]) -> str:
    role, agency, division = ([*typed.get("post", "").split("|"), "", "", ""])[:3]
    found = administer.ask_to_end_post(
        actor,
        username=username,
        role=role,
        agency=agency,
        division=division,
        reason=typed.get("end_reason", ""),
    )
    return _("收岗申请 %(number)s 已提出，等安全管理员复核。") % {"number": found.number}


def _deactivate(actor: Actor, username: str, _typed: Mapping[str, str]) -> str:
    administer.deactivate_account(actor, username)
    return _("账号已停用，下一次操作起不能再用。")


def _reset(actor: Actor, username: str, _typed: Mapping[str, str]) -> str:
    return administer.reset_account(actor, username)


def _unlock(actor: Actor, username: str, _typed: Mapping[str, str]) -> str:
    administer.unlock(actor, username)
    return _("锁定已解除。")


STEPS: dict[str, Callable[[Actor, str, Mapping[str, str]], str]] = {
    "ask": _ask,
    "end": _end,
    "deactivate": _deactivate,
    "reset": _reset,
    "unlock": _unlock,
}


def _person(
    request: DeskRequest,
    username: str,
    typed: Mapping[str, str],
    *,
    error: ServiceError | None = None,
    password: str = "",
    status: int = 200,
) -> HttpResponse:
    found = _find(request, username)
    context: dict[str, Any] = {
        "person": found,
        "posts": list(agencies.posts_held_by(found)),
        "requests": list(agencies.requests_for(found)[:RECENT]),
        "events": _history(found),
        "roles": Role.choices,
        "agencies": [
            (row.code, row.name) for row in agencies.agencies_in(request.actor.posts[0].division)[:500]
        ],
        "is_system_admin": request.actor.has_role(roles.SYSTEM_ADMIN),
        "is_security_admin": request.actor.has_role(roles.SECURITY_ADMIN),
        "is_self": found.pk == request.actor.user_id,
        "password": password,
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "trail": [(_("人员与岗位"), reverse("desk:people")), (found.name, "")],
    }
    return desk_page(request, "desk/person.html", context, status=status)


def _find(request: DeskRequest, username: str) -> User:
    """Somebody of the administrator's division, or an account without posts; anybody else is not found."""
    within = check_role(request, *MANAGING)
    found = accounts.find_by_username(username)
    if found is None or not agencies.staff_within(within, text=username).filter(pk=found.pk).exists():
        raise AccountNotFound(_("没有找到这个账号。"), hint=_("请从“人员与岗位”进入。"))
    return found


def _history(user: User) -> list[Happening]:
    rows = list(audit.events_of(Reference("user", str(user.pk))).order_by("-seq")[:RECENT])
    say = posts_in_words(event.data for event in rows)
    return [
        Happening(event.at, said_of(event.kind), event.actor.get("name", ""), say(event.data))
        for event in rows
    ]


def posts_in_words(data: Iterable[Mapping[str, object]]) -> Callable[[Mapping[str, object]], str]:
    """How to say the post that an event is about: 审查人员 · 越城区交通运输局; the agencies are read at once."""
    offices = agencies.agencies_named({str(one.get("agency", "")) for one in data})

    def say(one: Mapping[str, object]) -> str:
        office = offices.get(str(one.get("agency", "")))
        words = (roles.NAMES.get(str(one.get("role", "")), ""), office.short_name if office else "")
        return " · ".join(filter(None, words))

    return say


@staff_only
@require_safe
def requests(request: DeskRequest) -> HttpResponse:
    """Requests for posts: those that wait, and what was decided lately."""
    within = check_role(request, *MANAGING)
    context = {
        "waiting": list(agencies.requests_within(within, is_waiting=True)[:200]),
        "page": page_of(request, agencies.requests_within(within, is_waiting=False)),
        "query": query_without_page(request),
        "may_review": request.actor.has_role(roles.SECURITY_ADMIN),
    }
    return desk_page(request, "desk/post_requests.html", context)


@staff_only
@require_POST
def review(request: DeskRequest, number: str) -> HttpResponse:
    """Approve or refuse one request."""
    check_role(request, roles.SECURITY_ADMIN)
    is_approved = request.POST.get("decision") == "approve"
    try:
        found = administer.review_request(
            request.actor, number, is_approved=is_approved, words=request.POST.get("words", "")[:500]
        )
    except ServiceError as error:
        messages.error(
            request, f"{'；'.join(getattr(error, 'fields', {}).values()) or error.message}{error.hint}"
        )
    else:
        messages.success(request, f"{found.user.name}：{found.get_state_display()}")
    return HttpResponseRedirect(reverse("desk:post-requests"))
