"""Which legal clocks belong to which basis: 行政许可法 for permits, not for everything."""

from __future__ import annotations

from yueban.catalogue.compiled import ClockSet
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.basis import TimeLimit
from yueban.kernel.periods import Unit

NOTICE_BY_ANALOGY = "参照行政许可法第三十二条"
JOINT_DAYS = 45  # 统一办理、联合办理、集中办理 (art. 42(2))
EXTENSION = "1"  # 特别程序类型: 延长审批


def build_clock_set(standard: ItemStandard) -> ClockSet:
    """The clocks of an item.

    行政许可法: 32(4) notice in 5 days and deemed acceptance, 42 one extension of 10 days (of 15 where several
    authorities handle it together within 45), 44 delivery in 10 days. Elsewhere the 5 days are the house's own
    promise and a missed notice is a matter for supervision, never an acceptance; a limit can be extended only
    where the item's own rules say so (特别程序类型 1). 备案 has no decision.
    """
    is_permit = standard.clock_set == "permit"
    return ClockSet(
        kind=standard.clock_set,
        statutory=standard.statutory,
        promised=standard.promised,
        notice=_workdays(5, "行政许可法第三十二条第一款第四项" if is_permit else NOTICE_BY_ANALOGY),
        is_deemed_accepted=is_permit,
        extension=_stated_extension(standard) or (_legal_extension(standard) if is_permit else None),
        delivery=_workdays(10, "行政许可法第四十四条") if is_permit else None,
        has_decision=standard.clock_set != "filing",
    )


def _stated_extension(standard: ItemStandard) -> TimeLimit | None:
    """The extension that the item's own rules know; they go before the general law."""
    stated = (row for row in standard.special_procedures if row.kind == EXTENSION)
    found = next((row for row in stated if row.unit is Unit.WORKDAY), None)
    if found is None:
        return None
    return TimeLimit(amount=found.days, unit=found.unit, note=found.basis or found.name)


def _legal_extension(standard: ItemStandard) -> TimeLimit:
    statutory = standard.statutory
    if statutory.unit is Unit.WORKDAY and statutory.amount == JOINT_DAYS:
        return _workdays(15, "行政许可法第四十二条第二款")
    return _workdays(10, "行政许可法第四十二条第一款")


def _workdays(amount: int, note: str) -> TimeLimit:
    return TimeLimit(amount=amount, unit=Unit.WORKDAY, note=note)
