"""运行系统对账: the cases that run in other systems, as a list and as Excel, and the comparison with their list."""

from collections.abc import Iterator
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.cases import selectors as cases
from yueban.cases.choices import RelayOutcome
from yueban.cases.models import Relay
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exports, reconcile
from yueban.flows.systems import find_system, systems
from yueban.kernel.errors import Invalid, ServiceError

COLUMNS = (
    "编号",
    "状态",
    "说明",
    "办件编号",
    "事项",
    "运行系统",
    "结果",
    "收件窗口",
    "记回时间",
    "状态时间",
)
SHOWN = 200


def _found(request: DeskRequest) -> tuple[QuerySet[Relay], str, str]:
    system, outcome = request.GET.get("system", ""), request.GET.get("outcome", "")
    rows = cases.relays_visible_to(request.actor).order_by("-entered_at", "-pk")
    system = system if find_system(system) else ""
    outcome = outcome if outcome in RelayOutcome.values else ""
    rows = rows.filter(system=system) if system else rows
    return (rows.filter(outcome=outcome) if outcome else rows), system, outcome


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def relay_list(request: DeskRequest) -> HttpResponse:
    """The list, those without a number first; a POST compares a system's own list with it."""
    rows, system, outcome = _found(request)
    chosen = [one for one in systems() if system in ("", one.key)]
    context: dict[str, Any] = {
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "systems": [{"value": one.key, "label": one.name} for one in systems()],
        "outcomes": [{"value": value, "label": label} for value, label in RelayOutcome.choices],
        "system": request.POST.get("system") or system,
        "outcome": outcome,
        "waiting": [case for one in chosen for case in reconcile.awaiting(request.actor, one)][:SHOWN],
    }
    status = 200
    if request.method == "POST":
        try:
            context["found"] = _compare(request)
        except ServiceError as error:
            context["error"], status = error, error.status
    return desk_page(request, "desk/relays.html", context, status=status)


def _compare(request: DeskRequest) -> reconcile.Reconciliation:
    sent = cast("UploadedFile[bytes] | None", request.FILES.get("file"))
    if sent is None:
        raise Invalid(_("还没有选择文件。"), hint=_("请选择从运行系统导出的 .xlsx 清单。"))
    content = b"".join(sent.chunks())
    return reconcile.reconcile(
        request.actor,
        request.POST.get("system", ""),
        content,
        name=sent.name or "",
        writes=request.POST.get("writes") == "1",
    )


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The list as it is narrowed; its first columns are those that a comparison reads."""
    rows, system, outcome = _found(request)
    lines = list(_lines(rows))
    exports.record(
        request.actor, what="运行系统办件", rows=len(lines), filters=f"system={system}&outcome={outcome}"
    )
    return excel_response(_("运行系统办件"), COLUMNS, lines)


def _lines(rows: QuerySet[Relay]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        yield (
            row.receipt_number,
            row.status,
            "",
            row.case.number,
            row.case.item_name,
            row.system_name,
            row.get_outcome_display(),
            row.case.intake_agency.short_name,
            row.entered_at,
            row.status_at,
        )
