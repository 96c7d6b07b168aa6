"""The lists of the desk: what must be done, what was done, and the cases one may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.models import Task
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.cases.models import Case
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.money_waiting import money_waiting
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_found_once, page_of, query_without_page
from yueban.channels.shared.serving import disposition
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import Light
from yueban.clocks.selectors import ClockLight
from yueban.flows import export_cases as export_flow
from yueban.flows import inform, knowledge
from yueban.flows import stream_cases as stream_flow
from yueban.kernel.actor import Actor
from yueban.notifications import selectors as notifications

MAX_TEXT = 60
REMINDERS_SHOWN = 8
MOST_LOOKED_AT = 1_000  # by a light or as overdue: each of them is looked at, clock by clock
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIGHTS = {str(light): str(light.label) for light in Light} | {cases.UNTIMED: "不在计时"}


@dataclass(frozen=True)
class TaskRow:
    """A task with the light of its limit."""

    task: Task
    light: ClockLight | None
    stands_in_for: str = ""


@dataclass(frozen=True)
class CaseRow:
    """A case with the light of its nearest clock."""

    case: Case
    light: ClockLight | None


@dataclass(frozen=True)
class Filters:
    """The filters of a list as they stand in the address; what is not known is ignored."""

    text: str = ""
    item: str = ""
    kind: str = ""
    overdue: str = ""
    light: str = ""
    agency: str = ""

    @classmethod
    def of(cls, request: HttpRequest, kinds: Iterable[str]) -> "Filters":
        """Read the address, or the form that carries them on."""
        sent = request.POST if request.method == "POST" else request.GET
        kind, light = sent.get("kind", ""), sent.get("light", "")
        return cls(
            text=sent.get("text", "").strip()[:MAX_TEXT],
            item=sent.get("item", "").strip()[:200],
            kind=kind if kind in set(kinds) else "",
            overdue="1" if sent.get("overdue") == "1" else "",
            light=light if light in LIGHTS else "",
            agency=sent.get("agency", "")[:60],
        )

    @property
    def set_ones(self) -> dict[str, str]:
        """Those that narrow, by name."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def is_set(self) -> bool:
        """Whether any filter narrows the list."""
        return any((self.text, self.item, self.kind, self.overdue, self.light, self.agency))


@staff_only
@require_safe
def inbox(request: DeskRequest) -> HttpResponse:
    """待办: everything this person must do, the most urgent first."""
    filters = Filters.of(request, TaskKind.values)
    everything = approvals.inbox(request.actor)
    page = page_of(request, filtered_tasks(everything, filters))
    context = {
        "page": page,
        "query": query_without_page(request),
        "rows": task_rows(page.object_list, request.actor),
        "filters": filters,
        "items": sorted(set(everything.order_by().values_list("title", flat=True).distinct())),
        "kinds": TaskKind.choices,
        "money": money_waiting(request.actor),
        "answers_to_do": knowledge.to_do(request.actor),
        "reminders": notifications.reminders(request.actor)[:REMINDERS_SHOWN],
    }
    return desk_page(request, "desk/inbox.html", context)


@staff_only
@require_POST
def reminders_read(request: DeskRequest) -> HttpResponse:
    """知道了: the reminders leave the inbox; the work itself stays there."""
    inform.mark_reminders_read(request.actor)
    return redirect("desk:inbox")


@staff_only
@require_safe
def done(request: DeskRequest) -> HttpResponse:
    """已办: what this person has finished, newest first."""
    filters = Filters.of(request, TaskKind.values)
    page = page_of(request, filtered_tasks(approvals.done_by(request.actor), filters))
    context = {
        "page": page,
        "query": query_without_page(request),
        "filters": filters,
        "kinds": TaskKind.choices,
    }
    return desk_page(request, "desk/done.html", context)


