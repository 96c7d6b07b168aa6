"""`yueban bench cases`: eight moves of a case with event and clocks, beside raw psycopg and SpiffWorkflow.

A private database that writes as safely as the real one (fsync and synchronous_commit on), eight threads in
one process, the same cases on every side; the peers' code is in benchmarks/cases.
"""

import argparse
from typing import Any

from yueban.commands.instance import DATABASE
from yueban.commands.measuring import Progress, fresh_instance, run_program


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--cases", type=int, default=200, help="每轮的办件数 / cases a run")
    parser.add_argument("--threads", type=int, default=8, help="并发数 / client threads")


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Make the database, measure, throw it away."""
    with fresh_instance() as instance:
        words = ["--cases", arguments.cases, "--runs", arguments.runs, "--threads", arguments.threads]
        settings = {"BENCH_OWNER_URL": instance.address_of(DATABASE, "owner")}
        return run_program("benchmarks.cases.run", words, progress=progress, settings=settings)
