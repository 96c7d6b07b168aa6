"""预算项目: the lines of an agency with their figures, the ledger of each, and batches made of what waits."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.payments import check_payer
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import adjust_budget, exports, pay_batches
from yueban.flows.payables import not_due
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotFound, ServiceError
from yueban.payments import selectors as payments
from yueban.payments.choices import BudgetMove, ChangeState
from yueban.payments.models import BudgetEntry, BudgetLine, PaymentOrder

LONGEST_TEXT = 60
SHOWN_ORDERS = 200
SHOWN_CHANGES = 50
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


@staff_only
@require_POST
def change(request: DeskRequest, key: str, year: int, act: str) -> HttpResponse:
    """预算调整: propose, enter, refuse, or open the next year; a refusal shows the page with what was typed."""
    check_payer(request)
    do = CHANGES.get(act)
    if do is None:
        raise Http404
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        said, to_year = do(request.actor, key, year, typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, key, year, error=error, typed=typed, status=error.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:budget", args=[key, to_year]))


def _propose(actor: Actor, key: str, year: int, typed: Mapping[str, str]) -> tuple[str, int]:
    adjust_budget.propose(
        actor,
        key,
        year,
        kind=typed.get("kind", ""),
        amount=typed.get("amount", ""),
        reason=typed.get("reason", ""),
        document_number=typed.get("document_number", ""),
        key=typed.get("key", "")[:40],
    )
    return _("已提出，由另一位支付人员批准。"), year


def _enter(actor: Actor, key: str, year: int, typed: Mapping[str, str]) -> tuple[str, int]:
    adjust_budget.enter(actor, key, year, typed.get("number", ""), key=typed.get("key", "")[:40])
    return _("已批准，记入账目。"), year


def _refuse(actor: Actor, key: str, year: int, typed: Mapping[str, str]) -> tuple[str, int]:
    number, answer = typed.get("number", ""), typed.get("answer", "")
    adjust_budget.refuse(actor, key, year, number, answer=answer, key=typed.get("key", "")[:40])
    return _("没有批准，预算没有变动。"), year


def _open_next(actor: Actor, key: str, year: int, _typed: Mapping[str, str]) -> tuple[str, int]:
    return _("已新开，预算为零；请提出追加。"), adjust_budget.open_next_year(actor, key, year).year


CHANGES: dict[str, Callable[[Actor, str, int, Mapping[str, str]], tuple[str, int]]] = {
    "propose": _propose,
    "enter": _enter,
    "refuse": _refuse,
    "next": _open_next,
}


def _changes(actor: Actor, line: BudgetLine) -> dict[str, Any]:
    """What was changed, and what this person may do about it."""
    changes = list(payments.changes_of(line)[:SHOWN_CHANGES])
    proposed = next((one for one in changes if one.state == ChangeState.PROPOSED), None)
    may_act = pay_batches.may_act(actor, line.agency.code)
    return {
        "changes": changes,
        "open_change": proposed,
        "may_decide": may_act and proposed is not None and proposed.made_by_id != actor.user_id,
        "change_kinds": [
            {"value": BudgetMove.ALLOT, "label": _("追加")},
            {"value": BudgetMove.CUT, "label": _("调减")},
        ],
        "next_year": line.year + 1,
        "has_next_year": payments.find_line(line.key, line.year + 1) is not None,
    }


def _waiting(line: BudgetLine) -> list[PaymentOrder]:
    """What waits to go into a batch, each that is held back with the reason."""
    orders = list(
        payments.payable_orders(line).select_related("payee").order_by("made_at", "pk")[:SHOWN_ORDERS]
    )
    held = not_due(orders)
    for order in orders:
        order.why = held.get(order.pk, "")  # type: ignore[attr-defined]
    return orders


def _render(
    request: DeskRequest,
    key: str,
    year: int,
    *,
    error: ServiceError | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    check_payer(request)
    line = payments.get_line(request.actor, key, year)
    entries, kind = _entries(request, line)
    may_make = pay_batches.may_act(request.actor, line.agency.code)
    context: dict[str, Any] = {
        "line": line,
        "page": page_of(request, entries),
        "query": query_without_page(request),
        "kind": kind,
        "kinds": BudgetMove.choices,
        "waiting_count": payments.payable_orders(line).count(),
        "orders": _waiting(line) if may_make else [],
        "may_make": may_make,
        "key": uuid.uuid4().hex,
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed or {},
        **_changes(request.actor, line),
        "trail": [(_("预算项目"), reverse("desk:budgets")), (line.name, "")],
    }
    return desk_page(request, "desk/budget.html", context, status=status)
