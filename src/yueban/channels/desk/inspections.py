"""现场核查 on a phone: what was found, pictures taken at the place, the confirmation of both officers."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import InspectionState, TaskKind, TaskState
from yueban.approvals.models import Inspection, Task
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.checklist import Point, points_of
from yueban.channels.desk.clicks import whole
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.serving import stored_file_response
from yueban.files.errors import FileNotFound
from yueban.flows import assist_papers
from yueban.flows import inspect_place as flow
from yueban.kernel import clock
from yueban.kernel.errors import Invalid, NotFound, ServiceError

CHOICES = (("conforms", "符合"), ("deviates", "不符合"))
SAID = {"photo": "照片已存入记录。", "save": "记录已保存。"}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def inspection(request: DeskRequest, task: int) -> HttpResponse:
    """The record of one inspection: being written, to be confirmed, or confirmed."""
    if request.method != "POST":
        return _page(request, task)
    go = request.POST.get("go", "save")
    try:
        _save(request, task)
        _then(request, task, go)
    except NotFound:
        raise
    except ServiceError as error:
        return _page(request, task, typed=request.POST.dict(), error=error, status=error.status)
    if go == "autosave":
        _case, _task, record = flow.find(request.actor, task)
        return JsonResponse({"revision": record.revision if record else 0})
    messages.success(request, SAID.get(go) or _("记录已签，等第二名核查人员确认。"))
    return HttpResponseRedirect(reverse("desk:inspection", args=[task]))


def _save(request: DeskRequest, task_id: int) -> None:
    _case, task, _record = flow.find(request.actor, task_id)
    answers = [
        {"check": point.text, "answer": point.answer, "note": point.note[:500]}
        for point in points_of(task, request.POST.dict())
        if point.answer in dict(CHOICES)
    ]
    text = request.POST.get("revision", "")
    flow.save(
        request.actor,
        task_id,
        request.POST.dict(),
        answers,
        revision=whole(text) if text.isdecimal() else None,
    )


def _then(request: DeskRequest, task_id: int, go: str) -> None:
    upload = request.FILES.get("photo")
    if go == "photo" and upload is None:
        raise Invalid.of_fields({"photo": _("请先拍照或者选择照片。")})
    if upload is not None and upload.file is not None:
        flow.add_photo(
            request.actor,
            task_id,
            upload.file,
            name=upload.name or "photo.jpg",
            caption=request.POST.get("caption", ""),
        )
    if go == "sign":
        pad = request.POST.get("pad", "")
        flow.sign(request.actor, task_id, strokes=assist_papers.read_strokes(pad) if pad else ())


def _page(
    request: DeskRequest,
    task_id: int,
    *,
    typed: Mapping[str, str] | None = None,
    error: ServiceError | None = None,
    status: int = 200,
) -> HttpResponse:
    case, task, record = flow.find(request.actor, task_id)
    fields = error.fields if isinstance(error, Invalid) else {}
    context = {
        "case": case,
        "task": task,
        "record": record,
        "photos": approvals.photos_of(record) if record else [],
        "points": _points(task, record, typed),
        "choices": CHOICES,
        "typed": typed or _typed(record),
        "officers": flow.officers(task, request.actor),
        "is_writing": _is_writing(request, task, record),
        "is_second": _is_second(request, record),
        "error": error,
        "fields": fields,
        "errors": [(f"f-{name}", words) for name, words in fields.items()],
        "now": f"{clock.now().astimezone(clock.BEIJING):%Y-%m-%dT%H:%M}",
        "trail": [
            (_("待办"), reverse("desk:inbox")),
            (case.number, reverse("desk:case", args=[case.number])),
        ],
    }
    return desk_page(request, "desk/inspection.html", context, status=status)


def _points(task: Task, record: Inspection | None, typed: Mapping[str, str] | None) -> list[Point]:
    if typed is not None or record is None:
        return points_of(task, typed or {})
    told = {str(answer["check"]): answer for answer in record.answers}
    return [
        Point(
            at, str(text), str(told.get(text, {}).get("answer", "")), str(told.get(text, {}).get("note", ""))
        )
        for at, text in enumerate(task.checks)
    ]


def _typed(record: Inspection | None) -> dict[str, Any]:
    if record is None:
        return {}
    at = record.inspected_at.astimezone(clock.BEIJING) if record.inspected_at else None
    return {
        "place": record.place,
        "inspected_at": f"{at:%Y-%m-%dT%H:%M}" if at else "",
        "finding": record.finding,
        "outcome": record.outcome,
        "attended_by": record.attended_by,
        "second": str(record.second_id or ""),
    }


def _is_writing(request: DeskRequest, task: Task, record: Inspection | None) -> bool:
    is_draft = record is None or record.state == InspectionState.DRAFT
    is_first = not task.group.startswith("inspect-")
    return (
        is_draft and is_first and task.kind == TaskKind.INSPECT and approvals.is_open_to(request.actor, task)
    )


def _is_second(request: DeskRequest, record: Inspection | None) -> bool:
    return (
        record is not None
        and record.state == InspectionState.SIGNED
        and record.second_id == request.actor.user_id
        and record.task.state == TaskState.OPEN
    )


@staff_only
@require_POST
def inspection_step(request: DeskRequest, task: int, act: str) -> HttpResponse:
    """The second officer confirms or sends the record back; a picture is taken off."""
    back = HttpResponseRedirect(reverse("desk:inspection", args=[task]))
    try:
        if act == "confirm":
            record = flow.confirm(request.actor, task)
            messages.success(request, _("两名核查人员都已确认，现场核查记录正在生成。"))
            return HttpResponseRedirect(reverse("desk:case", args=[record.task.reference_number]))
        if act == "dispute":
            flow.dispute(request.actor, task, request.POST.get("reason", ""))
            messages.success(request, _("记录已退回第一名核查人员修改。"))
            return HttpResponseRedirect(reverse("desk:inbox"))
        flow.remove_photo(request.actor, task, request.POST.get("remove", ""))
    except NotFound:
        raise
    except ServiceError as error:
        return _page(request, task, typed=None, error=error, status=error.status)
    messages.success(request, _("照片已去掉。"))
    return back


@staff_only
@xframe_options_sameorigin
@require_safe
def inspection_photo(request: DeskRequest, task: int, number: str) -> FileResponse:
    """A picture of the place, for whoever may see the case."""
    _case, _task, record = flow.find(request.actor, task)
    photos = approvals.photos_of(record) if record else []
    found = next((photo for photo in photos if photo.file.number == number), None)
    if found is None:
        raise FileNotFound(_("找不到这张照片。"), hint=_("请从现场核查记录重新打开。"))
    return stored_file_response(found.file)
