"""同步发证, as the applicant reads it: his case is finished, and what came of it is told when all is issued.

Officers read the case as it stands. One question for a whole list, and none for ordinary cases.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from yueban.cases.choices import STATE_CODES, CaseState
from yueban.cases.models import BundleChildCase, Case
from yueban.documents import selectors as documents

WORD = "已办结，等一起发证"
# What is granted and not handed out yet can be held.
HOLDABLE = frozenset({CaseState.GRANTED, CaseState.READY})


def held_until(cases: Iterable[Case]) -> dict[str, date]:
    """Of these cases those whose result is held, with the latest day, by number."""
    numbers = [case.number for case in cases if case.in_bundle and case.state in HOLDABLE]
    return documents.held_until("case", numbers)


def told_states(cases: Iterable[Case]) -> dict[str, tuple[str, str, str]]:
    """State, code and word of each case as other systems and people outside the office are told them."""
    rows = list(cases)
    held = held_until(rows)
    return {
        case.number: (CaseState.DECIDING.value, STATE_CODES[CaseState.DECIDING], WORD)
        if case.number in held
        else (case.state, STATE_CODES[case.state], str(case.get_state_display()))
        for case in rows
    }


def told_state(case: Case) -> str:
    """The word for where a case stands, as the applicant is told it."""
    return told_states([case])[case.number][2]


def in_told_state(rows: QuerySet[Case], state: str) -> QuerySet[Case]:
    """Those of the rows that stand, as they are told, in this state."""
    held = rows.filter(in_bundle=True, state__in=HOLDABLE, number__in=documents.held_numbers("case"))
    if state == CaseState.DECIDING:
        return rows.filter(state=state) | held
    chosen = rows.filter(state=state)
    return chosen.exclude(pk__in=held.values("pk")) if state in HOLDABLE else chosen


def sentence(until: date | None) -> str:
    """What the applicant reads meanwhile."""
    last = f"，最晚{until.month}月{until.day}日" if until else ""
    return f"{WORD}：同一件事的其他事项有结果后一起发给您{last}，您不用做什么。"


def held_elements(case: Case) -> frozenset[str]:
    """Elements of the case's form that hold what a sibling brought and that are not told before it is issued."""
    if not case.in_bundle:
        return frozenset()
    rows = BundleChildCase.objects.select_related("bundle_case__bundle_version")
    child = rows.filter(case_id=case.pk).first()
    if child is None:
        return frozenset()
    by_source = {
        (edge.source, str(edge.element))
        for edge in child.bundle_case.bundle_version.compiled_bundle.edges
        if edge.kind == "result_input" and edge.target == child.child_key and edge.element
    }
    siblings = child.bundle_case.children.filter(held_at__isnull=False, released_at=None)
    held = set(siblings.values_list("child_key", flat=True))
    return frozenset(element for source, element in by_source if source in held)
