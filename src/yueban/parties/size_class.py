"""企业规模: large, medium, small or micro after 统计上大中小微型企业划分办法（2017）, of one enterprise or of all.

A class needs every lower bound of its row; an enterprise that misses one falls to the next class, one that meets none
is micro. Bounds belong to the higher class. A figure that is not known leaves the class unknown, never micro.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

FILE: Final = Path(__file__).with_name("size_classes.yaml")
CLASSES: Final = ("large", "medium", "small", "micro")
MICRO: Final = 3
UNKNOWN: Final = -1
WAN: Final = 10_000
Figure = Literal["employees", "revenue", "assets"]


class SizeRow(BaseModel):
    """One row of the table: whom it is for, by which figures, from what on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    industries: tuple[str, ...]
    figures: tuple[Figure, ...]
    lower: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@cache
def size_rows() -> tuple[SizeRow, ...]:
    """The table, in its order."""
    stated = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(SizeRow.model_validate(row) for row in stated["rows"])


def row_of(industry: str) -> SizeRow | None:
    """The row of an industry (GB/T 4754-2017 code with its letter); None where the table has none for it."""
    return next((row for row in size_rows() if industry.startswith(row.industries)), None)


def size_class(industry: str | None, figures: Mapping[str, float | None]) -> str | None:
    """The class of one enterprise; None where it cannot be told. Employees in persons, revenue and assets in yuan."""
    row = row_of(industry) if industry else None
    if row is None:
        return None
    known = [figures.get(name) for name in row.figures]
    if any(value is None for value in known):
        return None
    amounts = [
        (value or 0) / (1 if name == "employees" else WAN)
        for name, value in zip(row.figures, known, strict=True)
    ]
    for name, lower in zip(CLASSES, row.lower, strict=False):
        if all(amount >= bound for amount, bound in zip(amounts, lower, strict=True)):
            return name
    return CLASSES[MICRO]


def size_classes(
    industries: Sequence[str], places: NDArray[np.int32], figures: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.int8]:
    """The classes of all: the place in CLASSES, -1 where unknown. ``places`` gives each row's industry, figures NaN."""
    rows = size_rows()
    row_by_place = np.array([_place_of(industry) for industry in industries] + [len(rows)], dtype=np.int16)
    row_of_each = row_by_place[places]
    found = np.full(len(places), UNKNOWN, dtype=np.int8)
    for place, row in enumerate(rows):
        mine = np.flatnonzero(row_of_each == place)
        amounts = [figures[name][mine] / (1 if name == "employees" else WAN) for name in row.figures]
        classes = np.full(len(mine), MICRO, dtype=np.int8)
        for rank in range(MICRO - 1, -1, -1):
            reached = np.logical_and.reduce(
                [amount >= bound for amount, bound in zip(amounts, row.lower[rank], strict=True)]
            )
            classes[reached] = rank
        classes[np.logical_or.reduce([np.isnan(amount) for amount in amounts])] = UNKNOWN
        found[mine] = classes
    return found


def _place_of(industry: str) -> int:
    row = row_of(industry)
    return len(size_rows()) if row is None else size_rows().index(row)
