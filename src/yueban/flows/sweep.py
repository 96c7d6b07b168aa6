"""What time does by itself: due clocks are dispatched by the kind of the thing they limit."""

import logging
from collections.abc import Callable
from functools import partial

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.flows import message_texts, notice, review
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM

logger = logging.getLogger(__name__)


def sweep() -> dict[str, int]:
    """Do what is due today; each case in its own transaction, so that one bad case stops no other."""
    today = clock.today()
    counts = {"deemed_accepted": 0, "lapsed": 0, "notices_ended": 0, "failed": 0}
    for kind, act, name in (
        (ClockKind.NOTICE, _deem_accepted, "deemed_accepted"),
        (ClockKind.SUPPLEMENT, _lapse, "lapsed"),
    ):
        for row in clocks.lapsed(kind, today).filter(reference_kind="case"):
            done = _try(act, row.reference_number)
            counts["failed" if done is None else name] += done or done is None
    for number, _kind, case_number in approvals_read.notices_over():
        done = _try(partial(notice.end_over, number), case_number)
        counts["failed" if done is None else "notices_ended"] += done or done is None
    return counts


def _try(act: Callable[[str], bool], number: str) -> bool | None:
    """Whether something was due and done; None when it failed, which the log tells and the next sweep repeats."""
    try:
        return act(number)
    except Exception:
        logger.exception("the sweep left a case as it was", extra={"case": number})
        return None


@transaction.atomic
def _deem_accepted(number: str) -> bool:
    case = cases.lock_any_case(number=number)
    if case.state != CaseState.RECEIVED or not cases_read.is_deemed_accepted(case):
        return False
    review.deem_accepted(number, actor=SYSTEM)
    return True


@transaction.atomic
def _lapse(number: str) -> bool:
    case = cases.lock_any_case(number=number)
    if case.state != CaseState.SUPPLEMENTING:
        return False
    cases.move(case=case, event=CaseEvent.LAPSE, actor=SYSTEM)
    approvals.cancel_open(reference=cases.reference_of(case))
    message_texts.lapsed(case)
    return True
