"""追回: the list, one recovery with what came back, and the form that proposes one from a paid order."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.audit import selectors as audit
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.payments import check_payer
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import read_day, whole_number
from yueban.channels.shared.serving import stored_file_response
from yueban.documents.errors import DocumentNotFound
from yueban.flows import exports, pay_batches, recover, recovery_paper
from yueban.kernel import clock, money
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed, NotFound, ServiceError
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments
from yueban.payments.choices import RecoveryReason, RecoveryState
from yueban.payments.models import Recovery, RecoveryReceipt

Step = Callable[[Actor, str, dict[str, Any], Mapping[str, str]], str]


COLUMNS = (
    *(
        "编号",
        "收款人",
        "事项",
        "付款单位",
        "原因",
        "追回（元）",
        "已退款（元）",
        "已抵扣（元）",
        "未退（元）",
    ),
    *("状态", "期限", "提出时间", "通知时间", "推送信用"),
)


def _found(request: DeskRequest) -> tuple[QuerySet[Recovery], str]:
    state = request.GET.get("state", "")
    rows = payments.recoveries_visible_to(request.actor).select_related("order", "agency")
    rows = rows.order_by("-made_at", "-pk")
    return (rows.filter(state=state), state) if state in RecoveryState.values else (rows, "")


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The same recoveries as an Excel file."""
    check_payer(request)
    rows, state = _found(request)
    exports.record(request.actor, what="追回", rows=rows.count(), filters=f"state={state}")
    return excel_response(_("追回"), COLUMNS, _rows(rows))


def _rows(recoveries: QuerySet[Recovery]) -> Iterator[tuple[Value, ...]]:
    for one in recoveries.iterator(chunk_size=500):
        yield (
            *(one.number, one.payee_name, one.order.name, one.agency.short_name),
            *(str(one.get_reason_display()), one.amount, one.repaid, one.offset, one.outstanding),
            *(str(one.get_state_display()), one.due_on, one.made_at, one.confirmed_at, one.reported_at),
        )


