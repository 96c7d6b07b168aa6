"""What the addresses of the looked-at pages are made of."""

from dataclasses import dataclass, field

from tests import people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.cases.models import Case
from yueban.flows import review


@dataclass
class Numbers:
    """What the addresses of pages are made of: `cases` by state, `codes` of documents by kind."""

    draft_new: str = ""
    draft_half: str = ""
    draft_full: str = ""
    file: str = ""
    cases: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def fill(self, address: str) -> str:
        """`/my/cases/{ready}/` with the number of the case in that state."""
        own = {"draft_new": self.draft_new, "draft_half": self.draft_half, "draft_full": self.draft_full}
        return address.format_map({**own, "file": self.file, **self.cases, **self.codes})


def reviewed(case: Case, outcome: TaskOutcome = TaskOutcome.CONFORMS) -> Case:
    """A case all of whose opinions are in."""
    for who, kind in (
        (people.VEHICLE_CHECKER, TaskKind.CHECK),
        (people.QUALIFICATION_CHECKER, TaskKind.CHECK),
        (people.REVIEWER, TaskKind.REVIEW),
    ):
        actor = people.actor(who)
        task = approvals.inbox(actor).get(reference_number=case.number, kind=kind)
        review.finish_task(actor, task.pk, outcome=outcome, opinion="登记与填报核对完毕。")
    return case
