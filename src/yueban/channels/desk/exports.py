"""我的导出: long lists that the worker writes into a file, how far each is, and the file itself."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState, ExportState
from yueban.cases.models import CaseExport
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.inbox import Filters
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of
from yueban.channels.shared.serving import stored_file_response
from yueban.claims import selectors as claims
from yueban.flows import export_cases as export_flow
from yueban.flows import export_claims, long_exports

UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def export_list(request: DeskRequest) -> HttpResponse:
    """What this person has had exported; with filters in the address, the list that he is about to."""
    if request.method == "POST":
        export = long_exports.ask(request.actor, _filters(request))
        return redirect("desk:export", export.number)
    filters = _filters(request)
    is_asked = "new" in request.GET or bool(filters)
    page = page_of(request, cases.exports_of(request.actor))
    found = list(page.object_list)
    context = {
        "page": page,
        "rows": list(zip(found, cases.told_all([one.filters for one in found]), strict=True)),
        "query": "",
        "is_asked": is_asked,
        "filters": filters,
        "told": cases.told(filters),
        "count": long_exports.count(request.actor, filters) if is_asked else 0,
        "most": export_flow.MOST_ROWS,
        "trail": _trail()[:1],
    }
    return desk_page(request, "desk/exports.html", context)


def _filters(request: HttpRequest) -> dict[str, str]:
    """Those of the form, or of the address: of claims, or of cases."""
    sent = request.POST if request.method == "POST" else request.GET
    if sent.get("list") == export_claims.LIST:
        return export_claims.filters_of(claims.checked_filters(sent.dict()))
    return Filters.of(request, CaseState.values).set_ones


@staff_only
@require_safe
def export_page(request: DeskRequest, number: str) -> HttpResponse:
    """How far the worker is, then the link to the file; the part that changes asks for itself."""
    export = cases.get_export(request.actor, number)
    context = {"export": export, **_progress(export), "trail": [*_trail(), (number, "")]}
    return desk_page(request, "desk/export.html", context)


def _progress(export: CaseExport) -> dict[str, object]:
    return {
        "told": cases.told(export.filters),
        "is_under_way": export.state in UNDER_WAY,
        "is_done": export.state == ExportState.DONE,
    }


@staff_only
@require_safe
def export_file(request: DeskRequest, number: str) -> FileResponse:
    """The whole file, for its asker alone."""
    return stored_file_response(long_exports.take(request.actor, number), is_download=True)


@staff_only
@require_POST
def delete_export(request: DeskRequest, number: str) -> HttpResponse:
    """Remove one with its file."""
    long_exports.delete(request.actor, number)
    messages.success(request, _("导出文件已删除。"))
    return redirect("desk:exports")


def _trail() -> list[tuple[str, str]]:
    return [(_("办件"), reverse("desk:cases")), (_("我的导出"), reverse("desk:exports"))]
