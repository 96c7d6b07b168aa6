"""`yueban bench compile`: bundles compiled, those of the model city and synthetic ones of up to 200 items.

The synthetic bundle of 40 items has 600 fields of their own and ten that all share, conditions, optional items and
items that wait for others. No peer: nothing else compiles such a thing.
"""

import argparse
from typing import Any

from yueban.commands.measuring import Progress, run_program

BASE, LARGEST = 40, 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[BASE, 80, 120, LARGEST], help="多少个事项 / how many items"
    )


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Compile each several times; ``growth`` = the time an item takes at the largest size ÷ at the least."""
    words = ["--runs", arguments.runs, "--sizes", *arguments.sizes]
    found = run_program("benchmarks.compile.run", words, progress=progress, settings={})
    city = {key: figures["ms"] for key, figures in found["bundles"].items()}
    sizes = {int(size): figures for size, figures in found["sizes"].items()}
    least, largest = min(sizes), max(sizes)
    growth = (sizes[largest]["ms"] / largest) / (sizes[least]["ms"] / least)
    return {
        "ours": {
            f"bundle_{least}_items_ms": sizes[least]["ms"],
            f"bundle_{least}_items_cpu_ms": sizes[least]["cpu_ms"],
            f"bundle_{least}_items_fields": sizes[least]["fields"],
            f"bundle_{largest}_items_ms": sizes[largest]["ms"],
            "growth": round(growth, 3),
            "slowest_bundle_ms": max(city.values()),
            "bundles": len(city),
        },
        "peers": {},
        "ratios": {},
        "checked_equal": found["is_right"],
    }
