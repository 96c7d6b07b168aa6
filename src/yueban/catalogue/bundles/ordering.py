"""What waits for what: loops, the stages in which children may run, and the path that takes longest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from yueban.catalogue.bundles.standard import Edge, EdgeKind
from yueban.catalogue.problems import Problem

KIND_NAMES: Mapping[EdgeKind, str] = {
    "result_input": "结果带入",
    "approve_start": "准予后开始",
    "start_start": "同时开始",
    "all_finish": "都办结后开始",
    "same_visit": "一次上门",
}
# The target begins only when the source is granted; with start_start it begins when the source begins; with
# all_finish when the source has ended, whatever came of it.
AFTER = frozenset({"result_input", "approve_start"})
AFTER_THE_END = "all_finish"
BEGINNING = frozenset({*AFTER, "start_start", AFTER_THE_END})


def sources_of(keys: Sequence[str], edges: Sequence[Edge]) -> dict[str, list[tuple[str, bool]]]:
    """For each child what its beginning waits for: the other's result (True) or only its beginning (False)."""
    found: dict[str, dict[str, bool]] = {key: {} for key in keys}
    for edge in edges:
        if edge.kind in BEGINNING:
            waits = found[edge.target]
            waits[edge.source] = waits.get(edge.source, False) or edge.kind != "start_start"
    return {key: list(waits.items()) for key, waits in found.items()}


def find_loop(sources: Mapping[str, Sequence[tuple[str, bool]]]) -> list[str]:
    """Children that wait for each other, in the order of waiting, the first again at the end; empty for none."""
    done: set[str] = set()
    for first in sources:
        trail: list[tuple[str, Iterator[str]]] = []
        if first not in done:
            trail.append((first, _names(sources[first])))
        while trail:
            key, rest = trail[-1]
            following = next(rest, None)
            if following is None:
                done.add(key)
                trail.pop()
                continue
            names = [name for name, _ in trail]
            if following in names:
                return [*names[names.index(following) :], following]
            if following not in done:
                trail.append((following, _names(sources[following])))
    return []


def _names(waits: Sequence[tuple[str, bool]]) -> Iterator[str]:
    return (source for source, _ in waits)


def loop_problem(loop: Sequence[str], names: Mapping[str, str], edges: Sequence[Edge]) -> Problem:
    """The loop as a person reads it: which item waits for which."""
    said = "，".join(f"“{names[waiting]}”等“{names[source]}”" for waiting, source in pairwise(loop))
    pairs = {(source, waiting) for waiting, source in pairwise(loop)}
    # The line written last is the one that closed the circle.
    place = max(i for i, edge in enumerate(edges) if (edge.source, edge.target) in pairs)
    return Problem(("edges", place), f"事项互相等待，谁也开始不了：{said}。", "请去掉其中一条先后关系。")


def stages_of(
    keys: Sequence[str], sources: Mapping[str, Sequence[tuple[str, bool]]]
) -> tuple[tuple[str, ...], ...]:
    """The children by stage, those of one stage at the same time; there must be no loop."""
    stage: dict[str, int] = {}
    for key in in_order(keys, sources):
        stage[key] = max((stage[source] + is_after for source, is_after in sources[key]), default=0)
    numbers = sorted(set(stage.values()))
    return tuple(tuple(key for key in keys if stage[key] == number) for number in numbers)


def critical_path(
    keys: Sequence[str],
    sources: Mapping[str, Sequence[tuple[str, bool]]],
    days: Mapping[str, Fraction],
) -> tuple[tuple[str, ...], Fraction]:
    """The chain of waiting that ends last, and how many working days it takes."""
    begins: dict[str, Fraction] = {}
    before: dict[str, str | None] = {}
    for key in in_order(keys, sources):
        begins[key], before[key] = Fraction(0), None
        for source, is_after in sources[key]:
            ready = begins[source] + (days[source] if is_after else 0)
            if ready > begins[key] or (is_after and before[key] is None):
                begins[key], before[key] = ready, source
    if not begins:
        return (), Fraction(0)
    # Of several that end last the one that waits longest, so that 即办 steps at the end are named too.
    last = max(reversed(begins), key=lambda key: begins[key] + days[key])
    path: list[str] = []
    at: str | None = last
    while at is not None:
        path.append(at)
        at = before[at]
    return tuple(reversed(path)), begins[last] + days[last]


def in_order(keys: Sequence[str], sources: Mapping[str, Sequence[tuple[str, bool]]]) -> list[str]:
    """The children so that each stands after all it waits for; otherwise as they were written."""
    targets: dict[str, list[str]] = {key: [] for key in keys}
    waiting = {key: len(sources[key]) for key in keys}
    for key in keys:
        for source, _ in sources[key]:
            targets[source].append(key)
    ready = [key for key in keys if not waiting[key]]
    ordered = []
    for key in ready:
        ordered.append(key)
        for target in targets[key]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ordered
