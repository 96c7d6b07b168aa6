"""Typed nullable columns: which rows have a value, which are known to have none, and which meet a condition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yueban.expressions.columns.bits import Bits, Mask, no_rows, pack
from yueban.expressions.errors import FactInvalid
from yueban.expressions.values import years_before

# Decimals with more digits may not survive as binary floating point numbers.
SAFE_DIGITS = 15


@dataclass(kw_only=True)
class Column(ABC):
    """``present`` rows have a value, ``absent`` rows are known to have none, of the others nothing is known."""

    present: Bits
    absent: Bits

    @abstractmethod
    def hits(self, op: str, operand: Any, on: date) -> Bits:
        """The present rows whose value meets the condition; ``operand`` is typed as the operator reads it."""

    def something(self) -> Bits:
        """The present rows whose value is not an empty set."""
        return self.present


@dataclass(kw_only=True)
class Ordered(Column):
    """Numbers and days; rows without a value hold the highest number, so that no cut finds them."""

    values: NDArray[Any]
    cuts: dict[Hashable, Bits] = field(default_factory=dict)

    @classmethod
    def of(cls, values: NDArray[Any], present: Mask, absent: Mask) -> Ordered:
        """From plain arrays; what stands where no value is does not matter."""
        top = np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).max
        return cls(present=pack(present), absent=pack(absent), values=np.where(present, values, top))

    def up_to(self, limit: float) -> Bits:
        """The rows with a value up to and including this one."""
        found = self.cuts.get(limit)
        if found is None:
            found = self.cuts[limit] = pack(self.values <= limit)
        return found

    def below(self, limit: float) -> Bits:
        """The rows with a lower value."""
        if self.values.dtype.kind == "f":
            return self.up_to(float(np.nextafter(limit, -np.inf)))
        return self.up_to(limit - 1)

    def hits(self, op: str, operand: Any, on: date) -> Bits:
        """Every comparison is made of cuts."""
        return ORDERED_HITS[op](self, operand, on)


def number(value: object) -> float:
    """A number or a day as columns hold it; raises FactInvalid for more digits than they can."""
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, Decimal):
        if len(value.normalize().as_tuple().digits) > SAFE_DIGITS:
            raise FactInvalid("数字的有效位数超过15位，不能成批比对。", hint="请改用较少位数的数。")
        return float(value)
    assert isinstance(value, int)
    return value


def _equal(column: Ordered, operand: object) -> Bits:
    limit = number(operand)
    return column.up_to(limit) & ~column.below(limit)


def _one_of(column: Ordered, operands: Iterable[object]) -> Bits:
    found = np.zeros_like(column.present)
    for operand in operands:
        found |= _equal(column, operand)
    return found


def _within(column: Ordered, low: object, high: object) -> Bits:
    return column.up_to(number(high)) & ~column.below(number(low))


def _days(column: Ordered, low: date, high: date) -> Bits:
    return _within(column, low, high)


ORDERED_HITS: Mapping[str, Callable[[Ordered, Any, date], Bits]] = {
    "eq": lambda column, value, _on: _equal(column, value),
    "ne": lambda column, value, _on: column.present & ~_equal(column, value),
    "in": lambda column, values, _on: _one_of(column, values),
    "not_in": lambda column, values, _on: column.present & ~_one_of(column, values),
    "lt": lambda column, value, _on: column.below(number(value)),
    "le": lambda column, value, _on: column.up_to(number(value)),
    "gt": lambda column, value, _on: column.present & ~column.up_to(number(value)),
    "ge": lambda column, value, _on: column.present & ~column.below(number(value)),
    "between": lambda column, pair, _on: _within(column, pair[0], pair[1]),
    "before": lambda column, value, _on: column.below(number(value)),
    "after": lambda column, value, _on: column.present & ~column.up_to(number(value)),
    "within_days": lambda column, days, on: _days(column, on - timedelta(days=days), on),
    "within_next_days": lambda column, days, on: _days(column, on, on + timedelta(days=days)),
    "years_at_least": lambda column, years, on: column.up_to(number(years_before(on, years))),
    "years_less_than": lambda column, years, on: (
        column.present & ~column.up_to(number(years_before(on, years)))
    ),
}


@dataclass(kw_only=True)
class Coded(Column):
    """Codes, texts and truths: each row the place of its value among the sorted values, -1 where it has none."""

    values: Sequence[Any]
    places: NDArray[Any]
    rows_by_place: dict[int, Bits] = field(default_factory=dict)
    place_of: dict[Any, int] = field(init=False)

    def __post_init__(self) -> None:
        self.place_of = {value: place for place, value in enumerate(self.values)}

    @classmethod
    def of(cls, values: Sequence[Any], places: NDArray[Any], absent: Mask) -> Coded:
        """From sorted values and the place of each row's value."""
        return cls(present=pack(places >= 0), absent=pack(absent), values=values, places=places)

    def at(self, place: int) -> Bits:
        """The rows with this value."""
        found = self.rows_by_place.get(place)
        if found is None:
            found = self.rows_by_place[place] = pack(self.places == place)
        return found

    def where(self, meets: Callable[[Any], bool]) -> Bits:
        """The rows whose value meets this; each value is asked once, however many rows have it."""
        return self._any_of([place for place, value in enumerate(self.values) if meets(value)])

    def _any_of(self, places: Collection[int]) -> Bits:
        found = np.zeros_like(self.present)
        for place in places:
            found |= self.at(place)
        return found

    def _listed(self, wanted: Iterable[Any]) -> Bits:
        return self._any_of([self.place_of[value] for value in wanted if value in self.place_of])

    def hits(self, op: str, operand: Any, on: date) -> Bits:  # noqa: ARG002 - texts know no day
        """Equality and membership by place, the rest by asking each value."""
        match op:
            case "eq":
                return self._listed([operand])
            case "ne":
                return self.present & ~self._listed([operand])
            case "in":
                return self._listed(operand)
            case "not_in":
                return self.present & ~self._listed(operand)
            case "prefix":
                starts = tuple(operand)
                return self.where(lambda value: value.startswith(starts))
            case "contains":
                return self.where(lambda value: operand in value)
        raise KeyError(op)


