"""What the case page shows of work moving between people: the forms, who may be asked, what can come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from yueban.accounts.models import User
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.models import Phrase, Task
from yueban.channels.desk.clicks import whole
from yueban.flows import countersign, phrases, route_work
from yueban.kernel.actor import Actor

FORMS = ("hand-on", "send-back", "countersign")
ASKING = frozenset({TaskKind.REVIEW, TaskKind.DECIDE})


@dataclass
class RouteView:
    """Beside the panel of a case: its tasks as work that can be passed on."""

    actor: Actor
    mode: str
    typed: Mapping[str, str]
    tasks: list[Task]

    @cached_property
    def own(self) -> list[Task]:
        """Open tasks of the route that wait for this person."""
        return [
            task
            for task in self.tasks
            if task.kind in route_work.HANDED_ON and approvals.is_open_to(self.actor, task)
        ]

    @cached_property
    def task(self) -> Task | None:
        """The one a form is about: the one asked for, else the first."""
        wanted = whole(self.typed.get("task", ""))
        return next((task for task in self.own if task.pk == wanted), self.own[0] if self.own else None)

    @property
    def form(self) -> str:
        """The form that is open, when it may be."""
        if self.mode not in FORMS or self.task is None:
            return ""
        if self.mode == "countersign" and self.task.kind not in ASKING:
            return ""
        return "" if self.mode == "send-back" and not self.returnable else self.mode

    @property
    def can_ask(self) -> bool:
        """Whether signatures may be asked for beside the task."""
        return self.task is not None and self.task.kind in ASKING

    @property
    def can_arrange(self) -> bool:
        """Whether a look at the place may be arranged beside an own review: once."""
        is_reviewing = self.task is not None and self.task.kind == TaskKind.REVIEW
        return is_reviewing and not any(task.kind == TaskKind.INSPECT for task in self.tasks)

    @cached_property
    def returnable(self) -> list[Task]:
        """Finished steps before the own one."""
        return route_work.returnable(self.tasks, self.actor)

    @cached_property
    def can_take_back(self) -> list[Task]:
        """Own opinions that nobody has built upon."""
        return route_work.can_take_back(self.tasks, self.actor)

    @cached_property
    def colleagues(self) -> list[User]:
        """Who could have the task."""
        return route_work.colleagues_for(self.task, self.actor) if self.task else []

    @cached_property
    def offices(self) -> list[Agency]:
        """Other offices that could have it."""
        return route_work.offices_for(self.task) if self.task else []

    @cached_property
    def signers(self) -> countersign.Choices | None:
        """Who can be asked to sign."""
        return countersign.choices_for(self.actor, self.task) if self.task else None

    @property
    def asked_by_me(self) -> list[Task]:
        """Signatures this person still waits for."""
        return [
            task
            for task in self.tasks
            if task.kind == TaskKind.COUNTERSIGN
            and task.state == TaskState.OPEN
            and task.sent_by_id == self.actor.user_id
        ]

    @cached_property
    def phrases(self) -> list[Phrase]:
        """Standard words for the steps that wait for this person, his own first."""
        return phrases.offered(self.actor, self.own) if self.own else []
