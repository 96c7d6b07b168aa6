"""Beside uploading: signing a promise, using an earlier paper again, asking a source once more."""

from collections.abc import Callable, Mapping
from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yueban.cases import selectors as cases
from yueban.cases.choices import ENDED
from yueban.channels.portal.applications import SIGNED, materials_page
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.english import item_name
from yueban.flows import fall_back, prove
from yueban.flows.identify import actor_for
from yueban.kernel.errors import Invalid, ServiceError


@signed_in
@require_POST
def promise(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Sign a promise in place of a material, or take it back."""

    def act() -> None:
        actor = actor_for(request)
        if request.POST.get("act") == "take-back":
            prove.take_promise_back(actor, number, key)
            return
        if not request.POST.get("agreed"):
            raise Invalid(_("还没有勾选承诺。"), hint=_("请先看清承诺的内容，勾选后再签名。"))
        prove.promise(actor, number, key, request.POST.get("signed_name", ""))

    return _done(request, number, key, act, beside=SIGNED)


@signed_in
@require_POST
def use_again(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Let a paper handed in before serve again."""
    return _done(request, number, key, lambda: prove.use_again(actor_for(request), number, key))


@signed_in
@require_GET
def unproved(request: HttpRequest, number: str) -> HttpResponse:
    """What a department did not confirm: promise it or hand it in; the case goes on meanwhile."""
    return _unproved_page(request, number, {})


@signed_in
@require_POST
def unproved_file(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One file for what was not confirmed."""

    def act() -> None:
        sent = request.FILES.get("file")
        if sent is None:
            raise Invalid(_("还没有选择文件。"), hint=_("请先选择文件，再点“上传”。"))
        fall_back.attach(actor_for(request), number, key, cast("BinaryIO", sent), sent.name or "")

    return _otherwise(request, number, f"file-{key}", act)


@signed_in
@require_POST
def unproved_promise(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """A promise in place of what was not confirmed."""

    def act() -> None:
        if not request.POST.get("agreed"):
            raise Invalid(_("还没有勾选承诺。"), hint=_("请先看清承诺的内容，勾选后再签名。"))
        fall_back.promise(actor_for(request), number, key, request.POST.get("signed_name", ""))

    return _otherwise(request, number, f"{SIGNED}{key}", act)


def _otherwise(request: HttpRequest, number: str, place: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except ServiceError as error:
        if error.status in (404, 409):
            raise
        return _unproved_page(request, number, {place: _told(error)}, status=error.status)
    return redirect("portal:case", number)


def _unproved_page(
    request: HttpRequest, number: str, errors: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    found = cases.get_case(applicant_of(request), number)
    rows = cases.unproved(found)
    if not rows or found.state in ENDED:
        return redirect("portal:case", number)
    context = {
        "case": found,
        "rows": [
            {
                "material": row,
                "promise_text": cases.promise_text(found, row),
                "error": errors.get(f"file-{row.key}", ""),
                "unsigned": errors.get(f"{SIGNED}{row.key}", ""),
            }
            for row in rows
        ],
        "errors": list(errors.items()),
        "trail": [
            (_("我的办件"), reverse("portal:my")),
            (item_name(found.item_name), reverse("portal:case", args=[number])),
        ],
    }
    return render(request, "portal/unproved.html", context, status=status)


def _told(error: ServiceError) -> str:
    told = error.fields.get("signed_name", "") if isinstance(error, Invalid) else ""
    return told or f"{error.message}{error.hint}"


def _done(
    request: HttpRequest, number: str, key: str, act: Callable[[], object], *, beside: str = ""
) -> HttpResponse:
    application = cases.get_any_application(actor_for(request), number)
    try:
        act()
    except ServiceError as error:
        if error.status == 404:
            raise
        return materials_page(request, application, {beside + key: _told(error)}, status=error.status)
    return redirect(reverse("portal:materials", args=[number]) + f"#m-{key}")
