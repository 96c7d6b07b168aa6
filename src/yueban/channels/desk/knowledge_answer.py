"""One Q&A: its words beside what its sources say, and the acts on it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.assistant import selectors
from yueban.assistant.models import QuestionAnswer
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.knowledge import check_reader, frame_of, owner_names
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.posted import read_day, whole_number
from yueban.flows import knowledge
from yueban.flows.knowledge import Wording
from yueban.kernel.errors import Invalid, NotFound, ServiceError

AUDIENCES = (("", "个人和企业"), ("person", "个人"), ("enterprise", "企业"))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Write one, from nothing or from a gap."""
    places = knowledge.places_of(request.actor)
    gap = _gap(request)
    key = request.POST.get("key", "") or f"q-{secrets.token_hex(5)}"
    wording = knowledge.prefilled(request.actor, gap) if gap is not None else Wording("", "", "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        wording = typed_wording(request)
        try:
            made = knowledge.write(request.actor, key, wording, gap=gap.pk if gap is not None else None)
        except Invalid as error:
            errors = error.fields or {"question": str(error)}
        else:
            messages.success(request, _("已存为草稿。核对依据后送复核。"))
            return HttpResponseRedirect(reverse("desk:answer", args=[made.key]))
    context = {
        **frame_of(request),
        **_fields(wording, places, errors),
        "key": key,
        "gap": gap,
        "trail": [(_("问答"), reverse("desk:answers")), (_("写一条问答"), "")],
    }
    return desk_page(request, "desk/answer_new.html", context, status=422 if errors else 200)


def _gap(request: DeskRequest) -> Any:
    asked = request.POST.get("gap") or request.GET.get("gap", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return selectors.get_gap(request.actor, int(asked))


def typed_wording(request: DeskRequest) -> Wording:
    """The form as it was typed; a day that is none is told beside its field."""
    typed = {name: request.POST.get(name, "").strip() for name in ("question", "answer", "owner", "division")}
    day = request.POST.get("review_on", "").strip()
    return Wording(
        **typed,
        variants=selectors.lines_of(request.POST.get("variants", "")[:20_000]),
        sources=selectors.lines_of(request.POST.get("sources", "").replace(";", "\n")[:5000]),
        audience=request.POST.get("audience", ""),
        review_on=read_day(day) if day else None,
        errors={"review_on": _("请选择日期。")} if day and read_day(day) is None else {},
    )


def _fields(wording: Wording, places: knowledge.Places, errors: Mapping[str, str]) -> dict[str, Any]:
    return {
        "wording": wording,
        "variants": "\n".join(wording.variants),
        "source_lines": "\n".join(wording.sources),
        "owners": [{"value": code, "label": name} for code, name in places.owners],
        "divisions": places.divisions,
        "audiences": AUDIENCES,
        "fields": errors,
        "errors": [(f"f-{name}", message) for name, message in errors.items()],
    }


@staff_only
@require_safe
def answer(request: DeskRequest, key: str) -> HttpResponse:
    """The page of one Q&A."""
    check_reader(request)
    return _page(request, key)


@staff_only
@require_POST
def step(request: DeskRequest, key: str, act: str) -> HttpResponse:
    """One act; a refusal shows the page as it is now, with what was typed."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    check_reader(request)
    try:
        said = do(request, key)
    except NotFound:
        raise
    except ServiceError as error:
        return _page(request, key, error=error, wording=typed_wording(request) if act == "edit" else None)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:answer", args=[key]))


def _edit(request: DeskRequest, key: str) -> str:
    knowledge.edit(request.actor, key, typed_wording(request), whole_number(request, "revision"))
    return _("已保存。复核通过之前，它不回答群众。")


def _hand_in(request: DeskRequest, key: str) -> str:
    knowledge.hand_in(request.actor, key, whole_number(request, "revision"))
    return _("已送复核，请同部门另一位编辑签发。")


def _sign(request: DeskRequest, key: str) -> str:
    knowledge.sign(request.actor, key, whole_number(request, "revision"))
    return _("已签发，几秒内开始回答群众。")


def _confirm(request: DeskRequest, key: str) -> str:
    knowledge.confirm(request.actor, key, whole_number(request, "revision"))
    return _("已确认不变，继续使用。")


def _send_back(request: DeskRequest, key: str) -> str:
    words = request.POST.get("words", "")
    knowledge.send_back(request.actor, key, words, whole_number(request, "revision"))
    return _("已退回成草稿。")


def _withdraw(request: DeskRequest, key: str) -> str:
    words = request.POST.get("words", "")
    knowledge.withdraw(request.actor, key, words, whole_number(request, "revision"))
    return _("已撤下，不再回答群众。")


STEPS: dict[str, Callable[[DeskRequest, str], str]] = {
    "edit": _edit,
    "hand-in": _hand_in,
    "sign": _sign,
    "confirm": _confirm,
    "send-back": _send_back,
    "withdraw": _withdraw,
}


@staff_only
@require_POST
def adopt(request: DeskRequest, number: str) -> HttpResponse:
    """采纳为问答: the answer of a ticket; whoever keeps Q&A reads on there, others stay with the ticket."""
    ticket = reverse("desk:ticket", args=[number])
    try:
        made = knowledge.adopt_answer(request.actor, number)
    except Invalid as error:
        messages.error(request, f"{error.message}{error.hint}{''.join(error.fields.values())}")
        return HttpResponseRedirect(ticket)
    if made.state == "waiting":
        messages.success(request, _("已采纳并送复核，请另一位编辑签发。"))
    elif made.state == "draft":
        messages.success(request, _("已采纳为草稿，请编辑补上依据后送复核。"))
    if not selectors.may_read_answer(request.actor, made):
        return HttpResponseRedirect(ticket)
    return HttpResponseRedirect(reverse("desk:answer", args=[made.key]))


def _page(
    request: DeskRequest,
    key: str,
    *,
    error: ServiceError | None = None,
    wording: Wording | None = None,
) -> HttpResponse:
    found = selectors.get_answer(request.actor, key)
    may_edit = selectors.may_edit_answer(request.actor, found.owner, found.division_code)
    places = knowledge.places_of(request.actor) if may_edit else knowledge.Places((), ())
    filled = selectors.fill(found.answer, selectors.resolver_for([found.answer], found.division_code))
    errors = error.fields if isinstance(error, Invalid) else {}
    context = {
        **frame_of(request),
        **_fields(wording or _wording_of(found), places, errors),
        "row": found,
        "owner_name": owner_names(request.actor).get(found.owner, found.owner),
        "filled": filled,
        "sources": selectors.sources_of(found.sources).items(),
        "may_edit": may_edit,
        "is_author": found.author_id == request.actor.user_id,
        "history": knowledge.history_of(found),
        "error": error,
        "trail": [(_("问答"), reverse("desk:answers")), (found.question[:30], "")],
    }
    return desk_page(request, "desk/answer.html", context, status=error.status if error else 200)


def _wording_of(found: QuestionAnswer) -> Wording:
    return Wording(
        question=found.question,
        answer=found.answer,
        owner=found.owner,
        variants=tuple(found.variants),
        sources=tuple(found.sources),
        audience=found.audience,
        division=found.division_code,
        review_on=found.review_on,
    )
