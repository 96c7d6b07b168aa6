"""词表, 待补问题, 反馈 and 咨询记录: the lists beside the Q&A."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.assistant import selectors
from yueban.assistant.choices import FeedbackKind, GapState, Gate, TermKind, Why
from yueban.assistant.models import Turn
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.knowledge import check_reader, frame_of
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import read_day
from yueban.flows import exports, knowledge
from yueban.kernel.errors import Invalid

LOG_COLUMNS = (
    *("时间", "渠道", "区划", "问题（已脱敏）", "结论", "原因", "回答"),
    *("事项", "索引版本", "模型", "用时（毫秒）"),
)
MOST_ROWS = 10_000


def _asked(request: DeskRequest, *names: str) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:60] for name in names}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: DeskRequest) -> HttpResponse:
    """The lexicon; a new word below."""
    check_reader(request)
    if request.method != "POST":
        return _terms_page(request, {}, {})
    typed = {name: request.POST.get(name, "").strip() for name in ("say", "means", "kind")}
    try:
        knowledge.add_term(request.actor, **typed)
    except Invalid as error:
        return _terms_page(request, error.fields, typed, status=error.status)
    messages.success(request, _("已加入词表。"))
    return HttpResponseRedirect(reverse("desk:terms"))


def _terms_page(
    request: DeskRequest, errors: Mapping[str, str], typed: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    asked = _asked(request, "text", "kind")
    context = {
        **frame_of(request),
        "page": page_of(request, selectors.all_terms(asked["text"], asked["kind"])),
        "query": query_without_page(request),
        "asked": asked,
        "kinds": TermKind.choices,
        "kind_options": [{"value": value, "label": label} for value, label in TermKind.choices],
        "typed": typed,
        "fields": errors,
        "errors": [(f"f-{name}", message) for name, message in errors.items()],
    }
    return desk_page(request, "desk/terms.html", context, status=status)


@staff_only
@require_POST
def term_step(request: DeskRequest, number: int, act: str) -> HttpResponse:
    """Out of use, or in use again."""
    if act not in {"off", "on"}:
        raise Http404
    knowledge.switch_term(request.actor, number, is_used=act == "on")
    messages.success(request, _("已启用。") if act == "on" else _("已停用。"))
    return HttpResponseRedirect(reverse("desk:terms"))


@staff_only
@require_safe
def gaps(request: DeskRequest) -> HttpResponse:
    """Questions without an answer, the most asked first."""
    return _gaps_page(request)


def _gaps_page(request: DeskRequest, *, error: Invalid | None = None, at: int = 0) -> HttpResponse:
    check_reader(request)
    asked = _asked(request, "text", "state")
    state = asked["state"] if asked["state"] in {*GapState.values, "all"} else GapState.OPEN
    rows = selectors.gaps_found(request.actor, text=asked["text"], state="" if state == "all" else state)
    context = {
        **frame_of(request),
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "asked": asked | {"state": state},
        "states": [*GapState.choices, ("all", _("全部"))],
        "error": error,
        "at": at,
    }
    return desk_page(request, "desk/gaps.html", context, status=error.status if error else 200)


@staff_only
@require_POST
def gap_dismiss(request: DeskRequest, number: int) -> HttpResponse:
    """No answer is needed, and why."""
    try:
        knowledge.dismiss(request.actor, number, request.POST.get("words", ""))
    except Invalid as error:
        return _gaps_page(request, error=error, at=number)
    messages.success(request, _("已记下：不需要回答。"))
    return HttpResponseRedirect(reverse("desk:gaps"))


@staff_only
@require_safe
def feedback(request: DeskRequest) -> HttpResponse:
    """What people found useless or wrong, to be looked at within a day."""
    return _feedback_page(request)


def _feedback_page(request: DeskRequest, *, error: Invalid | None = None, at: int = 0) -> HttpResponse:
    check_reader(request)
    asked = _asked(request, "kind", "state")
    state = asked["state"] if asked["state"] in {"unseen", "seen", "all"} else "unseen"
    kind = asked["kind"] if asked["kind"] in FeedbackKind.values else ""
    page = page_of(
        request,
        selectors.feedback_found(request.actor, kind=kind, state=state),
    )
    context = {
        **frame_of(request),
        "page": page,
        "rows": [(one, selectors.light_of(one), text_of(one.turn)) for one in page.object_list],
        "query": query_without_page(request),
        "asked": {"kind": kind, "state": state},
        "kinds": FeedbackKind.choices,
        "error": error,
        "at": at,
    }
    return desk_page(request, "desk/feedback.html", context, status=error.status if error else 200)


@staff_only
@require_POST
def feedback_seen(request: DeskRequest, number: int) -> HttpResponse:
    """Looked at, with what was done."""
    try:
        knowledge.see_feedback(request.actor, number, request.POST.get("outcome", ""))
    except Invalid as error:
        return _feedback_page(request, error=error, at=number)
    messages.success(request, _("已记下处理结果。"))
    return HttpResponseRedirect(reverse("desk:feedback"))


def text_of(turn: Turn) -> str:
    """What was answered, as one text."""
    sentences: list[dict[str, Any]] = turn.answer.get("sentences") or []
    return "".join(str(one.get("text", "")) for one in sentences)


def _wanted(request: DeskRequest) -> selectors.Wanted:
    asked = _asked(request, "text", "gate", "why", "since", "until")
    return selectors.Wanted(
        text=asked["text"],
        gate=asked["gate"] if asked["gate"] in Gate.values else "",
        why=asked["why"] if asked["why"] in Why.values else "",
        since=read_day(asked["since"]),
        until=read_day(asked["until"]),
    )


@staff_only
@require_safe
def consultations(request: DeskRequest) -> HttpResponse:
    """The log: what was asked, what was decided and why."""
    check_reader(request)
    wanted = _wanted(request)
    page = page_of(request, selectors.turns_found(request.actor, wanted))
    context = {
        **frame_of(request),
        "page": page,
        "rows": [(one, text_of(one)) for one in page.object_list],
        "query": query_without_page(request),
        "wanted": wanted,
        "gates": Gate.choices,
        "whys": Why.choices,
    }
    return desk_page(request, "desk/consultations.html", context)


@staff_only
@require_safe
def consultations_export(request: DeskRequest) -> HttpResponseBase:
    """The same as an Excel file; that somebody took it is kept."""
    check_reader(request)
    rows = selectors.turns_found(request.actor, _wanted(request))[:MOST_ROWS]
    exports.record(request.actor, what="咨询记录", rows=rows.count(), filters=request.GET.urlencode()[:300])
    return excel_response(_("咨询记录"), LOG_COLUMNS, _lines(rows))


def _lines(rows: QuerySet[Turn]) -> Iterator[tuple[Value, ...]]:
    for row in rows.iterator(chunk_size=500):
        yield (
            row.asked_at,
            row.conversation.channel,
            row.conversation.division_code,
            row.question,
            str(row.get_gate_display()),
            str(row.get_why_display()),
            text_of(row),
            row.subject,
            row.index_number,
            row.model_name,
            row.took_ms,
        )
