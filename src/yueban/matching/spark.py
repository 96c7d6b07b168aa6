"""The same plan past one machine: partitions of enterprises on Spark, each decided by the same columns and judge.

Nothing is translated: Spark hands every worker its rows as Arrow batches (`mapInArrow`), the worker makes the columns
of them, and hands back bits for each rule over its range of slots. Needs the extra `spark` (docs/decisions/0021);
nothing else imports this module. Workers need this package, but no Django and no database.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession

from yueban.expressions import FactKind, Node, Vocabulary
from yueban.expressions.columns import Bits, Coded, Column, Judge, Ordered, Sets, Table, pack, rows_of, unpack
from yueban.expressions.columns.bits import WORD, Mask, no_rows
from yueban.expressions.columns.reading import ORDERED
from yueban.matching.near import movable
from yueban.matching.profiles import NOBODY, Profiles

SLOT: Final = "slot"
ABSENT: Final = "absent of "
ANSWERS: Final = "rule string, first long, true binary, unknown binary, near binary"


@dataclass(frozen=True)
class Answer:
    """Over all slots: who certainly meets a rule, of whom too little is known, who misses by one condition."""

    true: Bits
    unknown: Bits
    near: Bits


def session(master: str) -> SparkSession:
    """A session whose workers run this Python; one on this machine alone keeps to the loopback address."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC"}
    found: SparkSession = SparkSession.builder.master(master).config(map=settings).getOrCreate()
    return found


def decide(
    frame: DataFrame, rules: Mapping[str, Node], vocabulary: Vocabulary, *, on: date, slots: int
) -> dict[str, Answer]:
    """Decide every rule for the enterprises of a frame with the columns of `to_arrow`, whatever its partitions."""
    work = partial(decide_rows, rules=dict(rules), vocabulary=vocabulary, on=on)
    found = {rule: Answer(no_rows(slots), no_rows(slots), no_rows(slots)) for rule in rules}
    for row in frame.mapInArrow(work, ANSWERS).toLocalIterator():
        for name in ("true", "unknown", "near"):
            _written(getattr(found[row["rule"]], name), np.frombuffer(row[name], np.uint64), row["first"])
    return found


def _written(whole: Bits, part: Bits, first: int) -> None:
    place = first // WORD
    whole[place : place + len(part)] |= part


def decide_rows(
    batches: Iterable[pa.RecordBatch], *, rules: Mapping[str, Node], vocabulary: Vocabulary, on: date
) -> Iterator[pa.RecordBatch]:
    """What a worker does with its rows."""
    held = list(batches)
    if not sum(batch.num_rows for batch in held):
        return
    rows = pa.Table.from_batches(held).combine_chunks()
    slots: NDArray[np.int64] = rows[SLOT].to_numpy()
    judge = Judge(from_arrow(rows, vocabulary), vocabulary, on)
    is_movable, everybody = movable(vocabulary), pack(np.ones(len(slots), np.bool_))
    first = int(slots.min()) // WORD * WORD
    span = int(slots.max()) + 1 - first

    def placed(bits: Bits) -> bytes:
        """Bits of the rows here as bits of the range of slots."""
        mask = np.zeros(span, np.bool_)
        mask[slots[rows_of(bits)] - first] = True
        return pack(mask).tobytes()

    for name, rule in rules.items():
        found = judge.decide(rule)
        unknown = everybody & ~found.true & ~found.false
        near = judge.near(rule, is_movable) & everybody & ~unknown
        answer = [name, first, placed(found.true), placed(unknown), placed(near)]
        names = ("rule", "first", "true", "unknown", "near")
        yield pa.RecordBatch.from_arrays([pa.array([one]) for one in answer], names=names)


def to_arrow(profiles: Profiles) -> pa.Table:
    """Who is in the table, a row each: its slot, the facts known, and which are known not to be."""
    alive = np.flatnonzero(profiles.party_ids != NOBODY)
    arrays: dict[str, Any] = {SLOT: pa.array(alive)}
    for code, column in profiles.table.columns.items():
        present = unpack(column.present, profiles.table.rows)
        arrays[code] = _values(column, present).take(pa.array(alive))
        absent = unpack(column.absent, profiles.table.rows)[alive]
        if absent.any():
            arrays[ABSENT + code] = pa.array(absent)
    return pa.table(arrays)


def _values(column: Column, present: Mask) -> Any:
    match column:
        case Ordered():
            return pa.array(column.values, mask=~present)
        case Coded():
            places = pa.array(column.places, mask=~present)
            return pc.take(pa.array(list(column.values)), places)
        case Sets():
            held = [rows_of(bits) for bits in column.holders.values()]
            rows = np.concatenate([*held, np.zeros(0, np.int64)])
            codes = np.repeat(np.arange(len(held)), [len(one) for one in held])
            order = np.argsort(rows, kind="stable")
            ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(present)))])
            named = pc.take(pa.array(list(column.holders), pa.string()), pa.array(codes[order], pa.int64()))
            return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), named, mask=pa.array(~present))
    raise TypeError(column)


def from_arrow(rows: pa.Table, vocabulary: Vocabulary) -> Table:
    """The columns of such rows; facts that the vocabulary does not know are nobody's business."""
    nobody = np.zeros(rows.num_rows, np.bool_)
    columns = {}
    for code in rows.column_names:
        fact = vocabulary.get(code)
        if fact is not None:
            absent = rows[ABSENT + code].to_numpy() if ABSENT + code in rows.column_names else nobody
            columns[code] = _column(_whole(rows[code]), absent.astype(np.bool_), fact.kind)
    return Table(rows.num_rows, columns)


def _whole(column: pa.ChunkedArray) -> Any:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _column(values: Any, absent: Mask, kind: FactKind) -> Column:
    present: Mask = ~values.is_null().to_numpy(zero_copy_only=False)
    if kind is FactKind.CODES:
        codes = values.flatten().dictionary_encode()
        held = pc.list_parent_indices(values).to_numpy()
        places = codes.indices.to_numpy()
        holders = {
            code: pack(_mask(len(present), held[places == place]))
            for place, code in enumerate(codes.dictionary.to_pylist())
        }
        return Sets(present=pack(present), absent=pack(absent), holders=holders)
    if kind in ORDERED:
        return Ordered.of(values.fill_null(0).to_numpy(zero_copy_only=False), present, absent)
    coded = values.dictionary_encode()
    places = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded.of(coded.dictionary.to_pylist(), places.astype(np.int32), absent)


def _mask(rows: int, chosen: NDArray[np.int64]) -> Mask:
    mask = np.zeros(rows, np.bool_)
    mask[chosen] = True
    return mask
