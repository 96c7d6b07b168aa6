"""拨付批次: the list, one batch with its four steps, its file and the bank's answer."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.audit import selectors as audit
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.payments import check_payer
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.serving import disposition
from yueban.flows import exports, pay_batches
from yueban.kernel import money
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotFound, ServiceError
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments
from yueban.payments.choices import BatchState
from yueban.payments.models import BatchRow, PaymentBatch

LARGEST_ANSWER = 16 * 1024 * 1024
COLUMNS = (
    *(
        "批次编号",
        "批次",
        "预算项目",
        "年度",
        "付款单位",
        "批次状态",
        "序号",
        "支付单号",
        "收款人",
        "账号尾号",
    ),
    *("金额（元）", "结果", "说明", "申报编号", "编制时间", "发送时间", "到账时间"),
)
Step = Callable[[Actor, str, int | None, Mapping[str, str]], str]


def _found(request: DeskRequest) -> tuple[QuerySet[PaymentBatch], str]:
    state = request.GET.get("state", "")
    rows = payments.batches_visible_to(request.actor).select_related("line", "agency")
    rows = rows.order_by("-made_at", "-pk")
    return (rows.filter(state=state), state) if state in BatchState.values else (rows, "")


@staff_only
@require_safe
def batch_list(request: DeskRequest) -> HttpResponse:
    """The batches of this person's agency, the newest first."""
    check_payer(request)
    rows, state = _found(request)
    context = {
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "state": state,
        "states": BatchState.choices,
    }
    return desk_page(request, "desk/batches.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The orders of the batches that the filter finds, as an Excel file; of accounts only the tail."""
    check_payer(request)
    batches, state = _found(request)
    rows = payments.rows_of_batches(batches)
    exports.record(request.actor, what="拨付批次", rows=rows.count(), filters=f"state={state}")
    return excel_response(_("拨付批次"), COLUMNS, _rows(rows))


@staff_only
@require_safe
def export_rows(request: DeskRequest, number: str) -> HttpResponseBase:
    """The orders of one batch as an Excel file."""
    batch = payments.get_batch(request.actor, number)
    rows = payments.rows_of_batches(PaymentBatch.objects.filter(pk=batch.pk))
    exports.record(request.actor, what=f"拨付批次 {number}", rows=rows.count(), filters="")
    return excel_response(_("拨付批次明细"), COLUMNS, _rows(rows))


def _rows(rows: QuerySet[BatchRow]) -> Iterator[tuple[Value, ...]]:
    for row in rows.iterator(chunk_size=500):
        batch, order = row.batch, row.order
        yield (
            *(batch.number, batch.name, batch.line.name, batch.line.year, batch.agency.short_name),
            *(str(batch.get_state_display()), row.position, order.number, order.payee_name),
            *(order.account_tail, row.amount, str(row.get_state_display()), row.note, order.reference_number),
            *(batch.made_at, batch.released_at, order.ended_at),
        )


@staff_only
@require_safe
def batch_page(request: DeskRequest, number: str) -> HttpResponse:
    """One batch: what is in it, who took which step, what the bank said."""
    return _render(request, number, {})


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Check, approve, release or dissolve; a refusal shows the page as it is now."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        said = do(request.actor, number, whole_number(request, "revision"), typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, number, typed, error=error, status=error.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:batch", args=[number]))


def _check(actor: Actor, number: str, revision: int | None, typed: Mapping[str, str]) -> str:
    pay_batches.check(actor, number, revision=revision, key=typed.get("key", "")[:40])
    return _("已复核，由第三位支付人员批准。")


def _approve(actor: Actor, number: str, revision: int | None, typed: Mapping[str, str]) -> str:
    pay_batches.approve(actor, number, revision=revision, key=typed.get("key", "")[:40])
    return _("已批准，由第四位支付人员发送银行。")