@staff_only
@require_safe
def case_list(request: DeskRequest) -> HttpResponse:
    """办件: the cases this person may see; for a supervisor those of his division, with lights."""
    filters = Filters.of(request, CaseState.values)
    # The agencies of a page are read after it: joined, they are matched with every case that a filter finds.
    visible = cases.cases_visible_to(request.actor).prefetch_related("agency")
    urgent = cases.urgent_first(visible, filters.set_ones)
    page = _case_page(request, visible, filters, urgent)
    context = {
        "page": page,
        "query": query_without_page(request),
        "rows": case_rows(list(page.object_list)),
        "filters": filters,
        "states": CaseState.choices,
        "light_word": LIGHTS.get(filters.light, ""),
        "is_by_urgency": urgent is not None,
    }
    return desk_page(request, "desk/cases.html", context)


def _case_page(
    request: DeskRequest, visible: QuerySet[Case], filters: Filters, urgent: QuerySet[Any, str] | None
) -> Page[Case]:
    if urgent is not None:
        return page_found_once(request, urgent, visible, by="number", most=MOST_LOOKED_AT)
    found = filtered_cases(visible, filters).order_by("-applied_at", "-pk")
    if filters.light:
        keys = found.values_list("pk", flat=True)
        return page_found_once(request, keys, visible, most=MOST_LOOKED_AT)
    return page_of(request, found)


@staff_only
@require_safe
def export_cases(request: DeskRequest) -> HttpResponse:
    """The list with its filters as an Excel sheet; a long one is for the worker. The export is recorded."""
    filters = Filters.of(request, CaseState.values).set_ones
    if export_flow.is_long(request.actor, filters):
        return redirect(f"{reverse('desk:exports')}?new=1&{request.GET.urlencode()}")
    content = export_flow.export(request.actor, filters)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = disposition(export_flow.file_name(), is_inline=False)
    return response


@staff_only
@require_safe
def stream_cases(request: DeskRequest) -> StreamingHttpResponse:
    """The same list as CSV, sent while it is read: nobody waits for the whole."""
    filters = Filters.of(request, CaseState.values)
    told = "；".join(name for name, value in vars(filters).items() if value)
    parts = stream_flow.stream(request.actor, lambda rows: filtered_cases(rows, filters), filters=told)
    response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(stream_flow.file_name(), is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


def filtered_tasks(tasks: QuerySet[Task], filters: Filters) -> QuerySet[Task]:
    """Tasks that match every filter set."""
    if filters.text:
        tasks = tasks.filter(
            Q(applicant_name__icontains=filters.text)
            | Q(title__icontains=filters.text)
            | Q(reference_number__startswith=filters.text)
        )
    if filters.item:
        tasks = tasks.filter(title=filters.item)
    if filters.kind:
        tasks = tasks.filter(kind=filters.kind)
    return tasks.filter(clocks.overdue()) if filters.overdue else tasks


def filtered_cases(visible: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    """Cases that match every filter set."""
    return cases.narrowed(visible, filters.set_ones)


def task_rows(tasks: Iterable[Task], actor: Actor | None = None) -> list[TaskRow]:
    """Tasks with their lights, and for whom the actor stands in; one query however many."""
    found = list(tasks)
    timed = [task for task in found if task.due_on]
    lights = clocks.lights_until((task.due_on, task.division_code) for task in timed if task.due_on)
    by_task = {task.pk: light for task, light in zip(timed, lights, strict=True)}
    return [TaskRow(task, by_task.get(task.pk), _stood_in_for(actor, task)) for task in found]


def _stood_in_for(actor: Actor | None, task: Task) -> str:
    post = approvals.acting_for(actor, task) if actor is not None and actor.stood_in_for else None
    return post.stands_in_name if post else ""


def case_rows(found: Sequence[Case]) -> list[CaseRow]:
    """Cases with the light of the nearest live clock; two queries however many."""
    lights = cases.nearest_lights(found)
    return [CaseRow(case, lights.get(case.number)) for case in found]
