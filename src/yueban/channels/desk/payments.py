"""支付: the orders that the payers see, one order with its steps, and the list as an Excel file."""

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
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import whole_number
from yueban.flows import exports, pay, pay_batches
from yueban.kernel import money, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed, NotFound, ServiceError
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments
from yueban.payments.choices import OrderState
from yueban.payments.models import PaymentOrder

SEES = (roles.PAYER, roles.SUPERVISOR)
COLUMNS = (
    "支付单号",
    "名称",
    "收款人",
    "账号尾号",
    "金额（元）",
    "状态",
    "付款单位",
    "办件编号",
    "生成时间",
    "到账时间",
)


def check_payer(request: DeskRequest) -> None:
    """Refuse whoever neither pays nor supervises."""
    if not any(request.actor.has_role(role) for role in SEES):
        raise NotAllowed(_("支付单由财务支付人员办理。"), hint=_("请用财务支付岗位的账号登录。"))


def _found(request: DeskRequest) -> tuple[QuerySet[PaymentOrder], str]:
    state = request.GET.get("state", "")
    rows = (
        payments.orders_visible_to(request.actor).select_related("payer_agency").order_by("-made_at", "-pk")
    )
    return (rows.filter(state=state), state) if state in OrderState.values else (rows, "")


@staff_only
@require_safe
def order_list(request: DeskRequest) -> HttpResponse:
    """The orders that this person's agency pays, the newest first."""
    check_payer(request)
    rows, state = _found(request)
    page = page_of(request, rows)
    context = {
        "page": page,
        "query": query_without_page(request),
        "state": state,
        "states": OrderState.choices,
    }
    return desk_page(request, "desk/payments.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The same orders as an Excel file; of accounts only the tail."""
    check_payer(request)
    rows, state = _found(request)
    exports.record(request.actor, what="支付单", rows=rows.count(), filters=f"state={state}")
    return excel_response(_("支付单"), COLUMNS, _rows(rows))


def _rows(orders: QuerySet[PaymentOrder]) -> Iterator[tuple[Value, ...]]:
    for order in orders.iterator(chunk_size=500):
        yield (
            order.number,
            order.name,
            order.payee_name,
            order.account_tail,
            order.amount,
            str(order.get_state_display()),
            order.payer_agency.name,
            order.reference_number,
            order.made_at,
            order.ended_at,
        )


@staff_only
@require_safe
def order_page(request: DeskRequest, number: str) -> HttpResponse:
    """One order: who did what, how the amount came about, what the bank said."""
    return _render(request, number, {})


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Approve, release or correct; a refusal shows the page as it is now, with what was typed."""
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
    return HttpResponseRedirect(reverse("desk:payment", args=[number]))


def _approve(actor: Actor, number: str, revision: int | None, typed: Mapping[str, str]) -> str:
    pay.approve(actor, number, revision=revision, key=typed.get("key", "")[:40])
    return _("已复核，由另一位支付人员支付。")


def _release(actor: Actor, number: str, revision: int | None, typed: Mapping[str, str]) -> str:
    pay.release(actor, number, revision=revision, key=typed.get("key", "")[:40])
    return _("已提交银行，到账后会告诉收款人。")


def _correct(actor: Actor, number: str, revision: int | None, typed: Mapping[str, str]) -> str:
    account, reason = typed.get("account", ""), typed.get("reason", "")
    pay.correct(
        actor, number, account=account, reason=reason, revision=revision, key=typed.get("key", "")[:40]
    )
    return _("账户已更正，由另一位支付人员再次支付。")


STEPS: dict[str, Callable[[Actor, str, int | None, Mapping[str, str]], str]] = {
    "approve": _approve,
    "release": _release,
    "correct": _correct,
}


def _render(
    request: DeskRequest,
    number: str,
    typed: Mapping[str, str],
    *,
    error: ServiceError | None = None,
    status: int = 200,
) -> HttpResponse:
    order = payments.get_order(request.actor, number)
    context: dict[str, Any] = {
        "order": order,
        "amount": money.to_text(order.amount),
        "capitals": money.to_capitals(order.amount),
        "attempts": list(payments.attempts_of(order)),
        "entries": list(payments.entries_of([order])),
        "batches": list(payments.batches_of(order)),
        "may_recover": order.state == OrderState.PAID
        and order.budget_use_id is not None
        and pay_batches.may_act(request.actor, order.payer_agency.code),
        "corrections": list(order.corrections.select_related("by").order_by("pk")),
        "events": list(audit.events_of(Reference("payment", number))),
        "acts": _acts(order, request.actor),
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "key": uuid.uuid4().hex,
        "trail": [(_("支付"), reverse("desk:payments")), (number, "")],
    }
    return desk_page(request, "desk/payment.html", context, status=status)


def _acts(order: PaymentOrder, actor: Actor) -> list[str]:
    """What this person may do now: the service checks again."""
    if not any(post.role == roles.PAYER and post.covers(order.payer_agency.code) for post in actor.posts):
        return []
    before = (order.made_by_id, order.approved_by_id, order.corrected_by_id)
    match order.state:
        case OrderState.PREPARED | OrderState.APPROVED if order.budget_use_id is not None:
            return []  # it goes with its batch
        case OrderState.PREPARED if actor.user_id != order.made_by_id:
            return ["approve"]
        case OrderState.APPROVED if actor.user_id not in before:
            return ["release"]
        case OrderState.RETURNED:
            return ["correct"]
    return []
