"""政策申报 at the desk: the list, one claim with its acts, and the lists without application."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import NoticeState, TaskKind
from yueban.approvals.models import PublicNotice, Task
from yueban.audit import selectors as audit
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.inbox import XLSX, task_rows
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.serving import disposition, stored_file_response
from yueban.channels.shared.templatetags.chinese_dates import han_date
from yueban.claims import selectors as claims
from yueban.claims.choices import ClaimEvent, ClaimState, EntryState, Way
from yueban.claims.models import AutoEntry, AutoList, Claim
from yueban.flows import (
    auto_grant,
    claim_correction,
    claim_money,
    claim_notice,
    export_claims,
    fund_claims,
    offers_for,
    related,
)
from yueban.flows import claim as flow
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotFound, ServiceError
from yueban.policies.errors import OfferNotFound

Typed = Mapping[str, str]
ZERO = Decimal(0)
WORKED = (TaskKind.ACCEPT, TaskKind.REVIEW)


@staff_only
@require_safe
def claim_list(request: DeskRequest) -> HttpResponse:
    """The claims that this person's agency decides, narrowed, the newest first, with how many stand where."""
    filters = claims.checked_filters(request.GET.dict())
    visible = claims.claims_visible_to(request.actor)
    counts = claims.counts_by_state(claims.narrowed(visible, filters | {"state": ""}))
    rows = claims.narrowed(visible, filters).select_related("agency").order_by("-submitted_at", "-pk")
    offers, counties = claims.choices_of(visible)
    others = {name: value for name, value in filters.items() if name != "state"}
    context = {
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "filters": filters,
        "total": sum((amount for state, (_many, amount) in counts.items() if _is_in(state, filters)), ZERO),
        "states": [
            (value, label, counts[value][0], urlencode(others | {"state": value}))
            for value, label in ClaimState.choices
            if value in counts
        ],
        "all_states": ClaimState.choices,
        "ways": Way.choices,
        "offers": offers,
        "counties": counties,
    }
    return desk_page(request, "desk/claims.html", context)


def _is_in(state: str, filters: Mapping[str, str]) -> bool:
    return filters.get("state", state) == state


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponse:
    """The list with its filters as an Excel sheet; a long one is for the worker."""
    filters = claims.checked_filters(request.GET.dict())
    if export_claims.is_long(request.actor, filters):
        asked = urlencode(filters | {"list": export_claims.LIST, "new": "1"})
        return HttpResponseRedirect(f"{reverse('desk:exports')}?{asked}")
    response = HttpResponse(export_claims.export(request.actor, filters), content_type=XLSX)
    response["Content-Disposition"] = disposition(export_claims.file_name(), is_inline=False)
    return response


@staff_only
@require_safe
def claim_page(request: DeskRequest, number: str) -> HttpResponse:
    """One claim: conditions with the sources of what is known, amount, materials, who did what, the acts."""
    return _claim(request, number, {})


def _claim(
    request: DeskRequest, number: str, typed: Typed, *, error: ServiceError | None = None, status: int = 200
) -> HttpResponse:
    found = claims.get_claim(request.actor, number)
    tasks = list(approvals.tasks_of(found.reference))
    mine = _mine(request.actor, tasks)
    now = flow.reassessed(found) if mine is not None else None
    conditions = _rows(found.explanation, found.facts)
    decided = _rows(found.decided_explanation, found.decided_facts)
    notices = list(approvals.notices_of(found.reference))
    context: dict[str, Any] = {
        "claim": found,
        "tasks": tasks,
        "task": mine,
        "act": _act_of(mine, found, request.actor, tasks),
        "light": task_rows([mine])[0].light if mine else None,
        "conditions": conditions,
        "decided": decided,
        "is_same": decided == conditions,
        "line_name": claim_money.line_name(found),
        "next": _next_of(found, notices),
        "now": now,
        "now_rows": _rows(claims.explanation_kept(now.tree), claims.facts_kept(now, found.stated))
        if now
        else [],
        "most": _most(now),
        "workings": found.computed.get("workings", []),
        "files": list(found.files.select_related("file").order_by("pk")),
        "manual": offers_for.manual_of(found.offer_version),
        "notices": notices,
        "objection": approvals.find_objection(mine.pk) if mine and mine.kind == TaskKind.OBJECTION else None,
        "may_ask": _may_ask(found, mine),
        "asked": claim_correction.asked_of(found),
        "chosen": typed.get("all_asks", "").split(","),
        "has_no_line": found.state == ClaimState.AGREED
        and fund_claims.without_line(request.actor).filter(pk=found.pk).exists(),
        "related": related.doubts_of(found),
        "events": list(audit.events_of(found.reference)),
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "key": uuid.uuid4().hex,
        "trail": [(_("政策申报"), reverse("desk:claims")), (number, "")],
    }
    return desk_page(request, "desk/claim.html", context, status=status)


def _mine(actor: Actor, tasks: list[Task]) -> Task | None:
    """What waits for this person; a notice is ended by its days, by nobody."""
    found = (one for one in tasks if approvals.is_open_to(actor, one) and one.kind != TaskKind.NOTICE)
    return next(found, None)


