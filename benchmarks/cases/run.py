"""Measure the case engine beside raw psycopg and SpiffWorkflow in a private database; prints one JSON object.

Run by `yueban bench cases`, which makes the database; never against another one.
"""

import argparse
import json
import os
import queue
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from yueban.commands.cpu import tree_cpu_seconds
from yueban.commands.django_setup import set_up_django

WARM_UP = 16
VERIFIED = 20  # chains of each side proved in every run


class Side(Protocol):
    """What carries cases through their eight moves; one connection a thread."""

    def carry(self, number: str) -> object: ...
    def statements(self, number: str) -> int: ...
    def close(self) -> None: ...


class Clients:
    """So many threads that stay, each with its own connection, carrying the cases that they are given."""

    def __init__(self, side: Side, threads: int) -> None:
        self._side = side
        self._waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def carry(self, numbers: list[str]) -> tuple[float, float]:
        """Wall and CPU seconds (this process and the database) until all are carried."""
        cpu, begun = tree_cpu_seconds(os.getppid()), time.perf_counter()
        for number in numbers:
            self._waiting.put(number)
        failures = [failure for _ in numbers if (failure := self._done.get())]
        wall = time.perf_counter() - begun
        if failures:
            raise failures[0]
        return wall, tree_cpu_seconds(os.getppid()) - cpu

    def stop(self) -> None:
        """End the threads and their connections."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (number := self._waiting.get()) is not None:
            try:
                self._side.carry(number)
                self._done.put(None)
            except Exception as error:  # noqa: BLE001 - told where the run waits for it
                self._done.put(error)
        self._side.close()


def main() -> None:
    """Runs in changing order, then the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    arguments = parser.parse_args()
    set_up_django()
    print(json.dumps(measure(arguments.cases, arguments.runs, arguments.threads)))


def measure(cases: int, runs: int, threads: int) -> dict[str, Any]:
    """Every side carries as many cases in each run, none twice."""
    from benchmarks.cases.fill import make_cases, make_template
    from benchmarks.cases.ours import Ours
    from benchmarks.cases.raw import Raw
    from benchmarks.cases.spiff import Spiff

    address, template = os.environ["BENCH_OWNER_URL"], make_template()
    raw = Raw(template, address)
    spiffs = {
        "spiffworkflow": Spiff(address, rows=raw),
        "spiffworkflow_alone": Spiff(address),
        "spiffworkflow_in_memory": Spiff(address, in_memory=True),
    }
    sides: dict[str, Side] = {"ours": Ours(template), "raw_psycopg": raw, **spiffs}

    def give(name: str, wanted: int) -> list[str]:
        numbers = make_cases(template, wanted)
        if name in spiffs:
            spiffs[name].begin(numbers)
        return numbers

    statements = {name: side.statements(give(name, 1)[0]) for name, side in sides.items()}
    clients = {name: Clients(side, threads) for name, side in sides.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    equal = True
    for name, client in clients.items():
        client.carry(give(name, WARM_UP))
    for number in range(runs):
        given = {name: give(name, cases) for name in sides}
        for name in list(sides) if number % 2 else reversed(sides):
            times[name].append(clients[name].carry(given[name]))
        equal = equal and are_equal(given["ours"], given["raw_psycopg"])
        equal = equal and are_equal(given["ours"], given["spiffworkflow"])
        equal = equal and all(side.finished(given[name]) == cases for name, side in spiffs.items())
        told = {name: f"{cases / times[name][-1][0]:.0f}" for name in sides}
        print(f"{number + 1}/{runs} {told} cases/s", file=sys.stderr, flush=True)
    for client in clients.values():
        client.stop()
    return figures(times, statements, cases) | {"checked_equal": equal}


def figures(
    times: dict[str, list[tuple[float, float]]], statements: dict[str, int], cases: int
) -> dict[str, Any]:
    """Medians over the runs; a ratio is taken within each run."""

    def median(of: Callable[[int], float]) -> float:
        return round(statistics.median(of(run) for run in range(len(times["ours"]))), 3)

    def of_side(name: str) -> dict[str, float]:
        return {
            "cases_per_s": median(lambda run: cases / times[name][run][0]),
            "case_cpu_ms": median(lambda run: times[name][run][1] / cases * 1000),
            "statements_per_case": statements[name],
        }

    def ratio(peer: str, part: int) -> float:
        return median(lambda run: times[peer][run][part] / max(times["ours"][run][part], 1e-9))

    return {
        "ours": of_side("ours"),
        "peers": {name: of_side(name) for name in times if name != "ours"},
        "ratios": {
            "vs_spiffworkflow": ratio("spiffworkflow", 0),
            "vs_raw_psycopg": ratio("raw_psycopg", 0),
            "vs_spiffworkflow_cpu": ratio("spiffworkflow", 1),
            "vs_spiffworkflow_alone": ratio("spiffworkflow_alone", 0),
            "vs_spiffworkflow_in_memory": ratio("spiffworkflow_in_memory", 0),
            "vs_raw_psycopg_cpu": ratio("raw_psycopg", 1),
        },
    }


def are_equal(ours: list[str], theirs: list[str]) -> bool:
    """Whether both sides left the same rows (numbers, codes and times apart) and chains that hold."""
    from yueban.audit import selectors as audit
    from yueban.kernel.reference import Reference

    proved = [audit.verify_chain(Reference("case", n)) for n in (*ours[:VERIFIED], *theirs[:VERIFIED])]
    return rows_of(ours) == rows_of(theirs) and all(found.ok and found.events for found in proved)


def rows_of(numbers: list[str]) -> "Counter[tuple[Any, ...]]":
    """What a side left in the tables, without what must differ."""
    from django.db import connection

    left: Counter[tuple[Any, ...]] = Counter()
    with connection.cursor() as cursor:
        for table, (number, columns) in ROWS.items():
            cursor.execute(f"SELECT {columns} FROM {table} WHERE {number} = ANY(%s)", [numbers])  # noqa: S608 - ours
            left.update((table, *(str(value) for value in row)) for row in cursor.fetchall())
    return left


STAMPED = "state, revision, promised_on, " + ", ".join(
    f"{name} IS NULL" for name in ("received_at", "accepted_at", "decided_at", "delivered_at", "ended_at")
)
# By table the column with the case's number, and what must be the same.
ROWS = {
    "cases_case": ("number", STAMPED),
    "audit_event": (
        "reference_number",
        "seq, kind, actor, data, division_code, algorithm, length(prev_hash), length(hash)",
    ),
    "clocks_clock": (
        "reference_number",
        "kind, basis, amount, unit, division_code, started_on, due_on, is_provisional, extended, state, ended_on",
    ),
    "ratings_rateableservice": (
        "reference_number",
        "item_key, item_name, agency_id, division_code, party_id, is_offline, length(code)",
    ),
}


if __name__ == "__main__":
    main()
