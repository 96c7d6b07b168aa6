"""Whether an item takes applications on a day; an item without periods always does."""

from datetime import date

from yueban.catalogue.applicable import Applicable
from yueban.catalogue.errors import IntakeClosed
from yueban.catalogue.standard.intake import IntakePeriod
from yueban.kernel import clock


def is_intake_open(compiled: Applicable, on: date) -> bool:
    """Whether an application may be handed in on this day."""
    return not compiled.intake_periods or any(period.covers(on) for period in compiled.intake_periods)


def find_next_period(compiled: Applicable, on: date) -> IntakePeriod | None:
    """The first period that opens after this day."""
    coming = [period for period in compiled.intake_periods if period.opens_on > on]
    return min(coming, key=lambda period: period.opens_on, default=None)


def check_intake_open(compiled: Applicable, on: date) -> None:
    """Raise IntakeClosed outside the periods, with the day on which the next one opens."""
    if is_intake_open(compiled, on):
        return
    coming = find_next_period(compiled, on)
    hint = (
        f"已填内容都已保存，请在{clock.written(coming.opens_on)}至{clock.written(coming.closes_on)}之间提交；时段内先后都一样。"
        if coming
        else "下一次受理的日期公布后再提交；确需补办的，请联系受理部门。"
    )
    raise IntakeClosed(f"“{compiled.name}”只在公布的时段受理，今天不在时段内。", hint=hint)
