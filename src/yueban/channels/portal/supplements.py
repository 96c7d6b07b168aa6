"""补正: the notice of all that is missing, and the answer to it."""

import secrets
from collections.abc import Mapping
from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState, MaterialState
from yueban.channels.portal.matters import material_view
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.english import item_name
from yueban.channels.shared.posted import whole_number
from yueban.flows import supplement as supplement_flow
from yueban.flows.identify import actor_for
from yueban.kernel.errors import Invalid, ServiceError


@signed_in
@require_http_methods(["GET", "POST"])
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """The one notice of all that is missing, and the answer to it."""
    actor = actor_for(request)
    if request.method == "POST":
        try:
            supplement_flow.supply(
                actor, number, revision=whole_number(request, "revision"), key=request.POST.get("key", "")
            )
        except Invalid as error:
            return _supplement_page(
                request, number, error.fields or {"": str(error)}, _("还没有补齐"), status=error.status
            )
        return redirect("portal:case", number)
    return _supplement_page(request, number, {}, "")


@signed_in
@require_http_methods(["GET", "POST"])
def supplement_file(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One file for one material of the notice. Reloading leads to the notice."""
    if request.method == "GET":
        return redirect("portal:supplement", number)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Invalid(_("还没有选择文件。"), hint=_("请先选择文件，再点“上传”。"))
        supplement_flow.attach(actor_for(request), number, key, cast("BinaryIO", sent), sent.name or "")
    except ServiceError as error:
        if error.status in (403, 404, 409):
            raise
        return _supplement_page(
            request, number, {key: f"{error.message}{error.hint}"}, _("文件没有传上"), status=error.status
        )
    return redirect(reverse("portal:supplement", args=[number]) + f"#m-{key}")


def _supplement_page(
    request: HttpRequest, number: str, errors: Mapping[str, str], heading: str, *, status: int = 200
) -> HttpResponse:
    found = cases.get_case(applicant_of(request), number)
    notice = found.supplements.filter(answered_at=None).first()
    if found.state != CaseState.SUPPLEMENTING or notice is None:
        return redirect("portal:case", number)
    rows = (
        found.materials.filter(state=MaterialState.ASKED)
        .prefetch_related("files__file__precheck")
        .order_by("position")
    )
    asked = []
    for row in rows:
        fresh = [one.file for one in row.files.all() if one.is_current and one.added_at >= notice.asked_at]
        asked.append(
            material_view(row)
            | {"files": fresh, "is_answered": bool(fresh), "error": errors.get(row.key, "")}
        )
    names = {row["key"]: row["name"] for row in asked}
    context = {
        "case": found,
        "supplement": notice,
        "asked": asked,
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
    return render(request, "portal/supplement.html", context, status=status)
