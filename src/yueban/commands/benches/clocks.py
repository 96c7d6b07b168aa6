"""`yueban bench clocks`: one sweep over a million running clocks that finds a thousand due ones and acts on them.

A kept database of cases that are all under way, with two running clocks each; before every run the term of a
thousand notices is made to end yesterday, so that the law accepts those cases. The documents are the worker's.
"""

import argparse
from typing import Any

from yueban.commands.measuring import Progress, run_program
from yueban.commands.million import ensure_cases, kept_instance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--clocks", type=int, default=1_000_000, help="计时中的时钟 / running clocks")
    parser.add_argument("--due", type=int, default=1_000, help="每轮到期的 / due ones a run")
    parser.add_argument("--rebuild", action="store_true", help="重新装载 / load anew")


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Load what is missing, sweep, keep the database."""
    name, cases = f"clocks_{arguments.clocks}", arguments.clocks // 2
    with kept_instance() as instance:
        load_s = ensure_cases(
            instance, name, cases=cases, open_every=1, rebuild=arguments.rebuild, progress=progress
        )
        words = ["--runs", arguments.runs, "--due", arguments.due]
        settings = {
            "DATABASE_URL": instance.address_of(name, "app"),
            "BENCH_ADMIN_URL": instance.address_of(name, "admin"),
        }
        found = run_program("benchmarks.clocks.run", words, progress=progress, settings=settings)
    is_right = found.pop("is_right")
    return {
        "ours": found | {"load_s": round(load_s, 1)},
        "peers": {},
        "ratios": {},
        "checked_equal": is_right,
    }
