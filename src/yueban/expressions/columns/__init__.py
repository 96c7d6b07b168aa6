"""The same rules over columns: one rule against all subjects at once, in three values, as packed bits.

`Table` holds typed nullable columns of subjects; `Judge` decides rules over it and shares what rules have in common.
Needs NumPy; the rest of the language does not. A property test holds it against `evaluate`.
"""

from yueban.expressions.columns.bits import Bits, count_bits, pack, rows_of, unpack
from yueban.expressions.columns.column import Coded, Column, Ordered, Sets, Table
from yueban.expressions.columns.judge import Judge, Verdicts
from yueban.expressions.columns.reading import read_table

__all__ = [
    "Bits",
    "Coded",
    "Column",
    "Judge",
    "Ordered",
    "Sets",
    "Table",
    "Verdicts",
    "count_bits",
    "pack",
    "read_table",
    "rows_of",
    "unpack",
]
