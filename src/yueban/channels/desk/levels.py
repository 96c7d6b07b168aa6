"""下沉矩阵 at the desk: the same as the public sees, with what is told and not used, and as an Excel file."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared import level_words as words
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exports, levels
from yueban.kernel import clock

PER_PAGE = 24
COLUMNS = ("事项标识", "事项", "层级", "做什么", "适用条件", "委托或授权依据", "近一年收件", "近一年办结")


@staff_only
@require_safe
def level_list(request: DeskRequest) -> HttpResponse:
    """Every item with its levels."""
    asked = words.Asked.of(request)
    page = page_of(request, levels.level_rows(asked.county, level=asked.level, act=asked.act), PER_PAGE)
    context = {
        "asked": asked,
        "counties": words.county_options(),
        "levels": words.options(words.level_names()),
        "acts": words.options(words.act_names()),
        "heads": list(words.level_names().values()),
        "page": page,
        "rows": [words.row_view(row) for row in page.object_list],
        "query": query_without_page(request),
        "as_of": clock.today(),
    }
    return desk_page(request, "desk/levels.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The matrix as it is narrowed on the page, one row an item and level."""
    asked = words.Asked.of(request)
    rows = list(_lines(levels.level_rows(asked.county, level=asked.level, act=asked.act)))
    exports.record(request.actor, what="下沉矩阵", rows=len(rows), filters=asked.query)
    return excel_response(_("下沉矩阵"), COLUMNS, rows)


def _lines(rows: list[levels.Row]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        for cell in words.row_view(row).cells:
            if not cell.is_empty:
                yield (
                    row.key,
                    row.name,
                    cell.level,
                    "、".join(line.act for line in cell.lines),
                    "；".join(line.condition for line in cell.lines if line.condition),
                    "；".join(line.paper for line in cell.lines if line.paper),
                    cell.received,
                    cell.decided,
                )
