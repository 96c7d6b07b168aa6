"""A table from facts as people and files give them; for thousands of rows, not for a city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from yueban.expressions.columns.bits import pack
from yueban.expressions.columns.column import Coded, Column, Ordered, Sets, Table, number
from yueban.expressions.values import Absent, is_unknown, read
from yueban.expressions.vocabulary import FactKind, FactType, Vocabulary

ORDERED = frozenset({FactKind.INTEGER, FactKind.DECIMAL, FactKind.MONEY, FactKind.DATE})
WHOLE = frozenset({FactKind.INTEGER, FactKind.DATE})


def read_table(subjects: Sequence[Mapping[str, object]], vocabulary: Vocabulary) -> Table:
    """One row a subject; raises FactInvalid for values of the wrong type."""
    stated = {code for subject in subjects for code in subject}
    return Table(
        len(subjects),
        {
            code: _column([subject.get(code) for subject in subjects], vocabulary.get_fact(code))
            for code in sorted(stated)
        },
    )


def _column(raw: Sequence[object], fact: FactType) -> Column:
    absent = np.array([isinstance(one, Absent) for one in raw], dtype=np.bool_)
    known: list[Any] = [
        None if isinstance(one, Absent) or is_unknown(one) else read(one, fact) for one in raw
    ]
    present = np.array([one is not None for one in known], dtype=np.bool_)
    if fact.kind is FactKind.CODES:
        codes = sorted({code for one in known if one is not None for code in one})
        holders = {code: pack(np.array([one is not None and code in one for one in known])) for code in codes}
        return Sets(present=pack(present), absent=pack(absent), holders=holders)
    if fact.kind in ORDERED:
        kind = np.int64 if fact.kind in WHOLE else np.float64
        values = np.array([0 if one is None else number(one) for one in known], dtype=kind)
        return Ordered.of(values, present, absent)
    values_there = sorted({one for one in known if one is not None})
    place_of = {value: place for place, value in enumerate(values_there)}
    places = np.array([-1 if one is None else place_of[one] for one in known], dtype=np.int32)
    return Coded.of(values_there, places, absent)
