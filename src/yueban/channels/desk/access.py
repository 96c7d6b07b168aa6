"""Who may enter the desk, and how a refusal looks there: one decorator around every desk page."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from yueban.cases import selectors as cases
from yueban.channels.shared.devices import mark_counter
from yueban.flows import identify
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed, ServiceError

_HEADINGS = {
    403: gettext_lazy("您不能进行这一步"),
    404: gettext_lazy("没有找到"),
    409: gettext_lazy("页面上的内容已经有了变化"),
    422: gettext_lazy("有内容需要修改"),
}
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class DeskRequest(HttpRequest):
    """A request that `staff_only` has let in: it carries the member of staff who acts."""

    actor: Actor


def staff_only(view: Callable[Concatenate[DeskRequest, P], HttpResponseBase]) -> View[P]:
    """Let in whoever holds a post; others sign in or get a clear 403. A ServiceError becomes a page."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = desk_actor(request)
        if not actor.is_signed_in:
            return _signed_out(request)
        if not actor.is_staff:
            return error_page(
                request,
                NotAllowed(
                    _("工作台只对工作人员开放，您的账号没有岗位。"),
                    hint=_("办自己的事请回首页；如需岗位，请联系本单位的系统管理员。"),
                ),
            )
        request.actor = actor  # type: ignore[attr-defined]
        try:
            response = view(request, *args, **kwargs)  # type: ignore[arg-type]
        except ServiceError as error:
            response = error_page(request, error)
        mark_counter(request, response)
        return response

    return guarded


WHY_OVER = {
    "posts": gettext_lazy("您的岗位有变动，这一步没有办成。请重新登录。"),
    "idle": gettext_lazy("太久没有操作，登录已结束，这一步没有办成。请重新登录。"),
    "long": gettext_lazy("登录已满最长时间，这一步没有办成。请重新登录。"),
}
# What a form carries for the machine, not typed by anybody.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "key", "revision", "next", "page", "act"})


def _signed_out(request: HttpRequest) -> HttpResponse:
    """On to the sign-in; what was typed into a page whose session is over is shown, so that nothing is lost."""
    address = sign_in_address(request.get_full_path() if request.method == "GET" else "/desk/")
    why = identify.why_signed_out(request)
    if request.method != "POST" or not why:
        return HttpResponseRedirect(address)
    typed = [text for name in request.POST if name not in NOT_TYPED for text in request.POST.getlist(name)]
    context = {
        "heading": _("登录已结束"),
        "text": WHY_OVER[why],
        "hint": _("您刚才填写的内容在下面，可以复制下来。") if any(typed) else "",
        "typed": [text for text in typed if text],
        "links": [(_("重新登录"), address)],
        "status": 401,
    }
    return render(request, "shared/message.html", context, status=401)


def sign_in_address(back: str) -> str:
    """Where staff sign in: with one click in the demo, with password and code elsewhere."""
    page = settings.LOGIN_URL if settings.YUEBAN_DEMO else reverse("desk:sign-in")
    return f"{page}?{urlencode({'next': back})}"


def desk_actor(request: HttpRequest) -> Actor:
    """The actor by his posts alone: at the desk nobody works on matters of his own."""
    return replace(identify.actor_for(request, channel="desk"), channel="desk", parties=())


def error_page(request: HttpRequest, error: ServiceError) -> HttpResponse:
    """A page that says what is wrong, why and what to do, with the error's own status."""
    actor = desk_actor(request)
    back = [(_("回到待办"), reverse("desk:inbox"))]
    if cases.intake_posts(actor):
        back.insert(0, (_("回到受理"), reverse("desk:intake")))
    context = {
        "heading": _HEADINGS.get(error.status, _("这一步没有办成")),
        "text": error.message,
        "hint": error.hint,
        "links": [*back, (_("首页"), "/")] if actor.is_staff else [(_("首页"), "/")],
        "status": error.status,
        "code": error.code,
    }
    return render(request, "shared/message.html", context, status=error.status)
