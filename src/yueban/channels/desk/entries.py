"""电子监察: what the rules have found, one entry with its story, the steps 督办 → 反馈 → 销号, and an Excel file."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.agencies import selectors as agencies
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exports, supervise
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed, NotFound, ServiceError
from yueban.oversight import selectors as oversight
from yueban.oversight.choices import LEVEL_CODES, EntryState, Level, Rule
from yueban.oversight.models import Entry

COLUMNS = (
    "监察编号",
    "监察规则编号",
    "规则",
    "监察预警类型代码",
    "类型",
    "办件编号",
    "事项",
    "责任部门",
    "监察结果描述",
    "状态",
    "发现时间",
    "督办发出时间",
    "督办内容",
    "反馈",
    "销号理由",
)
# What the detail of an entry means, in the order in which it is shown.
DETAILS = {
    "due_on": "期限",
    "planned_end_on": "计划结束",
    "started_on": "开始",
    "procedure": "特别程序",
    "basis": "依据",
    "allowed": "允许再次补正的理由",
    "applied_at": "申请时间",
    "accepted_at": "受理时间",
    "decided_at": "决定时间",
    "before": "前一记录的时间",
    "at": "本记录的时间",
    "returned": "退件和不予受理",
    "received": "收到的申请",
    "task": "待办",
    "paper": "文书",
    "by": "经办人",
}
MOST = 10_000
DAY_LENGTH = 10
UNCLOSED = "unclosed"  # every state but the last


def _check_supervisor(request: DeskRequest) -> None:
    if not request.actor.has_role(roles.SUPERVISOR):
        raise NotAllowed(_("监察记录由监督人员查看。"), hint=_("请用监督岗位的账号登录。"))


def _chosen(request: DeskRequest) -> dict[str, str]:
    """The filters that the address names; a word that is none of the choices narrows nothing."""
    known = {"rule": Rule.values, "level": Level.values, "state": [*EntryState.values, UNCLOSED]}
    chosen = {name: request.GET.get(name, "") for name in known}
    chosen = {name: value if value in known[name] else "" for name, value in chosen.items()}
    return chosen | {"agency": request.GET.get("agency", "")[:60]}


def _found(request: DeskRequest, chosen: Mapping[str, str]) -> QuerySet[Entry]:
    rows = oversight.entries_visible_to(request.actor).select_related("agency")
    named = {"rule": "rule", "level": "level", "state": "state", "agency": "agency__code"}
    narrowed = {named[name]: value for name, value in chosen.items() if value and value != UNCLOSED}
    if chosen["state"] == UNCLOSED:
        rows = rows.exclude(state=EntryState.CLOSED)
    return rows.filter(**narrowed).order_by("-opened_at", "-pk")


@staff_only
@require_safe
def entry_list(request: DeskRequest) -> HttpResponse:
    """What this supervisor watches over, the newest first."""
    _check_supervisor(request)
    chosen = _chosen(request)
    open_by_level = oversight.open_counts(request.actor)
    context = {
        "page": page_of(request, _found(request, chosen)),
        "query": query_without_page(request),
        "chosen": chosen,
        "rules": Rule.choices,
        "levels": Level.choices,
        "states": EntryState.choices,
        "agencies": _agencies(request),
        "open": [(level, label, open_by_level.get(level, 0)) for level, label in Level.choices],
        "unclosed": sum(open_by_level.values()),
        "is_narrowed": any(chosen.values()),
    }
    return desk_page(request, "desk/entries.html", context)


def _agencies(request: DeskRequest) -> list[tuple[str, str]]:
    """The agencies over which anything was raised."""
    rows = oversight.entries_visible_to(request.actor).order_by().values_list("agency__code", flat=True)
    named = agencies.agencies_named(set(rows.distinct()))
    return sorted(((code, one.short_name) for code, one in named.items()), key=lambda pair: pair[1])


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The same list as an Excel file, with the columns of the national data set."""
    _check_supervisor(request)
    chosen = _chosen(request)
    rows = _found(request, chosen)[:MOST]
    filters = " ".join(f"{name}={value}" for name, value in chosen.items() if value)
    exports.record(request.actor, what="监察记录", rows=rows.count(), filters=filters)
    return excel_response(_("监察记录"), COLUMNS, _rows(rows))


def _rows(entries: QuerySet[Entry]) -> Iterator[tuple[Value, ...]]:
    for entry in entries.iterator(chunk_size=500):
        yield (
            entry.number,
            entry.rule,
            str(entry.get_rule_display()),
            LEVEL_CODES[Level(entry.level)],
            str(entry.get_level_display()),
            entry.reference_number,
            entry.title,
            entry.agency.name,
            oversight.MEANINGS[entry.rule],
            str(entry.get_state_display()),
            entry.opened_at,
            entry.asked_at,
            entry.question,
            entry.answer,
            entry.closing,
        )


@staff_only
@require_safe
def entry_page(request: DeskRequest, number: str) -> HttpResponse:
    """One entry: what the rule found, what was asked and answered, how it was struck off."""
    return _render(request, number, {})


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Ask, answer or strike off; a refusal shows the page as it is now, with what was typed."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        said = do(request.actor, number, typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, number, typed, error=error, status=error.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:entry", args=[number]))


def _ask(actor: Actor, number: str, typed: Mapping[str, str]) -> str:
    supervise.ask(actor, number, typed.get("question", ""))
    return _("督办已发出，责任部门三个工作日内反馈。")


def _answer(actor: Actor, number: str, typed: Mapping[str, str]) -> str:
    supervise.answer(actor, number, typed.get("answer", ""))
    return _("反馈已交给监督人员。")


def _close(actor: Actor, number: str, typed: Mapping[str, str]) -> str:
    supervise.close(actor, number, typed.get("closing", ""))
    return _("已销号。")


STEPS: dict[str, Callable[[Actor, str, Mapping[str, str]], str]] = {
    "ask": _ask,
    "answer": _answer,
    "close": _close,
}


def _render(
    request: DeskRequest,
    number: str,
    typed: Mapping[str, str],
    *,
    error: ServiceError | None = None,
    status: int = 200,
) -> HttpResponse:
    entry = oversight.get_entry(request.actor, number)
    watches = request.actor.has_role(roles.SUPERVISOR)
    context: dict[str, Any] = {
        "entry": entry,
        "meaning": oversight.MEANINGS[entry.rule],
        "details": [
            (label, _said(entry.detail[key])) for key, label in DETAILS.items() if entry.detail.get(key)
        ],
        "may_ask": watches and entry.state in (EntryState.OPEN, EntryState.ANSWERED),
        "may_close": watches and entry.state in (EntryState.OPEN, EntryState.ANSWERED),
        "may_answer": supervise.open_task(request.actor, number) is not None,
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "trail": [(_("监察"), reverse("desk:entries") if watches else reverse("desk:inbox")), (number, "")],
    }
    return desk_page(request, "desk/entry.html", context, status=status)


def _said(value: object) -> str:
    """A day as people write it; a moment to the minute, by the clock on the wall."""
    text = str(value)
    try:
        if len(text) == DAY_LENGTH:
            return clock.written(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = moment.astimezone(clock.BEIJING) if moment.tzinfo else moment
    return f"{clock.written(local.date())} {local:%H:%M}"
