"""The points a reviewer or checker answers one by one, and what follows from his answers for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.kernel.errors import Invalid

CHOICES_OF = {
    TaskKind.REVIEW: (TaskOutcome.CONFORMS, TaskOutcome.DEVIATES),
    TaskKind.COUNTERSIGN: (TaskOutcome.CONFORMS, TaskOutcome.DEVIATES),
    TaskKind.CHECK: (TaskOutcome.CONFORMS, TaskOutcome.DEVIATES, TaskOutcome.NOT_FOUND),
    TaskKind.RECORDS: (TaskOutcome.NO_RECORD, TaskOutcome.HAS_RECORD),
    TaskKind.LATE: (TaskOutcome.NO_RECORD, TaskOutcome.HAS_RECORD),
}


WEIGHED = (
    TaskOutcome.DEVIATES,
    TaskOutcome.NOT_FOUND,
    TaskOutcome.HAS_RECORD,
    TaskOutcome.NO_RECORD,
)


@dataclass(frozen=True)
class Point:
    """One point with what has been ticked and noted so far."""

    position: int
    text: str
    answer: str
    note: str

    @property
    def field(self) -> str:
        """The name of its radio buttons."""
        return f"check-{self.position}"

    @property
    def note_field(self) -> str:
        """The name of its note."""
        return f"note-{self.position}"


def points_of(task: Task, typed: Mapping[str, str]) -> list[Point]:
    """The task's points in order."""
    return [
        Point(
            position, str(text), typed.get(f"check-{position}", ""), typed.get(f"note-{position}", "").strip()
        )
        for position, text in enumerate(task.checks)
    ]


def checked_answers(task: Task, typed: Mapping[str, str]) -> list[dict[str, object]]:
    """The answers as they are kept; raises Invalid while a point has none."""
    points = points_of(task, typed)
    allowed = {str(choice) for choice in CHOICES_OF.get(TaskKind(task.kind), ())}
    open_points = {point.field: _("请选择。") for point in points if point.answer not in allowed}
    if open_points:
        raise Invalid.of_fields(open_points, _("还有%(count)d个要点没有核对。") % {"count": len(open_points)})
    return [{"check": point.text, "answer": point.answer, "note": point.note[:500]} for point in points]


def outcome_of(answers: list[dict[str, object]]) -> TaskOutcome:
    """不符合 outweighs 查无记录, and that outweighs 符合; 有记录 outweighs 无记录."""
    given = {answer["answer"] for answer in answers}
    for outcome in WEIGHED:
        if outcome in given:
            return outcome
    return TaskOutcome.CONFORMS
