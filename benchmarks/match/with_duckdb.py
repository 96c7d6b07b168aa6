"""DuckDB: one query with two sums for each clause; SQL's booleans are three-valued by the same logic."""

from typing import Any

import duckdb
import numpy as np

from benchmarks.match.data import ON, Raw
from benchmarks.match.side import Answers, Side, digest
from yueban.expressions import All, Node, None_, Predicate
from yueban.expressions.values import years_before

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
        # Each clause is worked out once; who certainly does not meet it are those it is known of, less those who do.
        made = ", ".join(f"({sql}) AS {name}" for name, sql in self._clauses.items())
        sums = ", ".join(f"sum({name}::int), count({name})" for name in self._clauses)
        query = f"SELECT {sums} FROM (SELECT {made} FROM enterprise)"  # noqa: S608 - ours
        found = self._connection.execute(query).fetchone()
        assert found is not None
        self._found = found

    def answers(self, sample: list[int]) -> Answers:
        counts = {
            name: (met := int(self._found[2 * place] or 0), int(self._found[2 * place + 1]) - met)
            for place, name in enumerate(self._clauses)
        }
        every = ", ".join(self._clauses.values())
        rows = self._connection.execute(
            f"SELECT {every} FROM enterprise WHERE slot IN ({', '.join(map(str, sample))}) ORDER BY slot"  # noqa: S608 - ours
        ).fetchall()
        sampled = {
            name: [[row[place] is True for row in rows], [row[place] is False for row in rows]]
            for place, name in enumerate(self._clauses)
        }
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
