"""预算项目: the lines of an agency with their figures, the ledger of each, and batches made of what waits."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.payments import check_payer
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exports, pay_batches
from yueban.kernel.errors import NotFound, ServiceError
from yueban.payments import selectors as payments
from yueban.payments.choices import BudgetMove
from yueban.payments.models import BudgetEntry, BudgetLine

LONGEST_TEXT = 60
SHOWN_ORDERS = 200
COLUMNS = (
    *("预算项目", "名称", "年度", "单位", "不足时", "预算（元）"),
    *("余额（元）", "预占（元）", "冻结（元）", "已拨（元）"),
)
ENTRY_COLUMNS = ("时间", "变动", "从", "到", "金额（元）", "申报编号")


def _found(request: DeskRequest) -> tuple[QuerySet[BudgetLine], dict[str, str]]:
    year, text = request.GET.get("year", ""), request.GET.get("text", "").strip()[:LONGEST_TEXT]
    rows = payments.lines_visible_to(request.actor).select_related("agency").order_by("-year", "name", "pk")
    if year.isdecimal() and len(year) == 4:
        rows = rows.filter(year=int(year))
    else:
        year = ""
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(key__icontains=text))
    return rows, {"year": year, "text": text}


@staff_only
@require_safe
def line_list(request: DeskRequest) -> HttpResponse:
    """The lines this person's agency pays from, the newest year first."""
    check_payer(request)
    rows, filters = _found(request)
    years = payments.lines_visible_to(request.actor).order_by("-year").values_list("year", flat=True)
    context = {
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "years": list(years.distinct()),
        **filters,
    }
    return desk_page(request, "desk/budgets.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The same lines as an Excel file."""
    check_payer(request)
    rows, filters = _found(request)
    exports.record(request.actor, what="预算项目", rows=rows.count(), filters=f"year={filters['year']}")
    return excel_response(_("预算项目"), COLUMNS, _rows(rows))


def _rows(lines: QuerySet[BudgetLine]) -> Iterator[tuple[Value, ...]]:
    for line in lines.iterator(chunk_size=500):
        yield (
            *(line.key, line.name, line.year, line.agency.short_name, str(line.get_shortfall_display())),
            *(line.total, line.balance, line.reserved, line.frozen, line.spent),
        )


def _entries(request: DeskRequest, line: BudgetLine) -> tuple[QuerySet[BudgetEntry], str]:
    kind = request.GET.get("kind", "")
    rows = payments.entries_of_line(line)
    return (rows.filter(kind=kind), kind) if kind in BudgetMove.values else (rows, "")


@staff_only
@require_safe
def line_page(request: DeskRequest, key: str, year: int) -> HttpResponse:
    """One line: where its money stands, how it came there, and what waits to be paid."""
    return _render(request, key, year)


@staff_only
@require_safe
def export_entries(request: DeskRequest, key: str, year: int) -> HttpResponseBase:
    """The ledger of a line as an Excel file, the oldest first."""
    check_payer(request)
    line = payments.get_line(request.actor, key, year)
    rows, kind = _entries(request, line)
    exports.record(request.actor, what=f"预算账目 {key} {year}", rows=rows.count(), filters=f"kind={kind}")
    return excel_response(_("预算账目"), ENTRY_COLUMNS, _entry_rows(rows.order_by("pk")))


def _entry_rows(entries: QuerySet[BudgetEntry]) -> Iterator[tuple[Value, ...]]:
    for entry in entries.iterator(chunk_size=500):
        yield (
            entry.at,
            str(entry.get_kind_display()),
            str(entry.get_from_part_display()),
            str(entry.get_to_part_display()),
            entry.amount,
            entry.reference_number,
        )


@staff_only
@require_POST
def make_batch(request: DeskRequest, key: str, year: int) -> HttpResponse:
    """经办: a batch of the orders that were ticked, or of all that are due."""
    check_payer(request)
    numbers = None if request.POST.get("go") == "all" else request.POST.getlist("orders")
    try:
        batch = pay_batches.make(
            request.actor,
            line_key=key,
            year=year,
            order_numbers=numbers,
            key=request.POST.get("key", "")[:40],
        )
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, key, year, error=error, status=error.status)
    messages.success(request, _("批次已编制，由另一位支付人员复核。"))
    return HttpResponseRedirect(reverse("desk:batch", args=[batch.number]))


def _render(
    request: DeskRequest, key: str, year: int, *, error: ServiceError | None = None, status: int = 200
) -> HttpResponse:
    check_payer(request)
    line = payments.get_line(request.actor, key, year)
    entries, kind = _entries(request, line)
    waiting = payments.payable_orders(line).order_by("made_at", "pk")
    may_make = pay_batches.may_act(request.actor, line.agency.code)
    context: dict[str, Any] = {
        "line": line,
        "page": page_of(request, entries),
        "query": query_without_page(request),
        "kind": kind,
        "kinds": BudgetMove.choices,
        "waiting_count": waiting.count(),
        "orders": list(waiting[:SHOWN_ORDERS]) if may_make else [],
        "may_make": may_make,
        "key": uuid.uuid4().hex,
        "error": error,
        "trail": [(_("预算项目"), reverse("desk:budgets")), (line.name, "")],
    }
    return desk_page(request, "desk/budget.html", context, status=status)
