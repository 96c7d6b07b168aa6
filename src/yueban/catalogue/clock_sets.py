"""Which legal clocks belong to which basis: 行政许可法 for permits, not for everything."""

from __future__ import annotations

from yueban.catalogue.compiled import ClockSet
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.basis import TimeLimit
from yueban.kernel.periods import Unit


def build_clock_set(standard: ItemStandard) -> ClockSet:
    """The clocks of an item.

    行政许可法: 32(4) notice in 5 days and deemed acceptance, 42 one extension of 10 days, 44 delivery in
    10 days. Elsewhere the 5 days are the house's own promise and a missed notice is a matter for
    supervision, never an acceptance. 备案 has no decision.
    """
    is_permit = standard.clock_set == "permit"
    return ClockSet(
        kind=standard.clock_set,
        statutory=standard.statutory,
        promised=standard.promised,
        notice=_workdays(5, "行政许可法第三十二条第一款第四项" if is_permit else "参照执行"),
        is_deemed_accepted=is_permit,
        extension=_workdays(10, "行政许可法第四十二条第一款") if is_permit else None,
        delivery=_workdays(10, "行政许可法第四十四条") if is_permit else None,
        has_decision=standard.clock_set != "filing",
    )


def _workdays(amount: int, note: str) -> TimeLimit:
    return TimeLimit(amount=amount, unit=Unit.WORKDAY, note=note)
