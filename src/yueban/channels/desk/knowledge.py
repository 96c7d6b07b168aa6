"""问答维护: the list of Q&A with its Excel, import, and what of the knowledge waits for somebody."""

from __future__ import annotations

from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.agencies import selectors as agencies
from yueban.assistant import selectors
from yueban.assistant.choices import AnswerState
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exchange_answers, knowledge
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 5000
SHOWN = 200
DUE = "due"


def check_reader(request: DeskRequest) -> None:
    """Editors and supervisors; others are told whose work it is."""
    if not selectors.is_reader(request.actor):
        raise NotAllowed(_("问答由事项编辑维护。"), hint=_("请用事项编辑或监督岗位的账号登录。"))


def frame_of(request: DeskRequest) -> dict[str, Any]:
    """What every page of knowledge carries: the counts beside its tabs, and whether one may write."""
    return {"to_do": knowledge.to_do(request.actor), "may_write": bool(selectors.reaches(request.actor))}


def owner_names(actor: Actor) -> dict[str, str]:
    """Kinds of departments in the actor's list with the names of the city's."""
    owners = selectors.owners_of(actor)
    return {kind: kind for kind in owners} | agencies.names_of_kinds(owners)


def _filters(request: DeskRequest) -> selectors.Filters:
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("text", "state", "owner")}
    if asked["state"] not in {*AnswerState.values, DUE}:
        asked["state"] = ""
    return selectors.Filters(**asked)


@staff_only
@require_safe
def answer_list(request: DeskRequest) -> HttpResponse:
    """Every Q&A of the actor's departments and places."""
    check_reader(request)
    filters, today = _filters(request), clock.today()
    names = owner_names(request.actor)
    page = page_of(request, selectors.answers_found(request.actor, filters, today))
    context = {
        **frame_of(request),
        "page": page,
        "rows": [(one, names.get(one.owner, one.owner)) for one in page.object_list],
        "query": query_without_page(request),
        "filters": filters,
        "states": [*AnswerState.choices, (DUE, _("到期要复核"))],
        "owners": sorted(names.items(), key=lambda pair: pair[1]),
        "today": today,
    }
    return desk_page(request, "desk/answers.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The list as a workbook that can be filled in and imported again."""
    check_reader(request)
    filters = _filters(request)
    rows = selectors.answers_found(request.actor, filters, clock.today())[:MOST_ROWS]
    told = " ".join(one for one in (filters.text, filters.state, filters.owner) if one)
    lines = exchange_answers.take(request.actor, list(rows), filters=told)
    return excel_response(_("问答"), tuple(exchange_answers.COLUMNS), lines)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: DeskRequest) -> HttpResponse:
    """A workbook into drafts, or every mistake with its cell."""
    places = knowledge.places_of(request.actor)
    context: dict[str, Any] = {
        **frame_of(request),
        "owners": places.owners,
        "trail": [(_("问答"), reverse("desk:answers")), (_("导入"), "")],
    }
    status = 200
    if request.method == "POST":
        try:
            done = _import(request)
            context |= {"done": done, "faults": done.faults[:SHOWN]}
            status = 200 if done.is_ok else 422
        except Invalid as error:
            context |= {"error": error}
            status = error.status
    return desk_page(request, "desk/answers_import.html", context, status=status)


def _import(request: DeskRequest) -> exchange_answers.Imported:
    sent = cast("UploadedFile[bytes] | None", request.FILES.get("file"))
    if sent is None:
        raise Invalid(_("还没有选择文件。"), hint=_("请选择填好的 .xlsx 表格。"))
    if (sent.size or 0) > MOST_BYTES:
        raise Invalid(_("文件超过 20 MB。"), hint=_("请分成几份导入。"))
    return exchange_answers.import_answers(request.actor, b"".join(sent.chunks()), name=sent.name or "")
