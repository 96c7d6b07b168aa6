"""工单 at the desk: the queue by urgency and promise, one ticket with its transcript and draft, and its acts."""

from collections.abc import Callable, Iterator, Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import answer_tickets as flow
from yueban.flows import knowledge
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotFound, ServiceError
from yueban.tickets import selectors as tickets
from yueban.tickets.choices import WAITING
from yueban.tickets.models import Ticket

Typed = Mapping[str, str]
TABS = {
    "waiting": gettext_lazy("待接"),
    "mine": gettext_lazy("我的"),
    "answered": gettext_lazy("已答"),
    "overdue": gettext_lazy("超时"),
    "all": gettext_lazy("全部"),
}
COLUMNS = (
    "工单编号",
    "问题",
    "状态",
    "紧急",
    "区划",
    "承办部门",
    "提出时间",
    "承诺时间",
    "接单人",
    "首次答复时间",
    "是否按时",
    "采纳为问答",
)


def _asked(request: DeskRequest) -> tuple[str, str]:
    tab = request.GET.get("tab", "")
    return (tab if tab in TABS else "waiting"), request.GET.get("text", "").strip()[:60]


@staff_only
@require_safe
def queue(request: DeskRequest) -> HttpResponse:
    """What waits, what is mine, what is answered, what is late."""
    tab, text = _asked(request)
    visible = tickets.tickets_at_work(request.actor)
    rows = tickets.narrowed(tickets.in_tab(visible, tab, request.actor), text)
    counts = tickets.counts_by_tab(visible, request.actor)
    figures = tickets.figures_of(visible)
    wait = figures.median_wait
    context = {
        "median_minutes": round(wait.total_seconds() / 60) if wait is not None else None,
        "page": page_of(request, rows.select_related("agency", "taken_by").defer("transcript")),
        "query": query_without_page(request),
        "tabs": [(name, label, counts[name]) for name, label in TABS.items()],
        "tab": tab,
        "text": text,
        "figures": figures,
        "now": clock.now(),
        "waiting_states": WAITING,
    }
    return desk_page(request, "desk/tickets.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The list as it was narrowed, as an Excel sheet; never who asked."""
    tab, text = _asked(request)
    return excel_response(_("工单"), COLUMNS, _lines(flow.exported(request.actor, tab, text)))


def _lines(rows: Iterator[Ticket]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        yield (
            row.number,
            row.question,
            str(row.get_state_display()),
            "是" if row.is_urgent else "否",
            row.division_code,
            row.agency.name if row.agency else "",
            row.opened_at,
            row.first_promised_at,
            row.taken_by.name if row.taken_by else "",
            row.first_answered_at,
            _in_time(row),
            row.became_question,
        )


def _in_time(row: Ticket) -> str:
    if row.first_answered_at is None:
        return ""
    return "是" if row.first_answered_at <= row.first_promised_at else "否"


@staff_only
@require_safe
def ticket_page(request: DeskRequest, number: str) -> HttpResponse:
    """One ticket: the question, what was said before, the draft with its citations, the acts."""
    return _render(request, number, {})


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """One act of ``STEPS``; a refusal shows the page as it is now, with what was typed."""
    typed = {name: str(value) for name, value in request.POST.items()} | {"act": act}
    try:
        if act == "phone":
            phone = flow.contact_phone(request.actor, number, purpose=typed.get("purpose", ""))
            return _render(request, number, typed, phone=phone)
        do = STEPS.get(act)
        if do is None:
            raise Http404
        said = do(request.actor, number, typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, number, typed, error=error, status=error.status)
    messages.success(request, said)
    if act == "on":
        return HttpResponseRedirect(reverse("desk:tickets"))
    return HttpResponseRedirect(reverse("desk:ticket", args=[number]))


def _take(actor: Actor, number: str, _typed: Typed) -> str:
    flow.take(actor, number)
    return _("已接单，请在承诺的时间前答复。")


def _answer(actor: Actor, number: str, typed: Typed) -> str:
    flow.answer(actor, number, text=typed.get("answer", ""), sources=typed.get("sources", "").splitlines())
    return _("已答复，提问人现在就能看到。")


def _back(actor: Actor, number: str, typed: Typed) -> str:
    flow.hand_back(actor, number, reason=typed.get("reason", ""))
    return _("已退回队列，由同事接单。")


def _on(actor: Actor, number: str, typed: Typed) -> str:
    flow.hand_on(actor, number, agency_code=typed.get("agency", ""), reason=typed.get("reason", ""))
    return _("已转交，承诺的时间不变。")


def _close(actor: Actor, number: str, _typed: Typed) -> str:
    flow.close_at_desk(actor, number)
    return _("已办结。")


def _note(actor: Actor, number: str, typed: Typed) -> str:
    flow.note(actor, number, text=typed.get("note", ""))
    return _("备注已记下，提问人看不到。")


STEPS: dict[str, Callable[[Actor, str, Typed], str]] = {
    "take": _take,
    "answer": _answer,
    "back": _back,
    "on": _on,
    "close": _close,
    "note": _note,
}


def _render(
    request: DeskRequest,
    number: str,
    typed: Typed,
    *,
    phone: str = "",
    error: ServiceError | None = None,
    status: int = 200,
) -> HttpResponse:
    found = tickets.get_ticket(request.actor, number)
    actor = request.actor
    may_answer, is_mine = tickets.may_answer(actor, found), found.taken_by_id == actor.user_id
    is_late = found.state in WAITING and found.promised_at < clock.now()
    context = {
        "ticket": found,
        "place": tickets.place_of(found),
        "entries": list(tickets.entries_of(found)),
        "is_late": is_late,
        "may_take": may_answer
        and (found.state == "open" or (found.state == "taken" and is_late and not is_mine)),
        "holds": may_answer and is_mine and found.state == "taken",
        "may_direct": tickets.may_direct(actor, found) and found.state in WAITING,
        "may_note": tickets.may_direct(actor, found),
        "may_close": may_answer and found.state == "answered",
        "may_adopt": knowledge.may_adopt(actor, found),
        "adopted": knowledge.adopted_of(actor, found),
        "agencies": tickets.agencies_answering(found) if found.state in WAITING else [],
        "phone": phone or flow.masked_phone(found),
        "is_phone_whole": bool(phone),
        "drafted": typed.get("answer", found.draft),
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "trail": [(_("工单"), reverse("desk:tickets")), (number, "")],
    }
    return desk_page(request, "desk/ticket.html", context, status=status)
