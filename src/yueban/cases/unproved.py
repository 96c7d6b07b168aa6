"""没有核到的材料: what a department did not confirm, or not in time, falls to the next rung of its ladder."""

from collections.abc import Iterable, Mapping

from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.cases.choices import MaterialState
from yueban.cases.models import Case, CaseMaterial
from yueban.catalogue.selectors import ByPromise
from yueban.certificates import selectors as certificates

CHECK = "check"
FELL_FROM, CONTRADICTED = "fell_from", "contradicted"


def checked_by(case: Case, kind: str) -> list[CaseMaterial]:
    """The materials for which this kind of agency is asked."""
    rows = case.materials.filter(way=CHECK).order_by("position")
    return [row for row in rows if row.detail.get("agency_kind") == kind]


def fall(
    materials: Iterable[CaseMaterial], *, note: str, is_contradicted: bool = False
) -> list[CaseMaterial]:
    """Mark what was not confirmed, so that its owner can prove it otherwise; gives those newly marked."""
    fallen = []
    for row in materials:
        if row.state == MaterialState.SATISFIED:
            continue
        is_new = row.state != MaterialState.UNPROVED
        row.state, row.note = MaterialState.UNPROVED, note[:500]
        row.detail = {**row.detail, CONTRADICTED: is_contradicted or row.detail.get(CONTRADICTED, False)}
        row.save(update_fields=["state", "note", "detail"])
        if is_new:
            fallen.append(row)
    return fallen


def unproved(case: Case) -> list[CaseMaterial]:
    """What waits for its owner to prove it otherwise."""
    return list(case.materials.filter(state=MaterialState.UNPROVED).order_by("position"))


def unproved_among(cases: Iterable[Case]) -> set[int]:
    """The ids of those that wait for their owner to prove something otherwise; one query however many."""
    rows = CaseMaterial.objects.filter(case__in=list(cases), state=MaterialState.UNPROVED)
    return set(rows.values_list("case_id", flat=True))


def promise_text(case: Case, material: CaseMaterial) -> str:
    """What could be promised in its place; empty where nothing can: said otherwise by a register, or barred."""
    if material.detail.get(CONTRADICTED) or certificates.find_bar(case.party_id) is not None:
        return ""
    stated = next((one for one in case.item_version.compiled.materials if one.key == material.key), None)
    ways = stated.satisfy if stated else ()
    return next((way.text for way in ways if isinstance(way, ByPromise)), "")


def proved_otherwise(material: CaseMaterial, *, way: str) -> None:
    """Its owner has promised or handed it in: it no longer hangs on the check."""
    material.detail = {**material.detail, FELL_FROM: material.way}
    material.way, material.state = way, MaterialState.PROVIDED
    material.save(update_fields=["way", "state", "detail"])


def no_longer_hangs_on(case: Case, tasks: Iterable[Task]) -> list[Task]:
    """The checks all of whose materials were proved otherwise."""
    kinds: dict[str, list[Mapping[str, object]]] = {}
    for row in case.materials.all():
        if row.way == CHECK or row.detail.get(FELL_FROM) == CHECK:
            kinds.setdefault(str(row.detail.get("agency_kind")), []).append(row.detail)
    free = {kind for kind, rows in kinds.items() if all(FELL_FROM in row for row in rows)}
    return [task for task in tasks if task.kind == TaskKind.CHECK and task.agency.kind in free]


def needs_words(tasks: Iterable[Task]) -> bool:
    """Whether a grant says why: a department has said 不符 and something else was believed."""
    return any(task.kind == TaskKind.CHECK and task.outcome == TaskOutcome.DEVIATES for task in tasks)
