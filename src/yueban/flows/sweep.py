"""What time does by itself: clocks whose last day is over, found by one index and dealt with in bulk.

A batch is one transaction. Where it fails, its cases are dealt with one by one, so that one bad case stops no
other; what failed stays as it was and is tried again by the next sweep.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState
from yueban.cases.models import Case
from yueban.claims import selectors as claims_read
from yueban.clocks import selectors as clocks_read
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.flows import (
    auto_grant,
    bundle_steps,
    claim_correction,
    claim_notice,
    fall_back,
    notice,
    papers,
    records,
    stages,
)
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM

logger = logging.getLogger(__name__)

BATCH = 500
MISSED = "clock_missed"
Act = Callable[[list[Case]], list[Case]]


def sweep() -> dict[str, int]:
    """Do what is due today; running again changes nothing."""
    counts = {
        "deemed_accepted": 0,
        "lapsed": 0,
        "owed_lapsed": 0,
        "hearings_waived": 0,
        "missed": 0,
        "notices_ended": 0,
        "checks_fallen": 0,
        "records_unanswered": 0,
        "released_together": 0,
        "children_begun": 0,
        "failed": 0,
    }
    # What follows by law comes first: it may start clocks whose last day is over already.
    late = [kind for kind in ClockKind if kind not in ACTS]
    for kinds in (list(ACTS), late):
        for kind, numbers in _due(kinds).items():
            for batch in _batches(numbers):
                done, failed = _deal_with(ClockKind(kind), batch)
                for name, count in done.items():
                    counts[name] += count
                counts["failed"] += failed
    for number in approvals_read.overdue_checks():
        fell = _try(fall_back.fall_overdue, number)
        counts["failed" if fell is None else "checks_fallen"] += fell or fell is None
    for number in approvals_read.overdue_records():
        went_on = _try(records.go_on_without, number)
        counts["failed" if went_on is None else "records_unanswered"] += went_on or went_on is None
    for number, kind, about in approvals_read.notices_over():
        ended = _try(partial(NOTICES[kind], number), about)
        counts["failed" if ended is None else "notices_ended"] += ended or ended is None
    _bundles(counts)
    _claims(counts)
    return counts


def _claims(counts: dict[str, int]) -> None:
    """政策申报: what was not mended in time goes on, who is asked is reminded, who waits for money is served."""
    for number in claims_read.corrections_over():
        counts["failed"] += _try(claim_correction.lapse, number) is None
    for number in claims_read.lists_to_remind():
        counts["failed"] += _try(auto_grant.remind, number) is None
    for line, year in claims_read.queued_lines():
        counts["failed"] += _try(partial(auto_grant.serve_line, line), str(year)) is None


def _bundles(counts: dict[str, int]) -> None:
    """一件事: what was held too long is handed out; what waits though nothing keeps it begins."""
    for name, due, act in (
        ("released_together", cases_read.held_too_long(clock.today()), bundle_steps.release_overdue),
        ("children_begun", cases_read.waiting_on_granted(), bundle_steps.try_again),
    ):
        for number in due:
            done = _try(partial(_int(act), number), f"bundle {number}")
            counts["failed" if done is None else name] += 1 if done is None else int(done)


def _int(act: Callable[[int], int]) -> Callable[..., bool]:
    """As `_try` takes it: an act on one bundle, whatever case stands beside it in the log."""
    return lambda number, _case: bool(act(number))


def _due(kinds: Sequence[ClockKind]) -> dict[str, list[str]]:
    """Numbers of the cases with a clock that is over and that nobody has dealt with, by kind."""
    due: dict[str, list[str]] = {}
    rows = clocks_read.missed(clock.today()).filter(reference_kind="case", kind__in=kinds)
    for kind, number in rows.values_list("kind", "reference_number"):
        due.setdefault(kind, []).append(number)
    return due


def _batches(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _deal_with(kind: ClockKind, numbers: Sequence[str]) -> tuple[dict[str, int], int]:
    """What was done by name, and how many failed."""
    try:
        return _batch(kind, numbers), 0
    except Exception:
        if len(numbers) == 1:
            logger.exception("the sweep left a case as it was", extra={"case": numbers[0]})
            return {}, 1
    done: dict[str, int] = {}
    failed = 0
    for number in numbers:
        did, wrong = _deal_with(kind, [number])
        failed += wrong
        for name, count in did.items():
            done[name] = done.get(name, 0) + count
    return done, failed


def _try(act: Callable[[str], bool], number: str) -> bool | None:
    """Whether something was due and done; None when it failed, which the log tells and the next sweep repeats."""
    try:
        return act(number)
    except Exception:
        logger.exception("the sweep left a case as it was", extra={"case": number})
        return None


@transaction.atomic
def _batch(kind: ClockKind, numbers: Sequence[str]) -> dict[str, int]:
    found = cases.lock_many(numbers)
    name, act = ACTS.get(kind, ("", _nothing))
    acted = act(found)
    left = {case.number for case in found} - {case.number for case in acted}
    missed = _note_missed(kind, [case for case in found if case.number in left])
    return {"missed": missed} | ({name: len(acted)} if name else {})


def _nothing(_cases: list[Case]) -> list[Case]:
    """Nothing follows by law: the agency is late, and says so itself in the next step."""
    return []


def _deem_accepted(found: list[Case]) -> list[Case]:
    """视为受理: nobody told the applicant in five days, so the law accepts (art. 32(4))."""
    due = [
        case
        for case in found
        if case.state in (CaseState.APPLIED, CaseState.RECEIVED) and cases_read.is_deemed_accepted(case)
    ]
    if due:
        numbers = [case.number for case in due]
        cases.deem_accepted_many(due)
        kinds = (TaskKind.RECEIVE, TaskKind.ACCEPT)
        approvals.finish_many(
            kind="case", numbers=numbers, kinds=kinds, opinion=str(CaseEvent.DEEM_ACCEPTED.label)
        )
        stages.open_routes(due, SYSTEM)
        papers.later(CaseEvent.DEEM_ACCEPTED, numbers)
    return due


def _lapse(found: list[Case]) -> list[Case]:
    """补正期限届满: the notice said so, and the case ends."""
    due = [case for case in found if case.state == CaseState.SUPPLEMENTING]
    return _end(due, CaseEvent.LAPSE, "补正告知书确定的期限已经届满，没有收到补正的材料。")


def _owed_lapsed(found: list[Case]) -> list[Case]:
    """容缺逾期: what was promised did not come."""
    due = [case for case in found if case.state in (CaseState.TOLERATED, CaseState.SUSPENDED)]
    return _end(due, CaseEvent.OWED_LAPSED, "承诺的期限已经届满，没有收到容缺后补的材料。")


def _end(due: list[Case], event: CaseEvent, reason: str) -> list[Case]:
    if due:
        numbers = [case.number for case in due]
        cases.lapse_many(due, event, reason)
        cases.stop_procedures(cases=due)
        approvals.cancel_many(kind="case", numbers=numbers)
        papers.later(event, numbers)
        for case in due:
            bundle_steps.after(case, SYSTEM)
    return due


def _waive_hearing(found: list[Case]) -> list[Case]:
    """Nobody asked to be heard in five days: the case goes on."""
    due = [
        case for case in found if case.state in (CaseState.ACCEPTED, CaseState.REVIEWING, CaseState.DECIDING)
    ]
    cases.transition_many(due, CaseEvent.WAIVE_HEARING, actor=SYSTEM, data={})
    cases.waive_hearings(cases=due)
    return due


def _note_missed(kind: ClockKind, late: Sequence[Case]) -> int:
    """A limit passed and nothing follows by law: written down once, for supervision to see."""
    live = clocks_read.live_clocks_of("case", [case.number for case in late])
    rows = [
        row
        for case in late
        for row in live.get(case.number, [])
        if row.kind == kind and row.missed_on is None
    ]
    audit.record_many(
        [
            audit.NewEvent(
                cases.reference_of(case),
                MISSED,
                {"clock": str(kind), "due_on": row.due_on.isoformat(), "agency": case.agency.name},
            )
            for case in late
            for row in rows
            if row.reference_number == case.number
        ],
        actor=SYSTEM,
    )
    return clocks.mark(rows, field="missed_on")


# What follows when a notice's days are over, by the kind of what it is about.
NOTICES: dict[str, Callable[[str, str], bool]] = {
    "case": notice.end_over,
    "claim": claim_notice.end_over,
    "auto-list": auto_grant.end_over,
}
ACTS: dict[ClockKind, tuple[str, Act]] = {
    ClockKind.NOTICE: ("deemed_accepted", _deem_accepted),
    ClockKind.SUPPLEMENT: ("lapsed", _lapse),
    ClockKind.OWED: ("owed_lapsed", _owed_lapsed),
    ClockKind.HEARING: ("hearings_waived", _waive_hearing),
}
