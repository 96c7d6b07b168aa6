"""A step of a long form as its person takes it, in one process without a server in between; prints one JSON object.

Run by `yueban bench forms` in the environment of a loaded database.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from yueban.commands.django_setup import set_up_django

WHO = "chen"
WARM_UP = 5


def main() -> None:
    """Medians over the runs of what 95 of 100 requests stay under."""
    parser = argparse.ArgumentParser()
    for name in ("--runs", "--requests", "--fields"):
        parser.add_argument(name, type=int, required=True)
    arguments = parser.parse_args()
    set_up_django()
    print(json.dumps(measure(arguments.runs, arguments.requests, arguments.fields)))


def measure(runs: int, requests: int, fields: int) -> dict[str, Any]:
    """Each act of a step; the slowest is the step's figure."""
    from benchmarks.forms import item
    from benchmarks.forms.step import Step

    step = Step(WHO, item.publish(fields), item.typed(fields))
    acts = {"shown": step.show, "saved": step.save, "opened": step.open, "refused": step.refuse}
    found: dict[str, Any] = {"fields": step.count, "is_right": True}
    for name, act in acts.items():
        found["is_right"] = found["is_right"] and act()
        for _ in range(WARM_UP):
            act()
        worked = time.process_time()
        timed = [_timed(act, requests) for _ in range(runs)]
        found[f"{name}_cpu_ms"] = round((time.process_time() - worked) / (runs * requests) * 1000, 2)
        found[f"{name}_p95_ms"] = round(statistics.median(_p95(run) for run in timed) * 1000, 2)
        found[f"{name}_ms"] = round(statistics.median(statistics.median(run) for run in timed) * 1000, 2)
        print(f"{name} p95 {found[f'{name}_p95_ms']} ms", file=sys.stderr, flush=True)
    found["step_200_fields_p95_ms"] = max(found[f"{name}_p95_ms"] for name in acts)
    return found


def _timed(act: Callable[[], bool], requests: int) -> list[float]:
    seconds = []
    for _ in range(requests):
        begun = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begun)
    return seconds


def _p95(seconds: Sequence[float]) -> float:
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


if __name__ == "__main__":
    main()
