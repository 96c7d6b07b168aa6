"""The graph of a bundle as boxes and lines: stages from left to right, children of one stage below each other."""

from __future__ import annotations

from dataclasses import dataclass

from yueban.catalogue.bundles.ordering import KIND_NAMES
from yueban.catalogue.selectors import CompiledBundle

WIDTH, HEIGHT = 200, 76
ACROSS, DOWN = 110, 28
MARGIN = 16
LETTERS = 13


@dataclass(frozen=True, slots=True)
class Box:
    """A child: its place, its name in at most two lines, and what stands below."""

    x: int
    y: int
    lines: tuple[str, ...]
    below: str
    is_critical: bool

    @property
    def middle(self) -> int:
        """Half way down."""
        return self.y + HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Line:
    """An edge: the path it is drawn along, and where its word stands."""

    path: str
    x: int
    y: int
    word: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole picture."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw(bundle: CompiledBundle) -> Graph:
    """Boxes and lines of a compiled bundle; several fields that flow the same way are one line."""
    boxes = {}
    for column, stage in enumerate(bundle.stages):
        for row, key in enumerate(stage):
            child = bundle.child_by_key[key]
            boxes[key] = Box(
                MARGIN + column * (WIDTH + ACROSS),
                MARGIN + row * (HEIGHT + DOWN),
                _lines(child.name),
                f"{child.agency.short_name} · {child.promised_text}",
                key in bundle.critical_path,
            )
    drawn = {(edge.source, edge.target, edge.kind): edge for edge in bundle.edges}
    lines = tuple(
        _line(
            boxes[source],
            boxes[target],
            KIND_NAMES[kind],
            is_waiting=kind in ("result_input", "approve_start"),
        )
        for source, target, kind in drawn
    )
    rows = max(len(stage) for stage in bundle.stages)
    width = 2 * MARGIN + len(bundle.stages) * (WIDTH + ACROSS) - ACROSS
    height = 2 * MARGIN + rows * (HEIGHT + DOWN) - DOWN
    return Graph(max(width, WIDTH + 2 * MARGIN + 60), height, tuple(boxes.values()), lines)


def _lines(name: str) -> tuple[str, ...]:
    first, rest = name[:LETTERS], name[LETTERS:]
    if not rest:
        return (first,)
    return first, rest if len(rest) <= LETTERS else rest[: LETTERS - 1] + "…"


def _line(source: Box, target: Box, word: str, *, is_waiting: bool) -> Line:
    if source.x < target.x:
        from_x, to_x = source.x + WIDTH, target.x
        bend = (from_x + to_x) // 2
        path = (
            f"M{from_x} {source.middle} C{bend} {source.middle} {bend} {target.middle} {to_x} {target.middle}"
        )
        return Line(path, bend, (source.middle + target.middle) // 2 - 6, word, is_waiting)
    # In one stage: round the right side.
    right = source.x + WIDTH
    out = right + 50
    path = f"M{right} {source.middle} C{out} {source.middle} {out} {target.middle} {right} {target.middle}"
    return Line(path, right + 42, (source.middle + target.middle) // 2 + 4, word, is_waiting)
