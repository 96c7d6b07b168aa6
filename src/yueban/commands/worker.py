"""`yueban worker`: run background jobs until told to stop."""

import argparse
import signal

from yueban.commands.django_setup import set_up_django
from yueban.processes import die_with_parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many at once."""
    parser.add_argument("--concurrency", type=int, default=2, help="同时运行的任务数 / jobs at once")
    parser.add_argument("--until-empty", action="store_true", help="队列空了就停 / stop when no job is left")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM."""
    if arguments.with_parent:
        # Its jobs are idempotent and swept; the database goes at the same moment, so it cannot finish them.
        die_with_parent(signal.SIGKILL)
    set_up_django()
    from django.conf import settings

    from yueban.jobs.worker import run_worker

    run_worker(
        concurrency=arguments.concurrency,
        stall_seconds=settings.YUEBAN_JOB_STALL_SECONDS,
        until_empty=arguments.until_empty,
    )
    return 0
