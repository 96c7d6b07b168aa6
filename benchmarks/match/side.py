"""One engine in a process of its own: it is told over standard input what to do, and answers with times."""

import json
import resource
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class Answers:
    """For each clause how many certainly meet it and how many certainly do not; and a digest of sampled rows."""

    counts: dict[str, tuple[int, int]]
    sampled: str


class Side(ABC):
    """An engine with its data loaded."""

    @abstractmethod
    def acts(self) -> dict[str, tuple[Callable[[], Any], Callable[[], Any], int]]:
        """What can be measured: what is prepared before, what is done, how many times that is."""

    @abstractmethod
    def answers(self, sample: list[int]) -> Answers:
        """What the last full run found."""


def digest(sampled: dict[str, list[list[bool]]]) -> str:
    """The same for the same values: by clause who of the sample meets it, and who certainly does not."""
    told = sha256()
    for name in sorted(sampled):
        told.update(name.encode() + bytes(value for row in sampled[name] for value in row))
    return told.hexdigest()


def serve(side: Side) -> None:
    """Do what each line says until there are no more."""
    acts = side.acts()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "sample" in asked:
            found = side.answers(asked["sample"])
            print(json.dumps({"counts": found.counts, "sampled": found.sampled}), flush=True)
            continue
        prepare, act, times = acts[asked["act"]]
        prepare()
        cpu, begun = time.process_time(), time.perf_counter()
        act()
        wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            json.dumps({"ms": wall / times * 1e3, "cpu_ms": cpu / times * 1e3, "rss_mb": memory}), flush=True
        )


def main() -> None:
    """Load one engine with the data and serve."""
    name, rows, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    from benchmarks.match.data import clauses, enterprises

    facts, rules = enterprises(rows), clauses(count)
    match name:
        case "ours":
            from benchmarks.match.data import FRESH
            from benchmarks.match.ours import Ours

            serve(Ours(facts, clauses(count + FRESH)))
        case "polars":
            from benchmarks.match.with_polars import WithPolars

            serve(WithPolars(facts, rules))
        case "duckdb":
            from benchmarks.match.with_duckdb import WithDuckDB

            serve(WithDuckDB(facts, rules))
        case "openfisca":
            from benchmarks.match.with_openfisca import WithOpenFisca

            serve(WithOpenFisca(facts, rules))


if __name__ == "__main__":
    main()
