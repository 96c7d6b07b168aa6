"""Measure matching beside Polars, DuckDB and OpenFisca-core, each in a process of its own; prints one JSON object.

Run by `yueban bench match`, which makes the peers' environment. Ours and a peer take turns, and a ratio is taken within
each turn, so that what else the machine does falls on both.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from benchmarks.match.data import ON, clauses, enterprises, table_of, vocabulary
from yueban.expressions.columns import Judge, count_bits

SAMPLE = 97
CHUNK = 262_144
# A peer that takes long runs once, without one before that does not count; said with its figures.
ONCE = {"duckdb"}


class Engine:
    """A process that holds an engine with the data."""

    def __init__(self, python: str, name: str, rows: int, count: int) -> None:
        words = [python, "-m", "benchmarks.match.side", name, str(rows), str(count)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the engine has ended")
        return json.loads(line)

    def _ask(self, asked: object) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._read()

    def act(self, name: str) -> dict[str, float]:
        """Do it once: wall and CPU milliseconds."""
        found: dict[str, float] = self._ask({"act": name})
        return found

    def answers(self, rows: int) -> Any:
        """What the last full run found."""
        return self._ask({"sample": list(range(0, rows, -(-rows // SAMPLE)))})

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def main() -> None:
    """All sides, then how it grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, required=True)
    parser.add_argument("--clauses", type=int, required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--peers", nargs="*", default=[])
    parser.add_argument("--growth", type=int, nargs="*", default=[])
    arguments = parser.parse_args()
    rows, count, runs = arguments.enterprises, arguments.clauses, arguments.runs
    ours = Engine(sys.executable, "ours", rows, count)
    found: dict[str, Any] = {"ours": {}, "peers": {}, "ratios": {}}
    own = {act: measured(ours, act, runs) for act in ("cold", "warm", "near", "one_clause", "one_profile")}
    answers = {"ours": ours.answers(rows)}
    for name in arguments.peers:
        peer = Engine(os.environ["BENCH_PEERS_PYTHON"], name, rows, count)
        wanted = 1 if name in ONCE else runs + 1
        turns = [(ours.act("cold"), ours.act("warm"), peer.act("full")) for _ in range(wanted)][-runs:]
        answers[name] = peer.answers(rows)
        peer.stop()
        found["peers"][name] = {
            "full_ms": median(turn[2]["ms"] for turn in turns),
            "full_cpu_ms": median(turn[2]["cpu_ms"] for turn in turns),
            "rss_mb": turns[-1][2]["rss_mb"],
            "runs": len(turns),
        }
        for place, own_act in enumerate(("cold", "warm")):
            for figure, ending in (("cpu_ms", ""), ("ms", "_wall")):
                ratio = median((turn[place][figure] / turn[2][figure] for turn in turns), 3)
                found["ratios"][f"{own_act}_vs_{name}{ending}"] = ratio
        told(f"{name}: {found['peers'][name]} {found['ratios']}")
    ours.stop()
    found["ours"] = figures(own) | {"enterprises": rows, "clauses": count}
    found["ours"]["growth"] = {str(size): grown(size, count) for size in arguments.growth}
    found["checked_equal"] = all(one == answers["ours"] for one in answers.values()) and bool(
        answers["ours"]["counts"]
    )
    print(json.dumps(found))


def measured(engine: Engine, act: str, runs: int) -> list[dict[str, float]]:
    """One run that does not count, and so many that do."""
    found = [engine.act(act) for _ in range(runs + 1)][1:]
    told(f"{act}: {median(one['cpu_ms'] for one in found)} ms CPU")
    return found


def figures(own: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """Medians of our own acts; near-miss is over all clauses, one clause is new, one profile is asked all."""
    names = {
        "cold": "full_cold",
        "warm": "full_warm",
        "near": "near_miss",
        "one_clause": "one_clause",
        "one_profile": "one_profile",
    }
    return {
        f"{names[act]}_{ending}": median((one[figure] for one in runs), 3)
        for act, runs in own.items()
        for figure, ending in (("ms", "ms"), ("cpu_ms", "cpu_ms"))
    }


def grown(rows: int, count: int) -> dict[str, float]:
    """The full cold run over more rows, in chunks whose bits stay in the processor's caches; loading apart."""
    rules = clauses(count)
    wall = cpu = 0.0
    pairs = 0
    for first in range(0, rows, CHUNK):
        table = table_of(enterprises(min(CHUNK, rows - first), seed=first + 11))
        judge = Judge(table, vocabulary(), ON)
        cpu_begun, begun = time.process_time(), time.perf_counter()
        for rule in rules.values():
            pairs += count_bits(judge.decide(rule).true)
        wall, cpu = wall + time.perf_counter() - begun, cpu + time.process_time() - cpu_begun
    told(f"{rows} rows: {wall:.2f} s, {cpu:.2f} s CPU, {pairs} matches")
    return {"s": round(wall, 3), "cpu_s": round(cpu, 3), "matches": pairs}


def median(values: Any, digits: int = 1) -> float:
    return round(statistics.median(values), digits)


def told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
