"""After handing in: the papers for the person, how it goes, supplements and the result on his behalf."""

import secrets
from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from yueban.cases import selectors as cases
from yueban.cases.choices import CaseEvent, CaseState, MaterialState
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.form_view import chosen_delivery
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.serving import guarded_response
from yueban.documents.choices import SlipKind
from yueban.flows import assist, assist_papers
from yueban.kernel.errors import Invalid, NotFound, ServiceError
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments

SLIPS = {"slip": SlipKind.NARROW, "large": SlipKind.LARGE}


@staff_only
@require_safe
def handed_in(request: DeskRequest, number: str) -> HttpResponse:
    """The case as its desk sees it: print, follow, supplement, collect."""
    return _page(request, number)


def _page(
    request: DeskRequest,
    number: str,
    *,
    error: ServiceError | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    case = cases.get_case(request.actor, number)
    may_assist = assist.may_assist(request.actor, case)
    notice = case.supplements.filter(answered_at=None).first() if may_assist else None
    asked: list[dict[str, Any]] = []
    if notice is not None and case.state == CaseState.SUPPLEMENTING:
        rows = case.materials.filter(state=MaterialState.ASKED).prefetch_related("files__file")
        asked = [
            {
                "row": row,
                "files": [
                    one.file for one in row.files.all() if one.is_current and one.added_at >= notice.asked_at
                ],
            }
            for row in rows.order_by("position")
        ]
    fields = error.fields if isinstance(error, Invalid) else {}
    context = {
        "case": case,
        "step": cases.next_step(case),
        "timeline": cases.timeline(case, for_staff=True),
        "is_new": "submitted" in request.GET,
        "may_assist": may_assist,
        "is_helper": may_assist and assist.is_helper(request.actor),
        "notice": notice,
        "asked": asked,
        "may_collect": may_assist and CaseEvent.DELIVER in cases.moves_open_to(case, request.actor),
        "delivery": (typed or {}).get("method") or chosen_delivery(case),
        "typed": typed or {},
        "error": error,
        "errors": list(fields.items()) or ([("", f"{error.message}{error.hint}")] if error else []),
        "key": secrets.token_hex(16),
        "payments": list(payments.orders_of(Reference("case", case.number))),
        "trail": [(_("受理"), reverse("desk:intake"))],
    }
    return desk_page(request, "desk/handed_in.html", context, status=error.status if error else 200)


@staff_only
@xframe_options_sameorigin
@require_safe
def slip(request: DeskRequest, number: str, kind: str) -> FileResponse:
    """The 80 mm slip or the large-print sheet, as the case stands now."""
    if kind not in SLIPS:
        raise Http404
    pdf = assist_papers.case_slip(request.actor, number, SLIPS[kind])
    name = f"{number}-{kind}.pdf"
    return guarded_response(BytesIO(pdf), media_type="application/pdf", name=name, is_inline=True)


@staff_only
@require_POST
def supplement(request: DeskRequest, number: str) -> HttpResponse:
    """Every file chosen is taken; 提交补正 sends the answer."""
    actor, posted = request.actor, request.POST
    try:
        for name in request.FILES:
            if name.startswith("file-"):
                sent = cast("UploadedFile[bytes]", request.FILES[name])
                key, upload = name.removeprefix("file-"), cast("BinaryIO", sent)
                assist.attach_supplement(actor, number, key, upload, sent.name or "")
        if posted.get("send"):
            assist.supply(
                actor, number, revision=whole_number(request, "revision"), key=posted.get("key", "")
            )
    except NotFound:
        raise
    except ServiceError as error:
        return _page(request, number, error=error)
    return HttpResponseRedirect(reverse("desk:handed-in", args=[number]))


@staff_only
@require_POST
def collect(request: DeskRequest, number: str) -> HttpResponse:
    """领取结果: by a helper on his mandate, or at the window by the person himself."""
    posted = request.POST
    try:
        assist.collect(
            request.actor,
            number,
            method=posted.get("method", ""),
            proof=posted.get("proof", ""),
            revision=whole_number(request, "revision"),
            key=posted.get("key", ""),
        )
    except NotFound:
        raise
    except ServiceError as error:
        return _page(request, number, error=error, typed=posted.dict())
    return HttpResponseRedirect(reverse("desk:handed-in", args=[number]))
