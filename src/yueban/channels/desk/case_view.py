"""Everything the case page shows, gathered once; used for reading it and for showing it again after a refusal."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.models import Objection, Task
from yueban.cases import selectors as cases
from yueban.cases.choices import ENDED, CaseEvent, CaseState
from yueban.cases.models import Case, CaseMaterial, SpecialProcedure
from yueban.certificates import selectors as certificates
from yueban.channels.desk.access import DeskRequest
from yueban.channels.desk.bundle_cases import block_of
from yueban.channels.desk.checklist import CHOICES_OF, Point, points_of
from yueban.channels.desk.form_view import chosen_delivery, form_sections
from yueban.channels.desk.inbox import TaskRow, task_rows
from yueban.channels.desk.notice_view import notice_views
from yueban.channels.desk.other_acts import ASIDE, Group, other_acts
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.papers_view import MaterialView, material_views, tabs_of
from yueban.channels.desk.relay_view import relay_view
from yueban.channels.desk.route_view import RouteView
from yueban.channels.desk.turn_forms import TurnForm, filled, turn_forms
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.documents import selectors as documents
from yueban.flows import oversee
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, ServiceError
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties

RAIL_LENGTH = 30
STEPS = frozenset({*CHOICES_OF, TaskKind.INSPECT, TaskKind.NOTICE, TaskKind.OBJECTION, TaskKind.DECIDE})
GONE = frozenset({TaskState.CANCELLED, TaskState.RETURNED})
# Forms that take the place of the buttons: the move they need, by their name in the address.
FORMS = {
    "supplement": CaseEvent.REQUEST_SUPPLEMENT,
    "refuse-acceptance": CaseEvent.REFUSE_ACCEPTANCE,
    "return": CaseEvent.RETURN,
    "terminate": CaseEvent.TERMINATE,
    "grant": CaseEvent.GRANT,
    "refuse": CaseEvent.REFUSE,
}
DECISIONS = frozenset({"grant", "refuse"})
# Forms whose document can be looked at before it is sent.
PREVIEWED = DECISIONS | {"supplement", "refuse-acceptance", "return"}


@dataclass(frozen=True)
class OwnTask:
    """An open review or check of this person, with his answers so far."""

    task: Task
    row: TaskRow
    points: list[Point]
    choices: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]
    opinion: str


@dataclass
class Panel:
    """The right column: what this person may do with the case now."""

    case: Case
    actor: Actor
    mode: str
    typed: Mapping[str, str]
    tasks: list[Task]
    errors: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def route(self) -> RouteView:
        """Work that moves between people."""
        return RouteView(self.actor, self.mode, self.typed, self.tasks)

    @property
    def inspections(self) -> list[Task]:
        """Inspections that wait for this person."""
        return [task for task in self.tasks if task.kind == TaskKind.INSPECT and self._is_open_to_me(task)]

    @cached_property
    def moves(self) -> frozenset[CaseEvent]:
        """Moves open to the person; a notice of what is missing only once, unless a supervisor allowed another."""
        found = cases.moves_open_to(self.case, self.actor)
        asked = self.case.supplements_asked and CaseEvent.REQUEST_SUPPLEMENT in found
        if asked and not cases.is_open(self.case, CaseEvent.REQUEST_SUPPLEMENT, self.actor):
            return found - {CaseEvent.REQUEST_SUPPLEMENT}
        return found

    @property
    def form(self) -> str:
        """The form that is open, when its move is."""
        if self.turn is not None:
            return self.turn.key
        return self.mode if FORMS.get(self.mode) in self.moves else ""

    @property
    def has_form(self) -> bool:
        """Whether a form takes the place of the acts."""
        return bool(self.form or self.route.form)

    @cached_property
    def turns(self) -> list[TurnForm]:
        """The forms off the straight way that this person may fill in now."""
        return turn_forms(self.case, self.actor)

    @cached_property
    def turn(self) -> TurnForm | None:
        """The one of them that is open, with what was typed."""
        found = next((form for form in self.turns if form.key == self.mode), None)
        return filled(found, self.typed, self.errors) if found else None

    @property
    def due_turns(self) -> list[TurnForm]:
        """Those for which a task of this person is open."""
        waiting = {task.kind for task in self.tasks if self._is_open_to_me(task)}
        return [form for form in self.turns if form.task in waiting]

    @cached_property
    def aside_turns(self) -> dict[str, TurnForm]:
        """Those that stand beside their reason, by their keys as a template can say them."""
        return {form.key.replace("-", "_"): form for form in self.turns if self._is_aside(form.key)}

    def _is_aside(self, key: str) -> bool:
        is_extending = key in ("extend", "refuse-extension")
        return key in ASIDE and (not is_extending or self.extension is not None)

    @property
    def other_turns(self) -> list[TurnForm]:
        """Those that he may fill in besides."""
        return [form for form in self.turns if not self._is_aside(form.key)]

    @cached_property
    def others(self) -> list[Group]:
        """Everything beside the main act, in groups."""
        return other_acts(self)

    @cached_property
    def procedure(self) -> SpecialProcedure | None:
        """The special procedure under way."""
        return cases.running_procedure(self.case) if self.case.state == CaseState.SUSPENDED else None

    @property
    def overrun(self) -> int:
        """By how many working days it lasts longer than planned."""
        return cases.overrun(self.procedure) if self.procedure else 0

    @cached_property
    def extension(self) -> SpecialProcedure | None:
        """An extension that waits for the decider."""
        return None if self.case.state in ENDED else cases.asked_extension(self.case)

    @cached_property
    def owed(self) -> list[CaseMaterial]:
        """What the applicant still owes."""
        may_owe = self.case.state in (CaseState.TOLERATED, CaseState.SUSPENDED)
        return cases.owed(self.case) if may_owe else []

    @property
    def is_deciding(self) -> bool:
        """Whether a decision is being written, whose document is looked at before it is signed."""
        return self.form in DECISIONS

    @property
    def has_preview(self) -> bool:
        """Whether the open form's document can be looked at beside it."""
        return self.form in PREVIEWED or (self.turn is not None and self.turn.has_preview)

    @property
    def can_unmask(self) -> bool:
        """Whether an open task here lets this person see masked numbers whole."""
        return any(self._is_open_to_me(task) for task in self.tasks)

    @property
    def can_receive(self) -> bool:
        """收件."""
        return CaseEvent.RECEIVE in self.moves

    @property
    def can_accept(self) -> bool:
        """受理."""
        return CaseEvent.ACCEPT in self.moves

    @property
    def can_ask(self) -> bool:
        """告知补正."""
        return CaseEvent.REQUEST_SUPPLEMENT in self.moves

    @property
    def can_return(self) -> bool:
        """退件."""
        return CaseEvent.RETURN in self.moves

    @property
    def can_terminate(self) -> bool:
        """终止办理."""
        return CaseEvent.TERMINATE in self.moves

    @property
    def can_decide(self) -> bool:
        """决定."""
        return CaseEvent.GRANT in self.moves

    @property
    def can_relay(self) -> bool:
        """记回编号: only where the item runs in another system."""
        return CaseEvent.RELAY in self.moves and any(
            task.kind == TaskKind.RELAY and task.state == TaskState.OPEN for task in self.tasks
        )

    @property
    def can_tell_relay(self) -> bool:
        """记回状态."""
        return CaseEvent.CLOSE_RELAYED in self.moves

    @property
    def can_deliver(self) -> bool:
        """送达."""
        return CaseEvent.DELIVER in self.moves

    @cached_property
    def own_tasks(self) -> list[OwnTask]:
        """Reviews and checks that wait for this person."""
        mine = [task for task in self.tasks if self._is_mine(task)]
        return [
            OwnTask(
                row.task,
                row,
                points_of(row.task, self.typed if self._is_typed(row.task) else {}),
                tuple((str(choice), str(choice.label)) for choice in CHOICES_OF[TaskKind(row.task.kind)]),
                self.errors if self._is_typed(row.task) else {},
                self.typed.get("opinion", "") if self._is_typed(row.task) else "",
            )
            for row in task_rows(mine)
        ]

    def _is_mine(self, task: Task) -> bool:
        return task.kind in CHOICES_OF and self._is_open_to_me(task)

    def _is_open_to_me(self, task: Task) -> bool:
        return approvals.is_open_to(self.actor, task)

    def _is_typed(self, task: Task) -> bool:
        return self.typed.get("task", str(task.pk)) == str(task.pk)

    @cached_property
    def objections(self) -> list[tuple[TaskRow, Objection]]:
        """Objections that wait for this person's answer, each with its task's light."""
        kind = TaskKind.OBJECTION
        mine = [task for task in self.tasks if task.kind == kind and self._is_open_to_me(task)]
        found = [(row, approvals.find_objection(row.task.pk)) for row in task_rows(mine)]
        return [(row, objection) for row, objection in found if objection is not None]

    @property
    def has_notice(self) -> bool:
        """Whether something of this case is or was announced to everybody."""
        return any(task.kind == TaskKind.NOTICE and task.opened_at for task in self.tasks)

    @property
    def oversight_tasks(self) -> list[Task]:
        """A supervisor's questions that wait for this person."""
        return [task for task in self.tasks if task.kind == TaskKind.OVERSEE and self._is_open_to_me(task)]

    @property
    def aftercheck_tasks(self) -> list[Task]:
        """Promises whose later check waits for this person."""
        return [task for task in self.tasks if task.kind == TaskKind.AFTERCHECK and self._is_open_to_me(task)]

    @property
    def steps(self) -> list[Task]:
        """Reviews, checks and the decision, in the order of the route."""
        return [task for task in self.attempts if task.state not in GONE]

    @property
    def attempts(self) -> list[Task]:
        """The same with what was sent back or taken back."""
        return [task for task in self.tasks if task.kind in STEPS and task.state != TaskState.CANCELLED]

    @property
    def answered(self) -> list[Task]:
        """Reviews and checks that are done, with what they found."""
        return [task for task in self.tasks if task.kind in CHOICES_OF and task.state == TaskState.DONE]

    @property
    def chosen_delivery(self) -> str:
        """How the applicant wants to get the result."""
        return chosen_delivery(self.case)

    @property
    def delivery(self) -> str:
        """The way of delivery that is ticked: what was typed, or what the applicant chose."""
        return self.typed.get("method") or self.chosen_delivery

    @property
    def waiting_count(self) -> int:
        """How many opinions are still out."""
        return sum(task.state == TaskState.OPEN and task.kind in CHOICES_OF for task in self.tasks)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits for this person here."""
        return not (self.has_main or self.due_turns or self.aftercheck_tasks)

    @property
    def has_main(self) -> bool:
        """Whether a step of the straight way waits for this person."""
        return bool(
            self.can_receive
            or self.can_accept
            or self.can_decide
            or self.can_deliver
            or self.can_relay
            or self.can_tell_relay
            or self.own_tasks
            or self.inspections
            or self.objections
        )

    @property
    def kept_words(self) -> list[str]:
        """What was typed into a form that is no longer there, so that it can be copied."""
        names = ("reason", "opinion", "proof", "receipt_number", "note")
        return [
            text.strip()
            for name, text in self.typed.items()
            if (name in names or name.startswith(("what-", "note-"))) and text.strip()
        ]


def render_case(
    request: DeskRequest,
    number: str,
    *,
    mode: str,
    typed: Mapping[str, str],
    error: ServiceError | None = None,
    status: int = 200,
    is_unmasked: bool = False,
) -> HttpResponse:
    """The page of a case the person may see; raises CaseNotFound for any other number."""
    case = cases.get_case(request.actor, number)
    cases.keep_reads(case)
    reference = Reference("case", case.number)
    errors = error.fields if isinstance(error, Invalid) else {}
    panel = Panel(case, request.actor, mode, typed, list(approvals.tasks_of(reference)), errors)
    materials = material_views(case, typed, tasks=panel.tasks)
    issued = list(documents.documents_of(reference))
    rail = task_rows(approvals.inbox(request.actor)[:RAIL_LENGTH])
    tabs = tabs_of(materials, documents=len(issued), has_notice=panel.has_notice)
    paper = _paper_of(request, tabs)
    oversight = oversee.find(case)
    context = {
        "case": case,
        "panel": panel,
        "words": cases.outcome_words(case),
        "tabs": tabs,
        "paper": paper,
        "shows_preview": panel.is_deciding and "paper" not in request.GET and not is_unmasked,
        "materials": materials,
        "documents": issued,
        "lights": [(ClockKind(light.kind).label, light) for light in cases.lights(case)],
        "oversight": oversight,
        "is_pressed": oversight is not None and oversight.state != oversee.CLOSE,
        "relayed": relay_view(case),
        "staff_step": _staff_step(panel),
        "rail": rail,
        "next_task": _next_task([row.task for row in rail], number),
        "typed": typed,
        "is_unmasked": is_unmasked,
        "error": error,
        "field_errors": errors,
        "key": uuid.uuid4().hex,
        **block_of(request, case),
        **_paper_content(case, paper, materials),
    }
    return desk_page(request, "desk/case.html", context, status=status)


def _next_task(tasks: list[Task], number: str) -> Task | None:
    """The task of another case that comes after this one in the inbox; after the last the first."""
    here = [position for position, task in enumerate(tasks) if task.reference_number == number]
    start = here[-1] + 1 if here else 0
    ordered = tasks[start:] + tasks[:start]
    return next((task for task in ordered if task.reference_number != number), None)


def _staff_step(panel: Panel) -> str:
    """What the case waits for, as colleagues say it."""
    case = panel.case
    if case.state in ENDED:
        return _("这件办件已结束：%(state)s。") % {"state": case.get_state_display()}
    if case.state == CaseState.SUPPLEMENTING:
        return _("等申请人补正材料。")
    if until := cases.held_until([case]).get(case.number):
        told = _(
            "同步发证：等同一件事的其他事项，最晚%(day)s放行；放行前不告诉申请人、不送达，证照不能使用。"
        )
        return told % {"day": clock.written(until)}
    waiting = [task for task in panel.tasks if task.state == TaskState.OPEN]
    if [task.kind for task in waiting] == [TaskKind.NOTICE]:
        return _("正在公示；到期没有异议的，自动进入下一步。")
    names = "、".join(f"{task.agency.short_name}（{task.name}）" for task in waiting)
    return _("现在由%(names)s办理。") % {"names": names} if names else _("现在没有等人办的事。")


def _paper_of(request: DeskRequest, tabs: list[Any]) -> str:
    # What a form was sent for counts before the address it was sent to.
    asked = request.POST.get("paper") or request.GET.get("paper", "")
    return asked if asked in {tab.key for tab in tabs} else "form"


def _paper_content(case: Case, paper: str, materials: list[MaterialView]) -> dict[str, Any]:
    """Only what the open tab needs."""
    reference = Reference("case", case.number)
    match paper:
        case "form":
            return {"sections": form_sections(case)}
        case "timeline":
            return {"timeline": cases.timeline(case, for_staff=True)}
        case "clocks":
            rows = list(clocks.clocks_of(reference))
            return {"clocks": list(zip(rows, clocks.lights_of(rows), strict=True))}
        case "notices":
            return {"notices": notice_views(case)}
        case "documents":
            mandate = parties.find_mandate(case.mandate_number) if case.mandate_number else None
            return {"certificates": list(certificates.certificates_for(reference)), "mandate": mandate}
        case "opinions":
            return {}
    return {"view": next(view for view in materials if f"m-{view.material.key}" == paper)}
