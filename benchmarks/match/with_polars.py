"""Polars: everything in one lazy select; its booleans are three-valued by the same logic."""

from functools import reduce
from operator import and_, eq, ge, gt, le, lt, or_
from typing import Any

import polars as pl

from benchmarks.match.data import ON, Raw
from benchmarks.match.side import Answers, Side, digest
from yueban.expressions import All, Node, None_, Predicate
from yueban.expressions.values import years_before

COMPARED = {"ge": ge, "gt": gt, "le": le, "lt": lt, "eq": eq}


class WithPolars(Side):
    """Codes as categories, labels as booleans, numbers and days as integers; null where nothing is known."""

    def __init__(self, facts: dict[str, Raw], clauses: dict[str, Node]) -> None:
        self._frame = pl.DataFrame({name: _series(name, raw) for name, raw in facts.items()})
        self._select = [_written(rule).alias(name) for name, rule in clauses.items()]
        self._found = pl.DataFrame()

    def acts(self) -> dict[str, tuple[Any, Any, int]]:
        return {"full": (lambda: None, self._full, 1)}

    def _full(self) -> None:
        self._found = self._frame.lazy().select(self._select).collect()

    def answers(self, sample: list[int]) -> Answers:
        true = self._found.select(pl.all().sum()).row(0, named=True)
        false = self._found.select((~pl.all()).sum()).row(0, named=True)
        rows = self._found[sample]
        sampled = {
            name: [[value is True for value in rows[name]], [value is False for value in rows[name]]]
            for name in true
        }
        return Answers({name: (true[name], false[name]) for name in true}, digest(sampled))


def _series(name: str, raw: Raw) -> pl.Series:
    known = pl.Series(raw.known)
    match raw.kind:
        case "code":
            codes = pl.Series(raw.codes, dtype=pl.Categorical)
            values = codes.gather(raw.numbers)
        case "label":
            values = pl.Series(raw.numbers.astype(bool))
        case _:
            values = pl.Series(raw.numbers)
    return pl.select(pl.when(known).then(values).otherwise(None).alias(name)).to_series()


def _written(node: Node) -> pl.Expr:
    if not isinstance(node, Predicate):
        joined = reduce(and_ if isinstance(node, All) else or_, [_written(child) for child in node.children])
        return ~joined if isinstance(node, None_) else joined
    column, value = pl.col(node.fact), node.value
    match node.op:
        case "in":
            return column.is_in(list(value))
        case "prefix":
            return column.cast(pl.String).str.starts_with(value[0])
        case "years_at_least":
            return column <= years_before(ON, value).toordinal()
        case "years_less_than":
            return column > years_before(ON, value).toordinal()
    return COMPARED[node.op](column, value)
