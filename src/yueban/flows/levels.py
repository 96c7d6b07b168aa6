"""下沉事项: what each level does for every item, on what paper, beside what it actually handled in twelve months."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache

from yueban.accounts import walls
from yueban.cases import selectors as cases
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import CompiledOffering
from yueban.divisions import selectors as divisions
from yueban.kernel import clock

LEVELS = ("city", "county", "town", "village")
ACTS = ("intake", "pre_check", "decide")
DAYS = 365
KEPT_S = 3600  # how old the counts may be


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases taken in and decided at one level."""

    received: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One item at one level: what it does there, and what was handled there."""

    level: str
    does: tuple[CompiledOffering, ...]
    counts: Counts

    @property
    def is_empty(self) -> bool:
        """Whether the level neither does nor did anything."""
        return not self.does and self.counts == Counts()

    @property
    def is_only_on_paper(self) -> bool:
        """Whether it is told that the level takes the matter in, and nobody came in twelve months."""
        return any(line.does == "intake" for line in self.does) and self.counts.received == 0


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its four levels."""

    key: str
    name: str
    name_en: str
    cells: tuple[Cell, ...]


def level_rows(division: str = "", *, level: str = "", act: str = "") -> list[Row]:
    """Every item in force as the agencies of a place (the whole city) publish it, by name.

    ``level`` and ``act`` leave those items that do something, or this, at the level.
    """
    offered = catalogue.items_offered_near(division) if division else catalogue.items_offered_anywhere()
    counted = _counts(divisions.prefix_of(division) if division else "")
    rows = []
    for item in offered:
        cells = tuple(
            Cell(one, _in_order(item.offerings, one), counted.get((item.key, one), Counts()))
            for one in LEVELS
        )
        if _fits(cells, level, act):
            rows.append(Row(item.key, item.name, item.name_en, cells))
    return sorted(rows, key=lambda row: (row.name, row.key))


def _in_order(lines: tuple[CompiledOffering, ...], level: str) -> tuple[CompiledOffering, ...]:
    return tuple(
        sorted((line for line in lines if line.level == level), key=lambda line: ACTS.index(line.does))
    )


def _fits(cells: tuple[Cell, ...], level: str, act: str) -> bool:
    asked = [cell for cell in cells if level in ("", cell.level)]
    return any(act in ("", line.does) for cell in asked for line in cell.does)


def _counts(prefix: str) -> dict[tuple[str, str], Counts]:
    """Counts by item and level, at most an hour old: they are sums over a year."""
    name = f"handled-by-level:{prefix}:{clock.today()}"
    found: dict[tuple[str, str], Counts] | None = cache.get(name)
    if found is None:
        # Kept for everybody: not what whoever comes first may see, but the sums over all.
        with walls.platform():
            found = _count(prefix)
        cache.set(name, found, timeout=KEPT_S)
    return found


def _count(prefix: str) -> dict[tuple[str, str], Counts]:
    handled = cases.handled_by_level(since=clock.now() - timedelta(days=DAYS), prefix=prefix)
    keys = catalogue.item_keys_of(handled)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for version, counts in handled.items():
        for place, levels in enumerate((counts.received, counts.decided)):
            for level, count in levels.items():
                sums[keys[version], level][place] += count
    return {key: Counts(received, decided) for key, (received, decided) in sums.items()}
