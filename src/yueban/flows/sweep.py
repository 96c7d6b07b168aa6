"""What time does by itself: due clocks are dispatched by the kind of the thing they limit."""

from django.db import transaction

from yueban.approvals import services as approvals
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState
from yueban.cases.limits import is_deemed_accepted
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.flows import announce, review
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM


def sweep() -> dict[str, int]:
    """Do what is due today; each case in its own transaction, so that one bad case stops no other."""
    today = clock.today()
    counts = {"deemed_accepted": 0, "lapsed": 0}
    for row in clocks.lapsed(ClockKind.NOTICE, today).filter(reference_kind="case"):
        counts["deemed_accepted"] += _deem_accepted(row.reference_number)
    for row in clocks.lapsed(ClockKind.SUPPLEMENT, today).filter(reference_kind="case"):
        counts["lapsed"] += _lapse(row.reference_number)
    return counts


@transaction.atomic
def _deem_accepted(number: str) -> int:
    case = cases.lock_any_case(number=number)
    if case.state != CaseState.RECEIVED or not is_deemed_accepted(case):
        return 0
    review.deem_accepted(number, actor=SYSTEM)
    return 1


@transaction.atomic
def _lapse(number: str) -> int:
    case = cases.lock_any_case(number=number)
    if case.state != CaseState.SUPPLEMENTING:
        return 0
    cases.move(case=case, event=CaseEvent.LAPSE, actor=SYSTEM)
    approvals.cancel_open(reference=cases.reference_of(case))
    announce.lapsed(case)
    return 1
