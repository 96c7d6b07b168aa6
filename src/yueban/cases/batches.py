"""Many cases at once: locked together, each with the same few rows around it, for what time does by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Max

from yueban.agencies import selectors as agencies
from yueban.cases.choices import CaseEvent
from yueban.cases.models import Case, Supplement
from yueban.cases.transitions import transition_many
from yueban.catalogue import selectors as catalogue
from yueban.kernel.actor import SYSTEM

# Sealed, and of no meaning for a move.
_UNREAD = ("form", "facts", "answers")


def lock_many(numbers: Iterable[str]) -> list[Case]:
    """The cases, locked in the order of their ids; what many share (agencies, item version) is read once."""
    rows = (
        Case.objects.select_for_update(of=("self",))
        .select_related("party")
        .defer(*_UNREAD)
        .filter(number__in=list(numbers))
        .order_by("pk")
    )
    found = list(rows)
    wanted = {case.item_version_id for case in found}
    versions = {version.pk: version for version in catalogue.versions_by_id(wanted)}
    places = agencies.agencies_by_id(
        number for case in found for number in (case.agency_id, case.intake_agency_id)
    )
    for case in found:
        case.item_version = versions[case.item_version_id]
        case.agency, case.intake_agency = places[case.agency_id], places[case.intake_agency_id]
    return found


def deem_accepted_many(cases: Sequence[Case]) -> None:
    """The law accepts from the day the materials came (art. 32(4)): clocks and date go back to it."""
    transition_many(
        cases, CaseEvent.DEEM_ACCEPTED, actor=SYSTEM, data={}, since=materials_came_at_many(cases)
    )


def materials_came_at_many(cases: Sequence[Case]) -> dict[str, datetime]:
    """By number, when the materials came that are looked at now: those of the supplement, or the first."""
    answered = dict(
        Supplement.objects.filter(case__in=[case.pk for case in cases])
        .values("case")
        .annotate(last=Max("answered_at"))
        .values_list("case", "last")
    )
    return {case.number: answered.get(case.pk) or case.applied_at for case in cases}


def lapse_many(cases: Sequence[Case], event: CaseEvent, reason: str) -> None:
    """Time has ended these cases (补正逾期, 容缺逾期); the reason stands on the notice of termination."""
    for case in cases:
        case.decision_reason = reason
    transition_many(cases, event, actor=SYSTEM, data={"reason": reason})
