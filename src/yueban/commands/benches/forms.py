"""`yueban bench forms`: a step of a form with 200 fields and conditions, shown, saved, opened and refused.

A made-up item in a private instance; its form is asked for in one process, through all of the site but the socket.
"""

import argparse
from typing import Any

from yueban.commands.instance import DATABASE
from yueban.commands.measuring import Progress, fresh_instance, run_program


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--fields", type=int, default=200, help="表单的字段数 / fields of the form")
    parser.add_argument(
        "--requests", type=int, default=30, help="每轮每个动作的请求数 / requests an act and run"
    )


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Publish the item, begin an application, measure what a step does to it."""
    words = ["--runs", arguments.runs, "--requests", arguments.requests, "--fields", arguments.fields]
    with fresh_instance() as instance:
        settings = {"DATABASE_URL": instance.address_of(DATABASE, "app")}
        found = run_program("benchmarks.forms.run", words, progress=progress, settings=settings)
    is_right = found.pop("is_right")
    return {"ours": found, "peers": {}, "ratios": {}, "checked_equal": is_right}
