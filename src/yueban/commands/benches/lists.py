"""`yueban bench lists`: the reviewer's inbox, the supervisor's search and the citizen's list among a million cases.

A private instance that is kept under var/bench for the next run, with two databases of one city: a tenth of
the cases, and all. What was loaded stays (`--rebuild` loads anew); migrations that are new are applied.
"""

import argparse
from typing import Any

from yueban.commands.measuring import Progress, run_program
from yueban.commands.million import ensure_cases, kept_instance

LISTS = ("inbox", "search", "mine")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--cases", type=int, default=1_000_000, help="办件数 / cases in the large database")
    parser.add_argument(
        "--requests", type=int, default=60, help="每轮每个列表的请求数 / requests a list and run"
    )
    parser.add_argument("--rebuild", action="store_true", help="重新装载 / load anew")


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Load what is missing, measure both databases, keep them."""
    words = ["--runs", arguments.runs, "--requests", arguments.requests]
    found, load_s = [], 0.0
    with kept_instance() as instance:
        for cases in (arguments.cases // 10, arguments.cases):
            name = f"lists_{cases}"
            load_s = ensure_cases(
                instance, name, cases=cases, open_every=10, rebuild=arguments.rebuild, progress=progress
            )
            settings = {"DATABASE_URL": instance.address_of(name, "app")}
            found.append(run_program("benchmarks.lists.run", words, progress=progress, settings=settings))
    return figures(*found, load_s=load_s)


def figures(small: dict[str, Any], large: dict[str, Any], *, load_s: float) -> dict[str, Any]:
    """The large database's figures; how they grew from the small one's, the worst of the three lists."""
    growth = {name: round(large[f"{name}_p95_ms"] / small[f"{name}_p95_ms"], 3) for name in LISTS}
    same_queries = all(large[f"{name}_queries"] == small[f"{name}_queries"] for name in LISTS)
    return {
        "ours": {
            **{name: value for name, value in large.items() if name != "is_right"},
            **{f"{name}_growth": value for name, value in growth.items()},
            "growth": max(growth.values()),
            "load_s": round(load_s, 1),
        },
        "peers": {"a_tenth": {name: value for name, value in small.items() if name != "is_right"}},
        "ratios": {},
        "checked_equal": small["is_right"] and large["is_right"] and same_queries,
    }
