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
import threading
from typing import Any

SAMPLE = 97
# A peer that takes long runs once, without one before that does not count; said with its figures.
ONCE = {"duckdb"}


class NotFinished(Exception):
    """The engine was stopped because it took longer than anybody waits."""


class Engine:
    """A process that holds an engine with the data; whatever it is asked, it has so many seconds for it."""

    def __init__(self, python: str, name: str, rows: int, count: int, *, limit: int) -> None:
        words = [python, "-m", "benchmarks.match.side", name, str(rows), str(count)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._limit = limit
        self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        timer = threading.Timer(self._limit, self._process.kill)
        timer.start()
        line = self._process.stdout.readline()
        is_late = not timer.is_alive()
        timer.cancel()
        if not line:
            self._end()
            raise NotFinished if is_late else RuntimeError("the engine has ended")
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

    def _end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """All sides, then how it grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, required=True)
    parser.add_argument("--clauses", type=int, required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--peers", nargs="*", default=[])
    parser.add_argument("--growth", type=int, nargs="*", default=[])
    arguments = parser.parse_args()
    rows, count, runs = arguments.enterprises, arguments.clauses, arguments.runs
    ours = Engine(sys.executable, "ours", rows, count, limit=arguments.limit)
    found: dict[str, Any] = {"ours": {}, "peers": {}, "ratios": {}}
    own = {act: measured(ours, act, runs) for act in ("cold", "warm", "near", "one_clause", "one_profile")}
    answers = {"ours": ours.answers(rows)}
    for name in arguments.peers:
        try:
            answers[name] = beside(ours, name, arguments, found)
        except NotFinished:
            found["peers"][name] = {"not_finished_in_s": arguments.limit}
        told(f"{name}: {found['peers'][name]} {found['ratios']}")
    ours.stop()
    found["ours"] = figures(own) | {"enterprises": rows, "clauses": count}
    found["ours"]["growth"] = {str(size): grown(size, count) for size in arguments.growth}
    # Of a peer that did not finish there are no answers; that it did not is said with the peers.
    found["checked_equal"] = all(one == answers["ours"] for one in answers.values()) and bool(
        answers["ours"]["counts"]
    )
    print(json.dumps(found))


def beside(ours: Engine, name: str, arguments: argparse.Namespace, found: dict[str, Any]) -> Any:
    """Ours and a peer in turn: figures and ratios go into what was found, the peer's answers are returned."""
    rows, runs = arguments.enterprises, arguments.runs
    peer = Engine(os.environ["BENCH_PEERS_PYTHON"], name, rows, arguments.clauses, limit=arguments.limit)
    wanted = 1 if name in ONCE else runs + 1
    turns = [(ours.act("cold"), ours.act("warm"), peer.act("full")) for _ in range(wanted)][-runs:]
    answers = peer.answers(rows)
    peer.stop()
    found["peers"][name] = {
        "full_ms": median(turn[2]["ms"] for turn in turns),
        "full_cpu_ms": median(turn[2]["cpu_ms"] for turn in turns),
        "rss_mb": turns[-1][2]["rss_mb"],
        "runs": len(turns),
    }
    for place, own_act in enumerate(("cold", "warm")):
        for figure, ending in (("cpu_ms", ""), ("ms", "_wall")):
            ratio = median((turn[place][figure] / turn[2][figure] for turn in turns), 4)
            found["ratios"][f"{own_act}_vs_{name}{ending}"] = ratio
    return answers


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


def grown(rows: int, count: int) -> Any:
    """The full run over so many enterprises, once, in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.match.growth", str(rows), str(count)]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True)
    found = json.loads(done.stdout)
    told(f"{rows} enterprises: {found}")
    return found


def median(values: Any, digits: int = 1) -> float:
    return round(statistics.median(values), digits)


def told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
