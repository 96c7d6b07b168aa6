"""Compile every bundle of the model city and synthetic ones of several sizes; prints one JSON object.

Run by `yueban bench compile`; no database is needed.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yueban.commands.django_setup import ROOT, set_up_django


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", required=True)
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"
    set_up_django()
    city, is_city_right = _city(arguments.runs)
    sizes, is_right = _sizes(arguments.sizes, arguments.runs)
    print(json.dumps({"bundles": city, "sizes": sizes, "is_right": is_city_right and is_right}))


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _timed(act: Callable[[], Any], runs: int) -> tuple[dict[str, float], list[Any]]:
    """The median of some runs, wall and CPU, and what each gave."""
    act()  # What is read once a process is not what a bundle costs.
    gc.collect()
    wall, cpu, given = [], [], []
    for _ in range(runs):
        began, worked = time.perf_counter(), time.process_time()
        given.append(act())
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    figures = {"ms": statistics.median(wall) * 1000, "cpu_ms": statistics.median(cpu) * 1000}
    return {name: round(value, 2) for name, value in figures.items()}, given


def _city(runs: int) -> tuple[dict[str, dict[str, float]], bool]:
    """Each bundle of the model city with the items of the first division that has them."""
    from yueban.catalogue.services import compile_bundle
    from yueban.flows.city_checks import prepare_items
    from yueban.flows.city_files import read_pack

    pack = read_pack(Path(ROOT) / "cities" / "shaoxing")
    prepared, problems = prepare_items(pack, lambda _text: None)
    items = {one.standard.key: one.compiled for one in reversed(prepared)}
    dictionary = pack.dictionary
    found, is_right = {}, not problems and not pack.problems
    for file in pack.bundles:
        assert file.standard is not None
        standard = file.standard
        figures, given = _timed(lambda standard=standard: compile_bundle(standard, items, dictionary), runs)
        found[standard.key] = figures
        is_right &= len({one.content_hash for one in given}) == 1
        _tell(f"{standard.key}: {figures['ms']} ms")
    return found, is_right


def _sizes(sizes: list[int], runs: int) -> tuple[dict[int, dict[str, float]], bool]:
    """Synthetic bundles of so many items; each must have just the fields and materials it was made of."""
    from benchmarks.compile import synthetic
    from yueban.catalogue.services import compile_bundle

    found, is_right = {}, True
    for size in sizes:
        words = synthetic.dictionary(size)
        items, standard = synthetic.compiled_items(size, words), synthetic.bundle(size)
        figures, given = _timed(lambda: compile_bundle(standard, items, words), runs)  # noqa: B023
        one = given[0]
        fields = sum(len(section.fields) for section in one.form.sections)
        asked_once = len(one.field_lineage) == fields
        is_right &= (fields, len(one.materials)) == synthetic.expected(size) and asked_once
        is_right &= len({one.content_hash for one in given}) == 1
        found[size] = {**figures, "fields": fields}
        _tell(f"{size} items, {fields} fields: {figures['ms']} ms")
    return found, is_right


if __name__ == "__main__":
    main()