@dataclass(kw_only=True)
class Sets(Column):
    """Sets of codes: for each code the rows whose set holds it."""

    holders: Mapping[str, Bits]

    def _holding(self, code: str) -> Bits:
        found = self.holders.get(code)
        return np.zeros_like(self.present) if found is None else found

    def something(self) -> Bits:
        """The rows whose set holds any code."""
        found = np.zeros_like(self.present)
        for holders in self.holders.values():
            found |= holders
        return found

    def hits(self, op: str, operand: Any, on: date) -> Bits:  # noqa: ARG002 - sets know no day
        """Codes held: this one, any of these, all of these."""
        if op == "contains":
            return self._holding(operand).copy()
        chosen = [self._holding(code) for code in operand]
        if op == "contains_any":
            return reduce(np.bitwise_or, chosen)
        if op == "contains_all":
            return reduce(np.bitwise_and, chosen)
        raise KeyError(op)


@dataclass(kw_only=True)
class Untold(Column):
    """A fact that nobody has told of anybody."""

    def hits(self, op: str, operand: Any, on: date) -> Bits:  # noqa: ARG002 - as every column is asked
        """Nobody."""
        return self.present


@dataclass
class Table:
    """Columns by fact, all of the same number of rows; a fact without a column is unknown of everybody."""

    rows: int
    columns: Mapping[str, Column]

    def column(self, fact: str) -> Column:
        """The column of a fact."""
        found = self.columns.get(fact)
        return Untold(present=no_rows(self.rows), absent=no_rows(self.rows)) if found is None else found