def _next_of(found: Claim, notices: Sequence[PublicNotice]) -> str:
    """What comes next where this person has nothing to do."""
    day = next((han_date(one.ends_on) for one in notices if one.state == NoticeState.RUNNING), "")
    by = han_date(found.correct_by) if found.correct_by else ""
    return {
        "checking": _("等审查人员初审。"),
        "correcting": _("等企业补正，到{day}；到期没有补正的，按已有材料初审。").format(day=by),
        "reviewing": _("等评审和现场核查的意见，都办完后转审定人。"),
        "deciding": _("等审定人审定；初审过的人不能审定。"),
        "noticed": _("公示到{day}24时，期满没有异议自动进入拨付。").format(day=day),
        "agreed": _("等财政编入拨付批次。"),
        "paying": _("分期拨付，等下一期。"),
        "paid": _("已经到账，没有后续环节。"),
        "refused": _("已经不予支持，资金已退回预算。"),
        "withdrawn": _("企业已经撤回，资金已退回预算。"),
    }[found.state]


def _may_ask(found: Claim, mine: Task | None) -> list[tuple[str, str]] | None:
    """What may be asked for anew; None where it is not the time, or was asked already."""
    is_check = mine is not None and mine.kind == TaskKind.ACCEPT and not found.correction
    return claim_correction.may_be_asked(found) if is_check else None


def _most(now: Any) -> str:
    if now is None:
        return ""
    return str(max(now.computed.amount, now.computed.most or 0))


def _act_of(mine: Task | None, found: Claim, actor: Actor, tasks: list[Task]) -> str:
    """What this person may do now: the flow checks again."""
    if mine is not None:
        if mine.kind in WORKED:
            return "work"
        return "decide" if mine.kind == TaskKind.DECIDE else "answer"
    decided = next((one for one in reversed(tasks) if one.kind == TaskKind.DECIDE), None)
    may_amend = ClaimEvent.AMEND in claims.events_from(found.way, found.state)
    return "amend" if may_amend and decided is not None and approvals.may_do(actor, decided) else ""


