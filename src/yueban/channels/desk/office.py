"""The work of an office: who has how much, evened out; many tasks at once where that is safe."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.models import Task
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.clicks import whole
from yueban.channels.desk.inbox import task_rows
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import bulk as flow
from yueban.flows import exports, route_work, stand_in
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed

Again = Callable[[Mapping[str, str], Mapping[str, str]], HttpResponse]
COLUMNS = ("按", "名称", "待办", "已接办", "超期", "本周办结")


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workload(request: DeskRequest) -> HttpResponse:
    """工作量: by person and item; below what is open, to be handed to a colleague."""
    headed = _headed(request.actor)
    if request.method != "POST":
        return _workload_page(request, headed, {}, {})
    return _results(
        request,
        lambda: _handed(request),
        lambda errors, typed: _workload_page(request, headed, errors, typed),
    )


def _headed(actor: Actor) -> frozenset[str]:
    headed = stand_in.headed_agencies(actor)
    if not headed:
        raise NotAllowed(_("工作量由本单位负责人查看。"), hint=_("请用决定或监督岗位的账号登录。"))
    return headed


def _workload_page(
    request: DeskRequest, headed: frozenset[str], errors: Mapping[str, str], typed: Mapping[str, str]
) -> HttpResponse:
    person, item = request.GET.get("person", ""), request.GET.get("item", "")[:200]
    page = page_of(
        request, _narrowed(approvals.open_tasks_at(headed), person, item, request.GET.get("overdue"))
    )
    found = approvals.workload(headed)
    context = {
        "load": found,
        "page": page,
        "rows": task_rows(page.object_list),
        "query": query_without_page(request),
        "staff": [user for code in sorted(headed) for user in agencies.staff_at(code, roles.PASSED_ON)],
        "person": person,
        "item": item,
        "overdue": request.GET.get("overdue") == "1",
        "narrowed_to": next((load.name for load in found.people if load.key == person), item),
        **_form(errors, typed),
    }
    return desk_page(request, "desk/workload.html", context, status=422 if errors else 200)


def _narrowed(tasks: QuerySet[Task], person: str, item: str, overdue: str | None) -> QuerySet[Task]:
    if person:
        tasks = tasks.filter(taken_by_id=whole(person) or None)
    if item:
        tasks = tasks.filter(title=item)
    return tasks.filter(due_on__lt=clock.today()) if overdue == "1" else tasks


@staff_only
@require_safe
def export_workload(request: DeskRequest) -> HttpResponseBase:
    """The same as an Excel file."""
    found = approvals.workload(_headed(request.actor))
    exports.record(request.actor, what="工作量", rows=len(found.people) + len(found.items), filters="")
    return excel_response(_("工作量"), COLUMNS, _rows(found))


def _rows(found: approvals.Workload) -> Iterator[tuple[Value, ...]]:
    for name, loads in (("人员", found.people), ("事项", found.items)):
        for load in loads:
            yield name, load.name, load.open, load.taken, load.overdue, load.done


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: DeskRequest) -> HttpResponse:
    """批量办理: what waits, of one item and step, to be taken, handed on, or reviewed as conforming."""
    if request.method != "POST":
        return _bulk_page(request, {}, {})
    act = request.POST.get("go", "")
    do = {"take": _taken, "hand": _handed, "conform": _conforming}.get(act, _taken)
    return _results(request, partial(do, request), partial(_bulk_page, request))


def _bulk_page(request: DeskRequest, errors: Mapping[str, str], typed: Mapping[str, str]) -> HttpResponse:
    everything = approvals.inbox(request.actor)
    groups = sorted(set(everything.order_by().values_list("title", "key", "name", "kind").distinct()))
    wanted = request.POST.get("group") or request.GET.get("group", "")
    group = next((one for one in groups if f"{one[0]}|{one[1]}" == wanted), groups[0] if groups else None)
    tasks = everything.filter(title=group[0], key=group[1])[: flow.MOST] if group else []
    rows = task_rows(tasks, request.actor)
    context = {
        "groups": [(f"{title}|{key}", f"{title} · {name}") for title, key, name, _kind in groups],
        "group": f"{group[0]}|{group[1]}" if group else "",
        "rows": rows,
        "may_conform": group is not None and group[3] == TaskKind.REVIEW,
        "staff": route_work.colleagues_for(rows[0].task, request.actor) if rows else [],
        "points": rows[0].task.checks if rows else [],
        **_form(errors, typed),
    }
    return desk_page(request, "desk/bulk.html", context, status=422 if errors else 200)


def _form(errors: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, object]:
    return {
        "errors": [(f"f-{name}", words) for name, words in errors.items()],
        "fields": errors,
        "typed": typed,
        "key": uuid.uuid4().hex[:24],
    }


def _results(request: DeskRequest, do: Callable[[], list[flow.Result]], again: Again) -> HttpResponse:
    """What became of each, or the page again with what is wrong."""
    try:
        results = do()
    except Invalid as error:
        return again(error.fields or {"tasks": error.message}, request.POST.dict())
    failed = [result for result in results if not result.is_done]
    context = {"results": results, "done": len(results) - len(failed), "failed": failed, "back": request.path}
    return desk_page(request, "desk/bulk_result.html", context)


def _ticked(request: DeskRequest) -> list[int]:
    return [whole(one) for one in request.POST.getlist("tasks")]


def _key(request: DeskRequest) -> str:
    return request.POST.get("key", "")[:24]


def _taken(request: DeskRequest) -> list[flow.Result]:
    return flow.take(request.actor, _ticked(request))


def _handed(request: DeskRequest) -> list[flow.Result]:
    posted = request.POST
    return flow.hand(
        request.actor,
        _ticked(request),
        user_id=whole(posted.get("to", "")),
        reason=posted.get("reason", ""),
        key=_key(request),
    )


def _conforming(request: DeskRequest) -> list[flow.Result]:
    posted = request.POST
    return flow.conform(
        request.actor,
        _ticked(request),
        opinion=posted.get("opinion", ""),
        has_checked=posted.get("has_checked") == "1",
        key=_key(request),
    )
