"""One press of a button on a case page, and the task that its form names."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.errors import TaskTaken
from yueban.approvals.models import Task
from yueban.cases import selectors as cases
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference

LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Click:
    """One press of a button: who, on what, from which reading of the page, with which words."""

    actor: Actor
    number: str
    revision: int | None
    key: str
    typed: Mapping[str, str]
    lists: Mapping[str, list[str]]

    def text(self, name: str) -> str:
        """A typed text, without the space around it."""
        return self.typed.get(name, "").strip()

    def many(self, name: str) -> list[str]:
        """Everything ticked under one name."""
        return self.lists.get(name, [])

    def whole(self, name: str) -> int:
        """A whole number; 0 where none was given."""
        return whole(self.text(name))


def whole(text: str) -> int:
    """A whole number out of a form; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


def task_of(click: Click, *kinds: TaskKind) -> Task:
    """The task named by the form, of a case the person may see."""
    case = cases.get_case(click.actor, click.number)
    task = approvals.tasks_of(Reference("case", case.number)).filter(pk=click.whole("task")).first()
    if task is None or (kinds and task.kind not in kinds):
        raise TaskTaken(_("这件办件上没有这项待办。"), hint=_("请刷新页面查看最新进度。"))
    return task
