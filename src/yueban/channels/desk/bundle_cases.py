"""一件事 at the desk: the parent with its children, and the window's one click that takes all of it in."""

import uuid
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from yueban.cases import selectors as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.models import BundleCase, Case
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.handed_in import SLIPS
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.serving import guarded_response, stored_file_response
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.flows import assist, assist_papers, bundle_window
from yueban.kernel.errors import NotFound, ServiceError
from yueban.kernel.reference import Reference


@staff_only
@require_safe
def bundle_case(request: DeskRequest, number: str) -> HttpResponse:
    """Where each child stands; its case is open to who may see it, of the others name and state are told."""
    return _page(request, cases.get_bundle_case(request.actor, number))


def _page(
    request: DeskRequest, found: BundleCase, *, error: ServiceError | None = None, status: int = 200
) -> HttpResponse:
    views = bundle_views(request, found)
    takeable = [
        view
        for view in views
        if view.case is not None
        and {CaseEvent.RECEIVE, CaseEvent.ACCEPT} & cases.moves_open_to(view.case, request.actor)
    ]
    context = {
        "bundle_case": found,
        "sentence": cases.bundle_sentence(found, views),
        "children": views,
        "takeable": takeable,
        "documents": list(documents.documents_of(Reference("bundle", found.number))),
        "error": error,
        "key": uuid.uuid4().hex,
        "is_new": "submitted" in request.GET,
        "may_assist": found.assisted_by_id is not None and assist.may_assist(request.actor, found),
    }
    return desk_page(request, "desk/bundle_case.html", context, status=status)


def bundle_views(request: DeskRequest, found: BundleCase) -> list[cases.ChildView]:
    """The children as this officer may see them."""
    visible = cases.cases_visible_to(request.actor).filter(bundle_child__bundle_case=found)
    return cases.child_views([found], seen=set(visible.values_list("pk", flat=True)))[found.pk]


def block_of(request: DeskRequest, case: Case) -> dict[str, Any]:
    """What the page of a child says of its siblings; nothing for an ordinary case."""
    if not case.in_bundle:
        return {}
    found = case.bundle_child.bundle_case
    return {"bundle_case": found, "siblings": bundle_views(request, found)}


@staff_only
@require_POST
def receive(request: DeskRequest, number: str) -> HttpResponse:
    """一次收件、一并受理; what could not be accepted is told with its reason."""
    try:
        done = bundle_window.receive_all(
            request.actor,
            number,
            revision=whole_number(request, "revision"),
            key=request.POST.get("key", "")[:40],
        )
    except NotFound:
        raise
    except ServiceError as error:
        found = cases.get_bundle_case(request.actor, number)
        return _page(request, found, error=error, status=error.status)
    said = _("已收件%(received)d项，受理%(accepted)d项，收件凭证已发给申请人。")
    messages.success(request, said % {"received": done.received, "accepted": done.accepted})
    for name, why in done.left:
        messages.warning(request, _("“%(name)s”没有受理：%(why)s") % {"name": name, "why": why})
    return HttpResponseRedirect(reverse("desk:bundle-case", args=[number]))


@staff_only
@xframe_options_sameorigin
@require_safe
def document(request: DeskRequest, number: str, code: str) -> FileResponse:
    """The one receipt, as PDF."""
    found = cases.get_bundle_case(request.actor, number)
    paper = documents.documents_of(Reference("bundle", found.number)).filter(verify_code=code).first()
    if paper is None or paper.file is None:
        raise DocumentNotFound(
            "这份文书还没有生成好，或不在这件办件里。", hint="文书在后台生成，请稍等片刻再打开。"
        )
    return stored_file_response(paper.file, is_download=request.GET.get("download") == "1")


@staff_only
@xframe_options_sameorigin
@require_safe
def slip(request: DeskRequest, number: str, kind: str) -> FileResponse:
    """The 80 mm slip or the large-print sheet of the whole, as it stands now."""
    if kind not in SLIPS:
        raise Http404
    pdf = assist_papers.bundle_slip(request.actor, number, SLIPS[kind])
    name = f"{number}-{kind}.pdf"
    return guarded_response(BytesIO(pdf), media_type="application/pdf", name=name, is_inline=True)
