"""文书 of what time did by itself: made by the worker after the sweep, one case at a time; told to the applicant."""

from collections.abc import Callable, Sequence

from django.db import transaction

from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.models import Case
from yueban.documents import selectors as documents
from yueban.documents.choices import DocumentKind
from yueban.flows import message_texts, turn_messages
from yueban.jobs import services as jobs
from yueban.kernel.actor import SYSTEM

JOB = "flows.papers"


def later(event: CaseEvent, numbers: Sequence[str]) -> None:
    """Have the papers of this event made, once the running transaction stands."""
    if numbers:
        jobs.enqueue(JOB, event=str(event), numbers=list(numbers))


def make(event: str, numbers: Sequence[str]) -> int:
    """Make what is not there yet; running again changes nothing. How many were made."""
    return sum(_make_one(CaseEvent(event), number) for number in numbers)


@transaction.atomic
def _make_one(event: CaseEvent, number: str) -> bool:
    kind, issue, tell = PAPERS[event]
    case = cases.lock_any_case(number=number)
    if documents.documents_of(cases.reference_of(case)).filter(kind=kind).exists():
        return False
    issue(case)
    tell(case)
    return True


def _deemed(case: Case) -> None:
    cases.issue_acceptance(case, SYSTEM, is_deemed=True)


def _terminated(case: Case) -> None:
    cases.issue_termination(case, SYSTEM)


PAPERS: dict[CaseEvent, tuple[DocumentKind, Callable[[Case], None], Callable[[Case], None]]] = {
    CaseEvent.DEEM_ACCEPTED: (DocumentKind.ACCEPTANCE, _deemed, message_texts.accepted),
    CaseEvent.LAPSE: (DocumentKind.TERMINATION, _terminated, message_texts.lapsed),
    CaseEvent.STOP_WITH_BUNDLE: (DocumentKind.TERMINATION, _terminated, message_texts.terminated),
    CaseEvent.OWED_LAPSED: (DocumentKind.TERMINATION, _terminated, turn_messages.owed_lapsed),
}
