"""Whose cases are whose: running matters follow a division that was merged; what is ended keeps the place it had."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case as Choose
from django.db.models import F, Q, Value, When

from yueban.audit import services as audit
from yueban.cases.choices import ENDED, ApplicationState
from yueban.cases.models import Application, Case
from yueban.cases.transitions import reference_of
from yueban.kernel.actor import Actor


@dataclass(frozen=True)
class CasePlace:
    """For which item, who decides and who took it in, and where each stands."""

    item_key: str
    agency_code: str
    intake_agency_code: str
    division_code: str
    intake_division: str


def places_of(numbers: Collection[str]) -> dict[str, CasePlace]:
    """The places of many cases by number, in one query; for the platform's own acts."""
    rows = Case.objects.filter(number__in=list(numbers)).values_list(
        "number",
        "item_version__item__key",
        "agency__code",
        "intake_agency__code",
        "division_code",
        "intake_division",
    )
    return {number: CasePlace(*place) for number, *place in rows}


def move_running_cases(*, old: str, new: str, actor: Actor) -> int:
    """Put running cases and drafts of one division into another, each case with an event; how many cases."""
    Application.objects.filter(state=ApplicationState.DRAFT, assist_division=old).update(assist_division=new)
    touched = Q(intake_division=old) | Q(place_division=old)
    rows = list(Case.objects.select_for_update().filter(touched).exclude(state__in=ENDED).order_by("pk"))
    Case.objects.filter(pk__in=[row.pk for row in rows]).update(
        intake_division=_moved("intake_division", old, new), place_division=_moved("place_division", old, new)
    )
    for row in rows:
        audit.record(reference_of(row), "division_merged", actor=actor, data={"from": old, "to": new})
    return len(rows)


def _moved(field: str, old: str, new: str) -> Choose:
    return Choose(When(**{field: old}, then=Value(new)), default=F(field))
