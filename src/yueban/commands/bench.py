"""`yueban bench NAME`: measure beside a peer on this machine; each benchmark is a module of `benches`."""

import argparse
import importlib
import os
import pkgutil
import platform
from collections.abc import Callable
from typing import Any

from yueban.commands import benches
from yueban.commands.output import finish, say

# A benchmark's `measure(arguments=…, progress=…)` returns ours, peers, ratios and checked_equal of
# docs/schemas/bench.json; its `add_arguments` declares its sizes.
Measure = Callable[..., dict[str, Any]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which benchmark, and its sizes."""
    which = parser.add_subparsers(dest="name", required=True, metavar="NAME", help="测什么 / which benchmark")
    for name in find_names():
        module = importlib.import_module(f"yueban.commands.benches.{name}")
        one = which.add_parser(name, description=module.__doc__)
        one.add_argument("--runs", type=int, default=7, help="取多少轮的中位数 / runs the median is of")
        one.add_argument(
            "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
        )
        module.add_arguments(one)


def find_names() -> list[str]:
    """The benchmarks there are."""
    return sorted(module.name for module in pkgutil.iter_modules(benches.__path__))


def run(arguments: argparse.Namespace) -> int:
    """Measure; 0 only when both sides gave the same answers."""
    measure: Measure = importlib.import_module(f"yueban.commands.benches.{arguments.name}").measure
    result = {"bench": arguments.name, "machine": machine(), **measure(arguments=arguments, progress=say)}
    for side in ("ours", "ratios"):
        for name, value in result[side].items():
            say(f"  {name:24} {value}")
    return finish(result, as_json=arguments.json, ok=result["checked_equal"])


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "python": platform.python_version(),
    }