def _rows(kept: Mapping[str, Any], facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """Conditions as they were kept, each with what was known and who said so."""
    if not kept:
        return []
    words = {"true": _("符合"), "false": _("不符合"), "unknown": _("未知")}
    parts = kept["children"] or [kept] if kept.get("kind") == "all" else [kept]
    return [
        {
            "sentence": part["sentence"],
            "value": part["value"],
            "word": words[part["value"]],
            "actual": part.get("actual") or "",
            "source": facts.get(part.get("fact") or "", {}).get("source", ""),
            "as_of": facts.get(part.get("fact") or "", {}).get("as_of", ""),
        }
        for part in parts
    ]


@staff_only
@require_POST
def claim_step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """One act of ``STEPS``; a refusal shows the page as it is now, with what was typed."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    typed = {name: str(value) for name, value in request.POST.items()}
    typed |= {"all_asks": ",".join(request.POST.getlist("asks")), "act": act}
    try:
        said = do(request.actor, number, whole_number(request, "revision"), typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _claim(request, number, typed, error=error, status=error.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:claim", args=[number]))


def _task_id(typed: Typed) -> int:
    text = typed.get("task", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _key(typed: Typed) -> str:
    return typed.get("key", "")[:40]


def _work(actor: Actor, number: str, revision: int | None, typed: Typed) -> str:
    conforms = typed.get("result") != "deviates"
    opinion = typed.get("opinion", "")
    flow.work(
        actor, number, _task_id(typed), conforms=conforms, opinion=opinion, revision=revision, key=_key(typed)
    )
    return _("已办，转到下一步。")


def _correct(actor: Actor, number: str, revision: int | None, typed: Typed) -> str:
    asks = typed.get("all_asks", "").split(",")
    claim_correction.ask(
        actor,
        number,
        _task_id(typed),
        text=typed.get("opinion", ""),
        asks=asks,
        revision=revision,
        key=_key(typed),
    )
    return _("已要求补正，企业会收到消息；补正的日子不算在承诺时限里。")


def _propose(actor: Actor, number: str, revision: int | None, typed: Typed) -> str:
    amount, opinion = typed.get("amount", ""), typed.get("opinion", "")
    flow.propose(actor, number, amount=amount, opinion=opinion, revision=revision, key=_key(typed))
    return _("已审定，资金已冻结，开始公示。")


def _refuse(actor: Actor, number: str, revision: int | None, typed: Typed) -> str:
    flow.refuse(actor, number, reason=typed.get("opinion", ""), revision=revision, key=_key(typed))
    return _("已作出不予支持的决定，企业会收到消息。")


def _amend(actor: Actor, number: str, revision: int | None, typed: Typed) -> str:
    amount, reason = typed.get("amount", ""), typed.get("opinion", "")
    flow.amend(actor, number, amount=amount, reason=reason, revision=revision, key=_key(typed))
    return _("金额已调整，重新公示。")


def _answer(actor: Actor, _number: str, _revision: int | None, typed: Typed) -> str:
    is_upheld, reasons = typed.get("outcome") == "upheld", typed.get("reasons", "")
    claim_notice.answer(actor, _task_id(typed), is_upheld=is_upheld, reasons=reasons, key=_key(typed))
    return _("已答复，提出异议的人会收到结果。")


STEPS: dict[str, Callable[[Actor, str, int | None, Typed], str]] = {
    "work": _work,
    "correct": _correct,
    "propose": _propose,
    "refuse": _refuse,
    "amend": _amend,
    "answer": _answer,
}


@staff_only
@require_safe
def claim_file(request: DeskRequest, number: str, file_number: str) -> HttpResponseBase:
    """A material of a claim that this person may see."""
    found = claims.get_claim(request.actor, number)
    for one in found.files.select_related("file"):
        if one.file.number == file_number:
            return stored_file_response(one.file)
    raise NotFound(_("没有找到这份材料。"), hint=_("请从申报页面重新打开。"))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def list_list(request: DeskRequest) -> HttpResponse:
    """免申即享名单, and making one: POST makes it."""
    error: ServiceError | None = None
    if request.method == "POST":
        try:
            made = auto_grant.make(request.actor, request.POST.get("offer", "")[:60])
        except OfferNotFound as refused:
            error = refused
        except ServiceError as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:auto-list", args=[made.number]))
    page = page_of(request, claims.lists_visible_to(request.actor).order_by("-made_at", "-pk"))
    context = {
        "page": page,
        "query": query_without_page(request),
        "offers": auto_grant.offers_to_list(request.actor),
        "may_make": request.actor.has_role(roles.REVIEWER),
        "error": error,
    }
    return desk_page(request, "desk/auto_lists.html", context, status=error.status if error else 200)


@staff_only
@require_safe
def list_page(request: DeskRequest, number: str) -> HttpResponse:
    """One list: who stands on it and why, the second look, objections, what each answered."""
    return _list(request, number, {})


def _list(
    request: DeskRequest, number: str, typed: Typed, *, error: ServiceError | None = None, status: int = 200
) -> HttpResponse:
    found = claims.get_list(request.actor, number)
    tasks = list(approvals.tasks_of(found.reference))
    mine = _mine(request.actor, tasks)
    page = page_of(request, claims.entries_of(found))
    context = {
        "list": found,
        "tasks": tasks,
        "task": mine,
        "act": _list_act(mine),
        "page": page,
        "entries": [_entry_row(one) for one in page],
        "counts": [
            (EntryState(state).label, many, amount)
            for state, (many, amount) in claims.entry_counts(found).items()
        ],
        "next": _next_of_list(found),
        "query": query_without_page(request),
        "notices": list(approvals.notices_of(found.reference)),
        "objection": approvals.find_objection(mine.pk) if mine and mine.kind == TaskKind.OBJECTION else None,
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "key": uuid.uuid4().hex,
        "trail": [(_("免申即享名单"), reverse("desk:auto-lists")), (number, "")],
    }
    return desk_page(request, "desk/auto_list.html", context, status=status)


def _next_of_list(found: AutoList) -> str:
    """What comes next where this person has nothing to do."""
    day = han_date(found.consent_until) if found.consent_until else ""
    return {
        "made": _("等另一位同事复核；复核通过后公示。"),
        "noticed": _("公示期满、异议都核实以后，自动请企业确认。"),
        "asking": _("等企业确认，到{day}；提醒两次，没有确认的不拨付。").format(day=day),
        "closed": _("已经结束。后来符合、或者异议核实后符合的，再生成一份补充名单。"),
        "dropped": _("已经撤销，可以重新生成。"),
    }[found.state]


def _list_act(mine: Task | None) -> str:
    if mine is None:
        return ""
    return "check" if mine.kind == TaskKind.DECIDE else "answer"


def _entry_row(entry: AutoEntry) -> dict[str, Any]:
    facts = [one for one in entry.facts.values() if one.get("source")]
    return {
        "entry": entry,
        "workings": entry.computed.get("workings", []),
        "sources": "、".join(dict.fromkeys(str(one["source"]) for one in facts)),
    }


@staff_only
@require_POST
def list_step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """复核、移出、核实异议."""
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        if act == "check":
            auto_grant.check(request.actor, number, key=_key(typed))
        elif act == "remove":
            entry = typed.get("entry", "")
            entry_id = int(entry) if entry.isdecimal() and len(entry) < 19 else 0
            auto_grant.remove(request.actor, number, entry_id, reason=typed.get("reason", ""))
        elif act == "answer":
            chosen = [
                int(one) for one in request.POST.getlist("entries") if one.isdecimal() and len(one) < 19
            ]
            auto_grant.answer(
                request.actor,
                _task_id(typed),
                is_upheld=typed.get("outcome") == "upheld",
                reasons=typed.get("reasons", ""),
                entry_ids=chosen,
                key=_key(typed),
            )
        else:
            raise Http404
    except NotFound:
        raise
    except ServiceError as error:
        return _list(request, number, typed, error=error, status=error.status)
    messages.success(request, _("已办。"))
    return HttpResponseRedirect(reverse("desk:auto-list", args=[number]))
