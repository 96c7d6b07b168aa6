"""容缺受理: what may be supplied later, what is owed until when, and what came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from yueban.cases.choices import MaterialState
from yueban.cases.errors import CaseInputInvalid
from yueban.cases.kept_reads import read_once
from yueban.cases.limits import owed_limit
from yueban.cases.models import Case, CaseMaterial
from yueban.clocks import selectors as clocks
from yueban.kernel import clock

MAIN_PART = "1"  # 材料必要性: 必要, and never 容缺


@dataclass(frozen=True)
class Deferrable:
    """A material of the case that may come later, and within how many working days."""

    material: CaseMaterial
    days: int


def deferrable(case: Case) -> list[Deferrable]:
    """The materials that the item's standard lets come later (容缺后补)."""
    days = {one.key: one.deferral_days for one in case.item_version.compiled.materials}
    return [
        Deferrable(row, found)
        for row in case.materials.order_by("position", "pk")
        if (found := days.get(row.key)) and row.way == "upload"
    ]


def checked_owed(case: Case, keys: Collection[str]) -> tuple[list[CaseMaterial], int]:
    """The materials that will be owed and the days for all of them: the shortest that any of them has."""
    chosen = [one for one in deferrable(case) if one.material.key in set(keys)]
    if not chosen or len(chosen) != len(set(keys)):
        raise CaseInputInvalid.of_fields({"owed": "请选择可以容缺后补的材料；其他材料请告知补正。"})
    return [one.material for one in chosen], min(one.days for one in chosen)


def owe(*, case: Case, materials: Collection[CaseMaterial], days: int) -> date:
    """Mark them as owed; the last day to supply them."""
    until = clocks.due_on(clock.today(), owed_limit(days).limit, case.division_code)
    for row in materials:
        row.state, row.owed_until = MaterialState.OWED, until
    CaseMaterial.objects.bulk_update(materials, ["state", "owed_until"])
    return until


def owed(case: Case) -> list[CaseMaterial]:
    """What the applicant still owes."""
    rows = case.materials.filter(state=MaterialState.OWED).order_by("position", "pk")
    return list(read_once(case, "owed", lambda: list(rows)))


def supplied(*, case: Case, note: str = "") -> None:
    """All that was owed has come."""
    values = {"state": MaterialState.PROVIDED} | ({"note": note} if note else {})
    case.materials.filter(state=MaterialState.OWED).update(**values)


def missing_owed(case: Case) -> list[CaseMaterial]:
    """Owed materials without a file that came after acceptance."""
    assert case.accepted_at is not None  # nothing is owed before
    since = case.accepted_at
    return [row for row in owed(case) if not row.files.filter(is_current=True, added_at__gte=since).exists()]
