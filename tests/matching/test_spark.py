"""The plan on Spark finds what the plan on one machine finds; both workers are processes of their own."""

import os
import shutil

import numpy as np
import pytest

from benchmarks.match import data
from yueban.expressions import FactType, Predicate, Vocabulary, parse
from yueban.expressions.columns import Judge, Sets, Table, pack, unpack
from yueban.matching.near import movable
from yueban.matching.profiles import NOBODY, Profiles

ON, ROWS, CLAUSES = data.ON, 20_000, 120
EXTRA = "the extra `spark` is not installed: pip install yueban[spark]"


@pytest.fixture(scope="module")
def spark():
    pytest.importorskip("pyspark", reason=EXTRA)
    pytest.importorskip("pyarrow", reason=EXTRA)
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("no Java 17 or newer: apt install default-jre-headless")
    from yueban.matching.spark import session

    found = session("local-cluster[2,1,1024]")
    yield found
    found.stop()


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(
        [
            *data.vocabulary().values(),
            FactType("honours", "honours", "honours", "codes"),
            FactType(
                "is_old", "is_old", "is_old", "boolean", derived=parse({"fact": "day0", "op": "exists"})
            ),
        ]
    )


@pytest.fixture(scope="module")
def profiles():
    """One value in ten unknown, some known not to be, sets that are empty, and slots that somebody has left."""
    rng = np.random.default_rng(1)
    columns = dict(data.table_of(data.enterprises(ROWS)).columns)
    for name in ("label0", "measure0", "industry"):
        unknown = ~unpack(columns[name].present, ROWS)
        columns[name].absent = pack(unknown & (rng.random(ROWS) < 0.5))
    known = rng.random(ROWS) < 0.9
    holders = {code: pack(known & (rng.random(ROWS) < 0.3)) for code in ("gold", "silver", "bronze")}
    columns["honours"] = Sets(
        present=pack(known), absent=pack(~known & (rng.random(ROWS) < 0.3)), holders=holders
    )
    party_ids = np.arange(1, ROWS + 1)
    party_ids[rng.random(ROWS) < 0.02] = NOBODY
    return Profiles(ON, party_ids, Table(ROWS, columns))


@pytest.fixture(scope="module")
def rules():
    return data.clauses(CLAUSES) | {
        "any honour": Predicate("honours", "contains_any", ("gold", "silver")),
        "all honours": Predicate("honours", "contains_all", ("gold", "bronze")),
        "some honour": Predicate("honours", "exists", True),
        "no measure": Predicate("measure0", "exists", False),
        "not in": Predicate("industry", "not_in", ("0001", "0002")),
        "derived": Predicate("is_old", "eq", True),
        "never told": Predicate("label1", "ne", True),
    }


def test_two_worker_processes_find_what_one_machine_finds(spark, profiles, vocabulary, rules):
    from yueban.matching.spark import decide, to_arrow

    rows = to_arrow(profiles)
    # Neither in the order of slots nor cut where a word of bits ends.
    shuffled = rows.take(np.random.default_rng(2).permutation(rows.num_rows))
    frames = {
        "in order": spark.createDataFrame(rows).repartitionByRange(5, "slot"),
        "mixed": spark.createDataFrame(shuffled).repartition(3),
    }
    judge, alive, is_movable = Judge(profiles.table, vocabulary, ON), profiles.alive, movable(vocabulary)
    for frame in frames.values():
        found = decide(frame, rules, vocabulary, on=ON, slots=ROWS)
        assert set(found) == set(rules)
        for name, rule in rules.items():
            verdicts = judge.decide(rule)
            unknown = alive & ~verdicts.true & ~verdicts.false
            assert np.array_equal(found[name].true, verdicts.true & alive), name
            assert np.array_equal(found[name].unknown, unknown), name
            assert np.array_equal(found[name].near, judge.near(rule, is_movable) & alive & ~unknown), name
    assert sum(one.true.any() for one in found.values()) > CLAUSES / 2
    assert sum(one.unknown.any() for one in found.values()) > CLAUSES / 2


def test_the_workers_are_other_processes(spark):
    def tell(batches):
        import pyarrow as pa

        for _batch in batches:
            yield pa.RecordBatch.from_pydict({"pid": [os.getpid()], "parent": [os.getppid()]})

    told = spark.range(0, 1000, 1, 4).mapInArrow(tell, "pid long, parent long").collect()
    assert os.getpid() not in {row["pid"] for row in told}
