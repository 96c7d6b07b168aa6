"""`yueban serve`: the site under granian, in place of this process."""

import argparse
import os
import sys

from yueban.commands.django_setup import set_up_django
from yueban.commands.ports import check_port
from yueban.processes import die_with_parent

PATIENCE_S = 5.0  # a site that was just killed holds its port for a moment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where and how wide to serve."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="进程数 / processes")
    parser.add_argument("--threads", type=int, default=16, help="每个进程的线程数 / threads in each")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--collected", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Collect the static files and become granian."""
    check_port(arguments.host, arguments.port, patience_s=PATIENCE_S)
    if arguments.with_parent:
        die_with_parent()
    if not arguments.collected:
        set_up_django()
        from yueban.commands.prepare import collect_static

        collect_static()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yueban.settings.production")
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", arguments.host]
    words += ["--port", str(arguments.port), "--workers", str(arguments.workers)]
    words += [
        "--blocking-threads",
        str(arguments.threads),
        "--http",
        "1",
        "--no-ws",
        "--log-level",
        "warning",
    ]
    # A page takes milliseconds: a stop waits this long for the ones on their way, then goes.
    words += ["--workers-kill-timeout", "3", "--respawn-failed-workers", "yueban.wsgi:application"]
    os.execv(sys.executable, words)