def _release(actor: Actor, number: str, revision: int | None, typed: Mapping[str, str]) -> str:
    batch = pay_batches.release(actor, number, revision=revision, key=typed.get("key", "")[:40])
    if batch.state == BatchState.DISSOLVED:
        return _("今天没有一笔可以付，批次已撤销；原因见各行。")
    return _("已发送银行，回单到了会自动登记。")


def _dissolve(actor: Actor, number: str, revision: int | None, typed: Mapping[str, str]) -> str:
    reason = typed.get("reason", "")
    pay_batches.dissolve(actor, number, reason=reason, revision=revision, key=typed.get("key", "")[:40])
    return _("批次已撤销，支付单可以重新编制。")


STEPS: dict[str, Step] = {
    "check": _check,
    "approve": _approve,
    "release": _release,
    "dissolve": _dissolve,
}
# Which step follows each state, and by whom it must not be taken.
NEXT: dict[str, tuple[str, tuple[str, ...]]] = {
    BatchState.MADE: ("check", ("made_by_id",)),
    BatchState.CHECKED: ("approve", ("made_by_id", "checked_by_id")),
    BatchState.APPROVED: ("release", ("made_by_id", "checked_by_id", "approved_by_id")),
}


@staff_only
@require_POST
def answer(request: DeskRequest, number: str) -> HttpResponse:
    """回单: a file brought from the bank, taken whole or not at all."""
    upload = request.FILES.get("answer")
    try:
        if upload is None or not upload.size or upload.size > LARGEST_ANSWER:
            raise Invalid.of_fields({"answer": _("请选择银行给的回单文件，不超过 16 MB。")})
        settled = pay_batches.read_answer(request.actor, number, upload.read())
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, number, {}, error=error, status=error.status)
    if settled.is_new:
        said = _("回单已登记：到账 %(paid)s 笔，退回 %(returned)s 笔。")
        messages.success(request, said % {"paid": len(settled.paid), "returned": len(settled.returned)})
    else:
        messages.info(request, _("这份回单以前登记过，账目没有变动。"))
    return HttpResponseRedirect(reverse("desk:batch", args=[number]))


@staff_only
@require_safe
def batch_file(request: DeskRequest, number: str) -> HttpResponse:
    """The file for a bank without a line; who took it is kept."""
    name, content = pay_batches.download(request.actor, number)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(name, is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


def _render(
    request: DeskRequest,
    number: str,
    typed: Mapping[str, str],
    *,
    error: ServiceError | None = None,
    status: int = 200,
) -> HttpResponse:
    batch = payments.get_batch(request.actor, number)
    may_act = pay_batches.may_act(request.actor, batch.agency.code)
    context: dict[str, Any] = {
        "batch": batch,
        "total": money.to_text(batch.total),
        "capitals": money.to_capitals(batch.total),
        "page": page_of(request, payments.rows_of_batch(batch)),
        "query": query_without_page(request),
        "answers": list(batch.answers.select_related("read_by").order_by("pk")),
        "events": list(audit.events_of(Reference("batch", number))),
        "act": _next_act(batch, request.actor) if may_act else "",
        "may_dissolve": may_act and batch.state in NEXT,
        "is_sent": may_act and batch.state in (BatchState.RELEASED, BatchState.ANSWERED),
        "steps": _steps(batch),
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "key": uuid.uuid4().hex,
        "trail": [(_("拨付批次"), reverse("desk:batches")), (number, "")],
    }
    return desk_page(request, "desk/batch.html", context, status=status)


def _next_act(batch: PaymentBatch, actor: Actor) -> str:
    """What this person may do next: the service checks again."""
    act, before = NEXT.get(batch.state, ("", ()))
    return "" if actor.user_id in [getattr(batch, field) for field in before] else act


def _steps(batch: PaymentBatch) -> list[tuple[str, Any, Any]]:
    """Step, person, moment of each of the four."""
    return [
        (_("经办"), batch.made_by, batch.made_at),
        (_("复核"), batch.checked_by, batch.checked_at),
        (_("批准"), batch.approved_by, batch.approved_at),
        (_("发送"), batch.released_by, batch.released_at),
    ]
