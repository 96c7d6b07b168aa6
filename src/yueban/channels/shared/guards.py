"""What every request and answer passes: no NUL characters in, no personal page kept by a shared computer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from yueban.channels.shared.errors import message_page

NUL = "\0"
Next = Callable[[HttpRequest], HttpResponseBase]


class NulMiddleware:
    """Refuses NUL characters, which no keyboard types and PostgreSQL cannot store, before any view sees them."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 422 in words, or pass on."""
        if not _has_nul(request):
            return self.get_response(request)
        text = _("内容里有看不见的控制字符，没有收下。")
        hint = _("请重新手工输入，不要从网页或聊天软件直接粘贴。")
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "text.invalid", "message": text, "hint": hint}, status=422)
        return message_page(request, 422, text=text, hint=hint)


class PersonalPageMiddleware:
    """A page made for a signed-in person is kept by no cache: the computer in the hall is shared."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark the answer unless the view has said otherwise."""
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


def _has_nul(request: HttpRequest) -> bool:
    if NUL in request.path:
        return True
    sent = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    return any(
        NUL in f"{name}{value}" for query in sent for name, values in query.lists() for value in values
    )
