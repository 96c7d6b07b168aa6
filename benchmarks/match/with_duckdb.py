"""DuckDB: one query with a sum for each clause; SQL's booleans are three-valued by the same logic.

One sum tells both figures of a clause: each row of which it is known adds KNOWN, and one more if it meets it. With two
sums for each clause DuckDB's planner looks for what they have in common, for minutes at 1,500 clauses (measured over
1,000 rows: 1.4 s of CPU with one sum each, 40 s with two, 60 s with `sum(KNOWN + …)`, which it rewrites to two).
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import duckdb
import numpy as np

from benchmarks.match.data import ON, Raw
from benchmarks.match.side import Answers, Side, digest
from yueban.expressions import All, Node, None_, Predicate
from yueban.expressions.values import years_before

KNOWN = 1 << 24  # more than there are rows; added bitwise, for what is added with + DuckDB sums apart
CHUNK = 15  # clauses a query when the answers of single rows are asked, which is not measured
OPERATORS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<", "eq": "="}


class WithDuckDB(Side):
    """Codes as an enumeration, labels as booleans, numbers and days as integers; NULL where nothing is known."""

    def __init__(self, facts: dict[str, Raw], clauses: dict[str, Node]) -> None:
        self._connection = duckdb.connect()
        self._load(facts)
        self._clauses = {name: _written(rule) for name, rule in clauses.items()}
        self._found: tuple[Any, ...] = ()

    def acts(self) -> dict[str, tuple[Any, Any, int]]:
        return {"full": (lambda: None, self._full, 1)}

    def _full(self) -> None:
        sums = ", ".join(f"sum({KNOWN} | ({sql})::int)" for sql in self._clauses.values())
        found = self._connection.execute(f"SELECT {sums} FROM enterprise").fetchone()  # noqa: S608 - ours
        assert found is not None
        self._found = found

    def answers(self, sample: list[int]) -> Answers:
        counts = {}
        for name, total in zip(self._clauses, self._found, strict=True):
            known, met = divmod(int(total or 0), KNOWN)
            counts[name] = (met, known - met)
        picked = ", ".join(map(str, sample))
        self._connection.execute(
            f"CREATE OR REPLACE TABLE picked AS FROM enterprise WHERE slot IN ({picked})"
        )
        sampled = {}
        for part in batched(self._clauses.items(), CHUNK):
            every = ", ".join(sql for _name, sql in part)
            query = f"SELECT {every} FROM picked ORDER BY slot"  # noqa: S608 - ours
            rows = self._connection.execute(query).fetchall()
            for place, (name, _sql) in enumerate(part):
                sampled[name] = [[row[place] is value for row in rows] for value in (True, False)]
        return Answers(counts, digest(sampled))

    def _load(self, facts: dict[str, Raw]) -> None:
        rows = len(next(iter(facts.values())).numbers)
        read: dict[str, Any] = {"slot": np.arange(rows)}
        made = ["slot"]
        for name, raw in facts.items():
            read |= {name: raw.numbers, f"k_{name}": raw.known}
            value = name
            if raw.kind == "code":
                listed = ", ".join(f"'{code}'" for code in raw.codes)
                self._connection.execute(f"CREATE TYPE t_{name} AS ENUM ({listed})")
                value = f"enum_range(NULL::t_{name})[{name} + 1]::t_{name}"
            elif raw.kind == "label":
                value = f"{name}::bool"
            made.append(f"CASE WHEN k_{name} THEN {value} END AS {name}")
        # The name that the query reads from.
        self._connection.register("arrays", read)
        self._connection.execute(f"CREATE TABLE enterprise AS SELECT {', '.join(made)} FROM arrays")  # noqa: S608 - ours


def batched(items: Iterable[tuple[str, str]], size: int) -> Iterator[list[tuple[str, str]]]:
    """So many at a time."""
    left = iter(items)
    while part := list(islice(left, size)):
        yield part


def _written(node: Node) -> str:
    if not isinstance(node, Predicate):
        joined = (" AND " if isinstance(node, All) else " OR ").join(
            f"({_written(one)})" for one in node.children
        )
        return f"NOT ({joined})" if isinstance(node, None_) else joined
    value: Any = node.value
    match node.op:
        case "in":
            return f"{node.fact} IN ({', '.join(repr(one) for one in value)})"
        case "prefix":
            return f"starts_with({node.fact}::varchar, '{value[0]}')"
        case "years_at_least":
            return f"{node.fact} <= {years_before(ON, value).toordinal()}"
        case "years_less_than":
            return f"{node.fact} > {years_before(ON, value).toordinal()}"
    return f"{node.fact} {OPERATORS[node.op]} {value}"