@staff_only
@require_safe
def recovery_list(request: DeskRequest) -> HttpResponse:
    """What this person's agency asks back, the newest first."""
    check_payer(request)
    rows, state = _found(request)
    context = {
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "state": state,
        "states": RecoveryState.choices,
        "today": clock.today(),
    }
    return desk_page(request, "desk/recoveries.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: DeskRequest, number: str) -> HttpResponse:
    """提出: how much of this paid order is asked back, why, by when."""
    order = payments.get_order(request.actor, number)
    if not pay_batches.may_act(request.actor, order.payer_agency.code):
        raise NotAllowed(_("追回由付款单位的支付人员提出。"), hint=_("请用付款单位财务支付岗位的账号登录。"))
    typed = {name: str(value) for name, value in request.POST.items()}
    error: ServiceError | None = None
    if request.method == "POST":
        try:
            made = recover.propose(
                request.actor,
                number,
                amount=typed.get("amount", ""),
                reason=typed.get("reason", ""),
                facts=typed.get("facts", ""),
                due_on=read_day(typed.get("due_on", "")),
                key=typed.get("key", "")[:40],
            )
        except NotFound:
            raise
        except ServiceError as refused:
            error = refused
        else:
            messages.success(request, _("已提出追回，由另一位支付人员复核后通知收款人。"))
            return HttpResponseRedirect(reverse("desk:recovery", args=[made.number]))
    context = {
        "order": order,
        "amount": money.to_text(order.amount),
        "reasons": [{"value": value, "label": label} for value, label in RecoveryReason.choices],
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "key": uuid.uuid4().hex,
        "trail": [
            (_("支付"), reverse("desk:payments")),
            (number, reverse("desk:payment", args=[number])),
            (_("提出追回"), ""),
        ],
    }
    return desk_page(request, "desk/recovery_new.html", context, status=error.status if error else 200)


@staff_only
@require_safe
def recovery_page(request: DeskRequest, number: str) -> HttpResponse:
    """One recovery: how much is owed, why, and what came back."""
    return _render(request, number, {})


@staff_only
@require_safe
def paper(request: DeskRequest, number: str) -> FileResponse:
    """追回通知书 as PDF."""
    issued = recovery_paper.paper_of(payments.get_recovery(request.actor, number))
    if issued is None or issued.file is None:
        raise DocumentNotFound(_("通知书还没有生成好。"), hint=_("请稍等片刻再打开。"))
    return stored_file_response(issued.file, is_download="download" in request.GET)


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Confirm, withdraw, enter what came back, or report; a refusal shows the page as it is now."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    typed = {name: str(value) for name, value in request.POST.items()}
    guard = {"revision": whole_number(request, "revision"), "key": typed.get("key", "")[:40]}
    try:
        said = do(request.actor, number, guard, typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, number, typed, error=error, status=error.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:recovery", args=[number]))


def _confirm(actor: Actor, number: str, guard: dict[str, Any], _typed: Mapping[str, str]) -> str:
    recover.confirm(actor, number, **guard)
    return _("已复核，已通知收款人。")


def _withdraw(actor: Actor, number: str, guard: dict[str, Any], typed: Mapping[str, str]) -> str:
    recover.withdraw(actor, number, reason=typed.get("withdraw_reason", ""), **guard)
    return _("追回已撤回。")


def _repay(actor: Actor, number: str, guard: dict[str, Any], typed: Mapping[str, str]) -> str:
    recover.repay(actor, number, amount=typed.get("amount", ""), note=typed.get("note", ""), **guard)
    return _("退款已登记，由另一位支付人员核对。")


def _check_receipt(actor: Actor, number: str, guard: dict[str, Any], typed: Mapping[str, str]) -> str:
    is_there = typed.get("outcome") == "there"
    recover.check_receipt(actor, number, is_there=is_there, **guard)
    if is_there:
        return _("退款已核对，已回到预算项目的余额。")
    return _("已记下账上没有这笔，请登记的人核实。")


def _offset(actor: Actor, number: str, guard: dict[str, Any], typed: Mapping[str, str]) -> str:
    order_number, amount = typed.get("order", ""), typed.get("offset_amount", "")
    recover.offset(actor, number, order_number=order_number, amount=amount, **guard)
    return _("已从这张支付单抵扣。")


def _report(actor: Actor, number: str, guard: dict[str, Any], _typed: Mapping[str, str]) -> str:
    recover.report(actor, number, **guard)
    return _("已登记推送信用。")


STEPS: dict[str, Step] = {
    "confirm": _confirm,
    "withdraw": _withdraw,
    "repay": _repay,
    "receipt": _check_receipt,
    "offset": _offset,
    "report": _report,
}


def _render(
    request: DeskRequest,
    number: str,
    typed: Mapping[str, str],
    *,
    error: ServiceError | None = None,
    status: int = 200,
) -> HttpResponse:
    recovery = payments.get_recovery(request.actor, number)
    receipt = payments.open_receipt(recovery)
    acts = _acts(recovery, request.actor, receipt)
    context: dict[str, Any] = {
        "recovery": recovery,
        "amount": money.to_text(recovery.amount),
        "outstanding": money.to_text(recovery.outstanding),
        "entries": list(recovery.entries.select_related("order", "by").order_by("pk")),
        "acts": acts,
        "receipt": receipt,
        "paper": recovery_paper.paper_of(recovery),
        "orders": list(payments.orders_to_offset(recovery)[:50]) if "offset" in acts else [],
        "is_late": recovery.state == RecoveryState.NOTICED and recovery.due_on < clock.today(),
        "events": list(audit.events_of(Reference("recovery", number))),
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "key": uuid.uuid4().hex,
        "trail": [(_("追回"), reverse("desk:recoveries")), (number, "")],
    }
    return desk_page(request, "desk/recovery.html", context, status=status)


def _acts(recovery: Recovery, actor: Actor, receipt: RecoveryReceipt | None) -> list[str]:
    """What this person may do now: the service checks again."""
    if not pay_batches.may_act(actor, recovery.agency.code):
        return []
    untouched = ["withdraw"] if recovery.outstanding == recovery.amount and receipt is None else []
    if recovery.state == RecoveryState.PROPOSED:
        return ([] if actor.user_id == recovery.made_by_id else ["confirm"]) + untouched
    if recovery.state != RecoveryState.NOTICED:
        return []
    is_late = recovery.due_on < clock.today() and recovery.reported_at is None
    more = ["offset", *(["report"] if is_late else []), *untouched]
    if receipt is None:
        return ["repay", *more]
    return more if receipt.made_by_id == actor.user_id else ["receipt", *more]
