"""Limits in different units, compared."""

from __future__ import annotations

from fractions import Fraction

from yueban.catalogue.standard.basis import TimeLimit
from yueban.kernel.periods import Unit

# Working days in one unit.
WORKDAYS = {
    Unit.WORKDAY: Fraction(1),
    Unit.DAY: Fraction(5, 7),
    Unit.HOUR: Fraction(1, 8),
    Unit.MINUTE: Fraction(1, 480),
    Unit.MONTH: Fraction(21),
    Unit.YEAR: Fraction(250),
}


def workdays(limit: TimeLimit) -> Fraction:
    """A limit in working days, for comparison only."""
    return limit.amount * WORKDAYS[limit.unit]
