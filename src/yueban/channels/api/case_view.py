"""A case as other systems see it."""

from collections.abc import Sequence
from typing import Any

from yueban.cases import selectors as cases_read
from yueban.cases.choices import ENDED, CaseState
from yueban.cases.models import Case
from yueban.channels.api.schemas import AskedOut, CaseOut, CaseRow, SupplementOut


def case_rows(found: Sequence[Case]) -> list[CaseRow]:
    """Cases of a list."""
    told = cases_read.told_states(found)
    return [CaseRow(**_facts(case, told[case.number])) for case in found]


def case_out(case: Case) -> CaseOut:
    """A case with what happens next and what it waits for."""
    step = cases_read.next_step(case)
    return CaseOut(
        **_facts(case, cases_read.told_states([case])[case.number]),
        next_step=step.sentence,
        next_due_on=step.due_on,
        supplement=_supplement(case),
    )


def _facts(case: Case, told: tuple[str, str, str]) -> dict[str, Any]:
    """A held result (同步发证) is told as not decided yet: who applies through a system reads no more than himself."""
    return {
        "number": case.number,
        "item": case.item_version.item.key,
        "item_name": case.item_name,
        "item_version": case.item_version.number,
        "item_version_hash": case.item_version.content_hash,
        "agency": case.agency.code,
        "state": told[0],
        "state_code": told[1],
        "state_name": told[2],
        "state_since": case.state_since,
        "applied_at": case.applied_at,
        "promised_on": case.promised_on,
        "is_ended": case.state in ENDED,
        "revision": case.revision,
    }


def _supplement(case: Case) -> SupplementOut | None:
    if case.state != CaseState.SUPPLEMENTING:
        return None
    open_one = case.supplements.filter(answered_at=None).first()
    if open_one is None:
        return None
    names = dict(case.materials.values_list("key", "name"))
    return SupplementOut(
        due_on=open_one.due_on,
        items=[
            AskedOut(material=one["material"], name=names.get(one["material"], ""), what=one["what"])
            for one in open_one.items
        ],
    )
