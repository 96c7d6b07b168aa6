"""What the tests of the turns of a case have in common."""

from collections.abc import Callable

from procrastinate.contrib.django.models import ProcrastinateJob

from tests import people
from tests.catalogue import standards
from yueban.audit.selectors import events_of
from yueban.cases.models import Case
from yueban.catalogue.clock_sets import build_clock_set
from yueban.catalogue.compiled import ClockSet
from yueban.clocks.choices import ClockKind, ClockState
from yueban.clocks.models import Clock
from yueban.documents.models import Document
from yueban.flows import papers, special
from yueban.flows.sweep import sweep
from yueban.kernel.reference import Reference

RULES = "safety-rules"
SetStandard = Callable[..., None]


def clocks_if(**changes: object) -> ClockSet:
    """The clocks of a small item that is otherwise as it is."""
    return build_clock_set(standards.an_item(**changes))


def clock_of(case: Case, kind: ClockKind, state: str = ClockState.RUNNING) -> Clock:
    return Clock.objects.get(reference_number=case.number, kind=kind, state=state)


def kinds_of(case: Case) -> list[str]:
    return [event.kind for event in events_of(Reference("case", case.number))]


def last(case: Case, kind: str) -> dict[str, object]:
    return events_of(Reference("case", case.number)).filter(kind=kind).last().data


def documents(case: Case, kind: str) -> list[Document]:
    return list(Document.objects.filter(subject_number=case.number, kind=kind).order_by("pk"))


def sweep_with_papers() -> dict[str, int]:
    done = sweep()
    for job in ProcrastinateJob.objects.filter(task_name=papers.JOB).order_by("id"):
        papers.make(**job.args)
    return done


def by(username: str):
    return people.actor(username)


def reviewed_by_experts(case: Case, days: str = "5") -> Case:
    return special.suspend(
        by(people.REVIEWER),
        case.number,
        name="专家评审",
        reason="车辆改装后的安全性能需要专家评审",
        days=days,
    )


def role_of(username: str) -> str:
    return by(username).posts[0].role
