"""One answer for every ServiceError and for 403, 404 and 500: what is wrong, why, what to do now."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from yueban.channels.shared.display import KIOSK
from yueban.kernel.errors import ServiceError


def _headings() -> dict[int, str]:
    return {
        400: _("这个请求没有看懂"),
        403: _("您不能进行这一步"),
        404: _("没有找到"),
        409: _("页面上的内容已经有了变化"),
        422: _("有内容需要修改"),
        500: _("这一步没有办成"),
    }


def message_page(
    request: HttpRequest, status: int, *, text: str, hint: str = "", code: str = "", heading: str = ""
) -> HttpResponse:
    """A page with one message and the way on."""
    links = [(_("回到首页"), "/"), (_("查进度"), reverse("portal:progress"))]
    if status == 409:
        fresh = request.get_full_path() if request.method == "GET" else _back(request)
        links.insert(0, (_("刷新页面，看最新内容"), fresh))
    template = "shared/message.html"
    if request.path.startswith(KIOSK):
        # No way out of the terminal: its own message, its own first screen.
        template, links = "kiosk/message.html", [one for one in links if one[1].startswith(KIOSK)]
    shown = heading or _headings().get(status, _("这一步没有办成"))
    context: dict[str, Any] = {"heading": shown, "text": text, "hint": hint}
    context |= {"links": links, "status": status, "code": code}
    return render(request, template, context, status=status)


def _back(request: HttpRequest) -> str:
    referer = urlsplit(request.headers.get("Referer", ""))
    path = referer.path
    is_own = referer.netloc == request.get_host() and path.startswith("/") and not path.startswith("//")
    return path if is_own else request.path


class ServiceErrorMiddleware:
    """Turns a ServiceError that a view lets through into its page, or into one line for htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django when a view raises."""
        if not isinstance(error, ServiceError):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(
                render_to_string("shared/_problem.html", {"error": error}, request=request),
                status=error.status,
            )
        return message_page(request, error.status, text=error.message, hint=error.hint, code=error.code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: handler400 of the site; a request too large or not understood."""
    return message_page(
        request,
        400,
        text=_("这次提交的内容太多或者不完整，没有收下；已经自动保存的内容都还在。"),
        hint=_("请减少一次提交的内容，文件名改短一些，再试一次。"),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: handler403 of the site."""
    return message_page(
        request,
        403,
        text=_("这个页面只有办事人本人或承办人员能打开。"),
        hint=_("请换用有权限的账号登录，或回到首页。"),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form that came without its token: usually an old page after signing in again."""
    return message_page(
        request,
        403,
        text=_("这个页面打开得太久，安全标记已经失效，刚才的内容没有提交。"),
        hint=_("请返回上一页，刷新后再提交；已经自动保存的内容不会丢。"),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: handler404 of the site."""
    return message_page(
        request,
        404,
        text=_("没有这个网页，可能是地址写错了，或者内容已经搬走。"),
        hint=_("可以从首页搜索您想办的事。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: handler500 of the site; nothing was half done, for every change is one transaction."""
    return message_page(
        request,
        500,
        text=_("程序出了错，刚才这一步没有完成，已经保存的内容都还在。"),
        hint=_("请过一会儿再试；如果还是不行，请拨打 12345，告诉他们您在办什么、停在哪一步。"),
    )
