"""Full runs over more enterprises, in a process of its own so that its memory is its own; prints one JSON object.

The packed columns of everybody are held at once, in chunks whose bits stay in the processor's caches. Each chunk is
decided cold and then warm, before its conditions are dropped: `warm_state_mb` is what it would take to keep those of
all chunks. Making the data is not measured; who meets a clause is counted, not kept.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.match.data import ON, clauses, enterprises, table_of, vocabulary
from yueban.expressions import Node
from yueban.expressions.columns import Coded, Judge, Ordered, Table, count_bits

CHUNK = 262_144


def grown(rows: int, count: int) -> dict[str, float]:
    """The figures of one size."""
    rules = list(clauses(count).values())
    tables = [
        table_of(enterprises(min(CHUNK, rows - first), seed=first + 11)) for first in range(0, rows, CHUNK)
    ]
    held = sum(array.nbytes for table in tables for array in _arrays(table))
    spent = {"cold": [0.0, 0.0], "warm": [0.0, 0.0]}
    matches, state = {"cold": 0, "warm": 0}, 0
    for table in tables:
        judge = Judge(table, vocabulary(), ON)
        for act, (wall, cpu) in spent.items():
            cpu_begun, begun = time.process_time(), time.perf_counter()
            matches[act] += _decided(judge, rules)
            spent[act] = [wall + time.perf_counter() - begun, cpu + time.process_time() - cpu_begun]
        state += _state(judge)
        _forget(table)
    assert matches["cold"] == matches["warm"]
    figures = {
        f"{act}_{name}": round(value, 3)
        for act, both in spent.items()
        for name, value in zip(("s", "cpu_s"), both, strict=True)
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"columns_mb": held // 2**20, "warm_state_mb": state // 2**20, "peak_rss_mb": memory}
    return figures | told | {"matches": matches["cold"]}


def _decided(judge: Judge, rules: list[Node]) -> int:
    return sum(count_bits(judge.decide(rule).true) for rule in rules)


def _arrays(table: Table) -> Iterator[Any]:
    for column in table.columns.values():
        yield from (column.present, column.absent)
        if isinstance(column, Ordered):
            yield column.values
        if isinstance(column, Coded):
            yield column.places


def _caches(table: Table) -> Iterator[dict[Any, Any]]:
    for column in table.columns.values():
        if isinstance(column, Ordered):
            yield column.cuts
        if isinstance(column, Coded):
            yield column.rows_by_place


def _state(judge: Judge) -> int:
    """Bytes of what is kept between two runs; bits that two conditions share are counted once."""
    kept = {id(bits): bits.nbytes for cache in _caches(judge.table) for bits in cache.values()}
    kept |= {id(bits): bits.nbytes for one in judge.atoms.values() for bits in (one.true, one.false)}
    return sum(kept.values())


def _forget(table: Table) -> None:
    for cache in _caches(table):
        cache.clear()


if __name__ == "__main__":
    print(json.dumps(grown(int(sys.argv[1]), int(sys.argv[2]))))
