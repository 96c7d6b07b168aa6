"""Make a thousand notices overdue, sweep, and look whether the law has accepted just those; prints one JSON object.

Run by `yueban bench clocks` in the environment of a loaded database.
"""

import argparse
import json
import os
import statistics
import sys
import time
from typing import Any

import psycopg

from yueban.commands.cpu import tree_cpu_seconds
from yueban.commands.django_setup import set_up_django

# Nobody is late except those whom the run makes late.
QUIET = """
UPDATE clocks_clock SET due_on = %(today)s + 30 + (id %% 30)::int
WHERE state = 'running' AND due_on <= %(today)s
"""
# Cases that wait for the notice: their promise has not begun, the term of the notice is over.
WAITING = """
SELECT c.number FROM cases_case c
JOIN clocks_clock k ON k.reference_kind = 'case' AND k.reference_number = c.number
WHERE c.state = 'received' AND k.state = 'running' AND k.kind = 'promise' AND c.item_version_id = ANY(%(versions)s)
ORDER BY c.id LIMIT %(wanted)s
"""
LATE = """
UPDATE clocks_clock SET kind = 'notice', due_on = %(yesterday)s
WHERE reference_kind = 'case' AND reference_number = ANY(%(numbers)s) AND kind = 'promise'
"""
# The synthetic statutory clock of these began with their intake, which a real one does not.
NO_STATUTORY = """
UPDATE clocks_clock SET state = 'met' WHERE reference_kind = 'case' AND reference_number = ANY(%(numbers)s)
  AND kind = 'statutory'
"""
DAYS_AGO = 8
CITY = "330600"
# They came a little while ago: what the law starts on that day is not over yet.
CAME = "UPDATE cases_case SET applied_at = %(at)s, received_at = %(at)s WHERE number = ANY(%(numbers)s)"


def main() -> None:
    """Medians over the runs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--due", type=int, required=True)
    arguments = parser.parse_args()
    set_up_django()
    print(json.dumps(measure(arguments.runs, arguments.due)))


def measure(runs: int, due: int) -> dict[str, Any]:
    """A run: make late, sweep, look."""
    from benchmarks.cases.ours import counted
    from yueban.flows.sweep import sweep

    times, cpus, statements, is_right = [], [], 0, True
    with psycopg.connect(os.environ["BENCH_ADMIN_URL"], autocommit=True) as admin:
        versions = deemed_versions()
        for number in range(runs + 1):
            numbers = make_late(admin, versions, due)
            clocks = admin.execute("SELECT count(*) FROM clocks_clock WHERE state = 'running'").fetchone()
            assert clocks is not None
            cpu, begun = tree_cpu_seconds(os.getppid()), time.perf_counter()
            with counted() as sent:
                done = sweep()
            wall = time.perf_counter() - begun
            is_right = is_right and are_accepted(numbers, done, due)
            print(
                f"{number}/{runs} {clocks[0]} clocks {wall * 1000:.0f} ms {done}", file=sys.stderr, flush=True
            )
            if number:  # the first is the warm-up
                times.append(wall)
                cpus.append(tree_cpu_seconds(os.getppid()) - cpu)
                statements = sent[0]
    return {
        "sweep_ms": round(statistics.median(times) * 1000, 1),
        "sweep_cpu_ms": round(statistics.median(cpus) * 1000, 1),
        "running_clocks": clocks[0],
        "acted_on": due,
        "statements": statements,
        "is_right": is_right,
    }


def deemed_versions() -> list[int]:
    """The item versions whose law accepts where nobody tells, and whose promise then has days left.

    The promise counts from the day the materials came: one of five days would be over in the same sweep, and the
    run would act on more than the due ones.
    """
    from datetime import timedelta

    from yueban.catalogue.selectors import versions_in_force
    from yueban.clocks.lights import due_by
    from yueban.divisions.selectors import work_calendars
    from yueban.kernel import clock

    calendar, today = work_calendars({CITY})[CITY], clock.today()
    came = today - timedelta(days=DAYS_AGO)
    return [
        version.pk
        for version in versions_in_force()
        if version.compiled.clocks.is_deemed_accepted
        and due_by(calendar, came, version.compiled.clocks.promised.limit) >= today
    ]


def make_late(admin: "psycopg.Connection[Any]", versions: list[int], due: int) -> list[str]:
    """So many cases whose notice should have been given by yesterday; nobody else is late."""
    from datetime import timedelta

    from yueban.kernel import clock

    today = clock.today()
    admin.execute("SET session_replication_role = replica")
    admin.execute(QUIET, {"today": today})
    rows = admin.execute(WAITING, {"versions": versions, "wanted": due}).fetchall()
    numbers = [row[0] for row in rows]
    if len(numbers) < due:
        raise SystemExit("the waiting cases are used up: run again with --rebuild")
    admin.execute(NO_STATUTORY, {"numbers": numbers})
    admin.execute(LATE, {"numbers": numbers, "yesterday": today - timedelta(days=1)})
    admin.execute(CAME, {"numbers": numbers, "at": clock.now() - timedelta(days=DAYS_AGO)})
    admin.execute("ANALYZE clocks_clock")
    return numbers


def are_accepted(numbers: list[str], done: dict[str, int], due: int) -> bool:
    """Whether just these were accepted, each with its event, and nothing else was done."""
    from yueban.audit.models import Event
    from yueban.cases.models import Case

    accepted = Case.objects.filter(number__in=numbers, state__in=("accepted", "reviewing")).count()
    events = Event.objects.filter(reference_number__in=numbers, kind="deem_accepted").count()
    return done["deemed_accepted"] == accepted == events == due == sum(done.values())


if __name__ == "__main__":
    main()
