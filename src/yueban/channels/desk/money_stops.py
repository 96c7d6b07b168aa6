"""What keeps money from going out: agreed claims that no budget line pays, and orders that are held back today."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import whole_number
from yueban.flows import fund_claims, held_payments
from yueban.kernel import roles
from yueban.kernel.errors import NotAllowed, NotFound, ServiceError

SEES = (roles.PAYER, roles.DECIDER, roles.SUPERVISOR)


def _check(request: DeskRequest) -> None:
    if not any(request.actor.has_role(role) for role in SEES):
        raise NotAllowed(
            _("这里由主管部门的审定人和财务支付人员办理。"), hint=_("请用决定人或者财务支付岗位的账号登录。")
        )


@staff_only
@require_safe
def without_line(request: DeskRequest) -> HttpResponse:
    """没有预算项目: agreed claims that wait until somebody chooses from what they are paid."""
    return _without_line(request)


@staff_only
@require_POST
def choose_line(request: DeskRequest, number: str) -> HttpResponse:
    """选定: the money is frozen and the order made; a refusal shows the list as it is now."""
    _check(request)
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        claim = fund_claims.choose(
            request.actor,
            number,
            typed.get("line", "")[:60],
            revision=whole_number(request, "revision"),
            key=typed.get("key", "")[:40],
        )
    except NotFound:
        raise
    except ServiceError as error:
        return _without_line(request, error=error, wrong=number, status=error.status)
    said = _("“%(name)s”已选定预算项目，支付单已生成，可以编入拨付批次。")
    messages.success(request, said % {"name": claim.party_name})
    return HttpResponseRedirect(reverse("desk:without-line"))


def _without_line(
    request: DeskRequest, *, error: ServiceError | None = None, wrong: str = "", status: int = 200
) -> HttpResponse:
    _check(request)
    lines = fund_claims.lines_of(request.actor)
    page = page_of(request, fund_claims.without_line(request.actor))
    context: dict[str, Any] = {
        "page": page,
        "query": query_without_page(request),
        "rows": [(claim, [line for line in lines if line.year == claim.year]) for claim in page.object_list],
        "may_choose": bool(lines),
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "wrong": wrong,
        "key": uuid.uuid4().hex,
    }
    return desk_page(request, "desk/without_line.html", context, status=status)


@staff_only
@require_safe
def held(request: DeskRequest) -> HttpResponse:
    """暂缓拨付: which orders must not be paid today, why, and what is to be done."""
    return _held(request, {})


@staff_only
@require_POST
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """重新核实, with what was seen; a refusal shows the list with what was typed."""
    _check(request)
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        held_payments.confirm(
            request.actor, number, evidence=typed.get("evidence", ""), key=typed.get("key", "")[:40]
        )
    except NotFound:
        raise
    except ServiceError as error:
        return _held(request, typed | {"number": number}, error=error, status=error.status)
    messages.success(request, _("已核实，这张支付单可以编入拨付批次。"))
    return HttpResponseRedirect(reverse("desk:held-payments"))


def _held(
    request: DeskRequest, typed: dict[str, str], *, error: ServiceError | None = None, status: int = 200
) -> HttpResponse:
    _check(request)
    page = page_of(request, held_payments.held_for(request.actor))
    rows = [
        (one, one.may_be_confirmed and held_payments.may_confirm(request.actor, one.claim))
        for one in page.object_list
    ]
    context: dict[str, Any] = {
        "page": page,
        "query": query_without_page(request),
        "rows": rows,
        "typed": typed,
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "key": uuid.uuid4().hex,
    }
    return desk_page(request, "desk/held_payments.html", context, status=status)
