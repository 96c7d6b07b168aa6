"""容缺补交 and 听证: what the applicant owes after acceptance, and his wish to be heard."""

import secrets
from collections.abc import Mapping
from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yueban.cases import selectors as cases
from yueban.channels.portal.matters import material_view
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.english import item_name
from yueban.channels.shared.posted import whole_number
from yueban.flows import hearing, tolerance
from yueban.flows.identify import actor_for
from yueban.kernel.errors import Invalid, ServiceError


@signed_in
@require_http_methods(["GET", "POST"])
def owed(request: HttpRequest, number: str) -> HttpResponse:
    """What is owed until when, and the word that it is there."""
    if request.method == "POST":
        try:
            tolerance.supply(
                actor_for(request),
                number,
                revision=whole_number(request, "revision"),
                key=request.POST.get("key", ""),
            )
        except Invalid as error:
            fields = error.fields or {"": str(error)}
            return _page(request, number, fields, _("还没有补齐"), status=error.status)
        return redirect("portal:case", number)
    return _page(request, number, {}, "")


@signed_in
@require_http_methods(["GET", "POST"])
def owed_file(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One file for one material that is owed. Reloading leads to the list."""
    if request.method == "GET":
        return redirect("portal:owed", number)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Invalid(_("还没有选择文件。"), hint=_("请先选择文件，再点“上传”。"))
        tolerance.attach(actor_for(request), number, key, cast("BinaryIO", sent), sent.name or "")
    except ServiceError as error:
        if error.status in (403, 404, 409):
            raise
        fields = {key: f"{error.message}{error.hint}"}
        return _page(request, number, fields, _("文件没有传上"), status=error.status)
    return redirect(reverse("portal:owed", args=[number]) + f"#m-{key}")


@signed_in
@require_POST
def ask_hearing(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant wants to be heard before the decision."""
    hearing.ask(
        actor_for(request),
        number,
        revision=whole_number(request, "revision"),
        key=request.POST.get("key", ""),
    )
    return redirect("portal:case", number)


def _page(
    request: HttpRequest, number: str, errors: Mapping[str, str], heading: str, *, status: int = 200
) -> HttpResponse:
    found = cases.get_case(applicant_of(request), number)
    rows = cases.owed(found)
    if not rows or found.accepted_at is None:
        return redirect("portal:case", number)
    shown = []
    for row in rows:
        files = row.files.select_related("file__precheck").filter(
            is_current=True, added_at__gte=found.accepted_at
        )
        fresh = [one.file for one in files]
        view = material_view(row) | {"files": fresh, "is_answered": bool(fresh)}
        shown.append(view | {"error": errors.get(row.key, "")})
    names = {row.key: row.name for row in rows}
    context = {
        "case": found,
        "until": rows[0].owed_until,
        "owed": shown,
        "errors": [
            (f"file-{key}" if key else "", f"{names[key]}：{message}" if key in names else message)
            for key, message in errors.items()
        ],
        "error_heading": heading,
        "key": secrets.token_hex(16),
        "trail": [
            (_("我的办件"), reverse("portal:my")),
            (item_name(found.item_name), reverse("portal:case", args=[number])),
        ],
    }
    return render(request, "portal/owed.html", context, status=status)
