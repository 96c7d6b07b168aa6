"""同标准: the same item at different agencies, compared; for every editor, because what is published is public."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.catalogue.same_standard import SameStandard, same_standard_report
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.items import check_editor
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exports

COLUMNS = ("事项", "基本编码", "比较项", "部门", "内容", "是否一致")


@staff_only
@require_safe
def same_standard(request: DeskRequest) -> HttpResponse:
    """The report: what differs first; all of them on demand."""
    check_editor(request.actor)
    report = same_standard_report()
    shows_all = bool(request.GET.get("all"))
    shown = report if shows_all else [one for one in report if one.differences]
    context = {
        "page": page_of(request, shown, 10),
        "query": query_without_page(request),
        "total": len(report),
        "differing": sum(1 for one in report if one.differences),
        "shows_all": shows_all,
        "trail": [(_("事项管理"), reverse("desk:items")), (_("同标准比对"), "")],
    }
    return desk_page(request, "desk/items_same.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The whole report as an Excel file, one line an agency and point."""
    check_editor(request.actor)
    report = same_standard_report()
    exports.record(request.actor, what="同标准比对", rows=len(report), filters="")
    return excel_response(_("同标准比对"), COLUMNS, _lines(report))


def _lines(report: list[SameStandard]) -> Iterator[tuple[Value, ...]]:
    for one in report:
        for point in one.points:
            for agency, said in zip(one.agencies, point.said, strict=True):
                yield (
                    one.name,
                    one.catalog_code,
                    point.label,
                    agency,
                    said,
                    "一致" if point.is_same else "不一致",
                )
