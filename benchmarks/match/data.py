"""Enterprises and clauses, synthetic and seeded: the same for every engine, one value in ten unknown.

25 facts as policies ask for them: town and industry by Zipf's law, measures mostly zero with a long tail, dates,
labels that few have. Clauses as policies write them: several conditions that must all hold, among them lists of
alternatives, now and then something that must not be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yueban.expressions import All, FactType, Node, None_, Predicate, Vocabulary
from yueban.expressions import Any as AnyOf
from yueban.expressions.columns import Coded, Column, Ordered, Table

ON = date(2026, 11, 23)
TOWNS, INDUSTRIES, SIZES, LEVELS = 103, 540, 4, 6
MEASURES, DAYS, LABELS, LISTS = 10, 3, 8, 3
UNKNOWN = 0.1
FRESH = 100  # clauses beyond those of every day, for measuring a new one
LARGEST = 16_000_000  # what a peer's 32 bits hold exactly


@dataclass(frozen=True)
class Raw:
    """One fact of everybody: numbers (days as ordinals, codes as places), and of whom it is known."""

    kind: str
    numbers: NDArray[np.int32]
    known: NDArray[np.bool_]
    codes: tuple[str, ...] = ()


def vocabulary() -> Vocabulary:
    """The facts there are."""
    kinds = {"town": "code", "industry": "code", "size": "code"}
    kinds |= {f"list{n}": "code" for n in range(LISTS)} | {f"measure{n}": "integer" for n in range(MEASURES)}
    kinds |= {f"day{n}": "date" for n in range(DAYS)} | {f"label{n}": "boolean" for n in range(LABELS)}
    return Vocabulary(FactType(name, name, name, kind) for name, kind in kinds.items())


def enterprises(rows: int, seed: int = 7) -> dict[str, Raw]:
    """The facts of so many enterprises."""
    rng = np.random.default_rng(seed)
    made: dict[str, Raw] = {}

    def known() -> NDArray[np.bool_]:
        return rng.random(rows) >= UNKNOWN

    def coded(name: str, codes: int, slope: float) -> None:
        share = 1 / np.arange(1, codes + 1) ** slope
        places = rng.choice(codes, rows, p=share / share.sum()).astype(np.int32)
        made[name] = Raw("code", places, known(), tuple(f"{code:04d}" for code in range(codes)))

    coded("town", TOWNS, 0.7)
    coded("industry", INDUSTRIES, 0.8)
    coded("size", SIZES, 1.5)
    for number in range(LISTS):
        coded(f"list{number}", LEVELS, 1)
    for number in range(MEASURES):
        values = np.minimum(np.round(rng.lognormal(6, 2, rows)), LARGEST).astype(np.int32)
        values[rng.random(rows) < (number + 0.5) / MEASURES * 0.9] = 0
        made[f"measure{number}"] = Raw("number", values, known())
    for number in range(DAYS):
        made[f"day{number}"] = Raw("day", rng.integers(730_000, 739_000, rows).astype(np.int32), known())
    for number in range(LABELS):
        has = (rng.random(rows) < (number + 1) ** 2 / 200).astype(np.int32)
        made[f"label{number}"] = Raw("label", has, known())
    return made


def table_of(facts: Mapping[str, Raw]) -> Table:
    """As our columns hold them."""
    rows = len(next(iter(facts.values())).numbers)
    return Table(rows, {name: _column(raw) for name, raw in facts.items()})


def _column(raw: Raw) -> Column:
    nobody = np.zeros(len(raw.known), np.bool_)
    if raw.kind in {"number", "day"}:
        return Ordered.of(raw.numbers, raw.known, nobody)
    values: tuple[Any, ...] = raw.codes if raw.kind == "code" else (False, True)
    return Coded.of(values, np.where(raw.known, raw.numbers, -1).astype(np.int16), nobody)


def profile(facts: Mapping[str, Raw], row: int) -> dict[str, object]:
    """One enterprise as `evaluate` takes it."""
    found: dict[str, object] = {}
    for name, raw in facts.items():
        if raw.known[row]:
            number = int(raw.numbers[row])
            match raw.kind:
                case "code":
                    found[name] = raw.codes[number]
                case "day":
                    found[name] = date.fromordinal(number).isoformat()
                case "label":
                    found[name] = bool(number)
                case _:
                    found[name] = number
    return found


def clauses(count: int, seed: int = 3) -> dict[str, Node]:
    """So many clauses; the first of a larger number are those of a smaller."""
    rng = np.random.default_rng(seed)
    return {f"c{number}": _clause(rng) for number in range(count)}


def _clause(rng: np.random.Generator) -> Node:
    parts = [_condition(rng) for _ in range(rng.integers(2, 5))]
    if rng.random() < 0.6:
        parts.append(AnyOf(tuple(_condition(rng) for _ in range(rng.integers(2, 4)))))
    if rng.random() < 0.3:
        parts.append(None_((_condition(rng),)))
    return All(tuple(parts))


def _codes(rng: np.random.Generator, of: int, most: int) -> tuple[str, ...]:
    return tuple(sorted({f"{code:04d}" for code in rng.integers(0, of, rng.integers(1, most))}))


def _condition(rng: np.random.Generator) -> Node:
    which = rng.integers(10)
    if which < 3:
        op = ("ge", "gt", "le", "lt")[rng.integers(4)]
        return Predicate(f"measure{rng.integers(MEASURES)}", op, int(rng.integers(1, 60)) * 50)
    if which < 4:
        op = ("years_at_least", "years_less_than")[rng.integers(2)]
        return Predicate(f"day{rng.integers(DAYS)}", op, int(rng.integers(1, 20)))
    if which < 6:
        return Predicate("industry", "in", _codes(rng, INDUSTRIES, 12))
    if which < 7:
        return Predicate("industry", "prefix", (f"{rng.integers(INDUSTRIES // 10):03d}",))
    if which < 8:
        return Predicate("town", "in", _codes(rng, TOWNS, 20))
    if which < 9:
        return Predicate(f"label{rng.integers(LABELS)}", "eq", bool(rng.integers(2)))
    return Predicate(f"list{rng.integers(LISTS)}", "in", _codes(rng, LEVELS, 4))
