"""From what was told of some enterprises to the columns of all."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yueban.expressions import ABSENT, FactInvalid, FactKind, FactType, Vocabulary
from yueban.expressions.columns import Bits, Coded, Column, Ordered, Sets, pack, unpack
from yueban.expressions.columns.column import number
from yueban.expressions.columns.reading import ORDERED, WHOLE
from yueban.expressions.values import read
from yueban.matching.merging import Merged

log = logging.getLogger(__name__)

Slots = NDArray[np.int64]
KINDS: Final = {FactKind.CODES: Sets, **dict.fromkeys(ORDERED, Ordered)}
EXACT: Final = 10.0**15  # numbers beyond do not survive as binary floating point numbers


@dataclass
class Told:
    """What was told of one fact: of which slots, what, by which source; and of which it is known not to be."""

    fact: FactType
    slots: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)


def told_of(
    parties: Iterable[tuple[int, Merged]], vocabulary: Vocabulary, names: dict[str, int]
) -> dict[str, Told]:
    """By fact; facts that the vocabulary does not know are nobody's business. New sources get their place in names."""
    gathered: dict[str, Told] = {}
    for slot, party in parties:
        for code, value in party.facts.items():
            one = gathered.get(code)
            if one is None:
                fact = vocabulary.get(code)
                if fact is None or fact.derived is not None:
                    continue
                one = gathered[code] = Told(fact)
            one.slots.append(slot)
            one.values.append(value)
            one.sources.append(names.setdefault(party.sources[code], len(names)))
    for one in gathered.values():
        _type(one)
    return gathered


def _type(told: Told) -> None:
    """Values typed in place; what cannot be read says nothing, and is told to whoever runs the system."""
    kinds = set(map(type, told.values))
    if told.fact.kind in ORDERED and told.fact.kind is not FactKind.DATE and kinds <= {int}:
        if all(-EXACT < value < EXACT for value in told.values):
            return
    memory: dict[Any, Any] = {}
    bad: list[int] = []
    for place, raw in enumerate(told.values):
        if raw is ABSENT:
            continue
        key = (type(raw), tuple(raw) if isinstance(raw, list) else raw)
        try:
            if key not in memory:
                memory[key] = _typed(raw, told.fact)
        except (FactInvalid, TypeError):
            bad.append(place)
            continue
        told.values[place] = memory[key]
    if bad:
        log.warning("facts of the wrong type: %s, %d times", told.fact.code, len(bad))
        for place in reversed(bad):
            del told.slots[place], told.values[place], told.sources[place]


def _typed(raw: object, fact: FactType) -> Any:
    value = read(raw, fact)
    return number(value) if fact.kind in ORDERED else value


def rewritten(base: Column | None, told: Told, rows: int, cleared: Slots) -> Column:
    """The column with so many rows in which the cleared slots say nothing but what was told."""
    if base is not None and not isinstance(base, KINDS.get(told.fact.kind, Coded)):
        base = None
    present, absent = _masks(base, rows, cleared)
    there = [value is not ABSENT for value in told.values]
    slots = np.array([slot for slot, is_there in zip(told.slots, there, strict=True) if is_there], np.int64)
    values = [value for value in told.values if value is not ABSENT]
    absent[[slot for slot, is_there in zip(told.slots, there, strict=True) if not is_there]] = True
    present[slots] = True
    if told.fact.kind is FactKind.CODES:
        return _sets(base, values, slots, pack(present), pack(absent), rows, cleared)
    if told.fact.kind in ORDERED:
        whole = told.fact.kind in WHOLE
        return _ordered(base, values, slots, present, absent, np.dtype(np.int64 if whole else np.float64))
    return _coded(base, values, slots, present, absent, cleared)


def _masks(base: Column | None, rows: int, cleared: Slots) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    masks = []
    for bits in (base.present, base.absent) if base is not None else (None, None):
        mask = np.zeros(rows, np.bool_)
        if bits is not None:
            before = min(rows, len(bits) * 64)
            mask[:before] = unpack(bits, before)
        mask[cleared] = False
        masks.append(mask)
    return masks[0], masks[1]


def _ordered(
    base: Column | None,
    values: list[Any],
    slots: Slots,
    present: NDArray[np.bool_],
    absent: NDArray[np.bool_],
    dtype: np.dtype[Any],
) -> Ordered:
    numbers = np.zeros(len(present), dtype)
    if isinstance(base, Ordered):
        numbers[: len(base.values)] = base.values
    numbers[slots] = np.array(values, dtype)
    return Ordered.of(numbers, present, absent)


def _coded(
    base: Column | None,
    values: list[Any],
    slots: Slots,
    present: NDArray[np.bool_],
    absent: NDArray[np.bool_],
    cleared: Slots,
) -> Coded:
    places = np.full(len(present), -1, np.int32)
    held: list[Any] = []
    if isinstance(base, Coded):
        places[: len(base.places)] = base.places
        held = list(base.values)
    places[cleared] = -1
    place_of = {value: place for place, value in enumerate(held)}
    places[slots] = [place_of.setdefault(value, len(place_of)) for value in values]
    return Coded(present=pack(present), absent=pack(absent), values=list(place_of), places=places)


def _sets(
    base: Column | None,
    values: list[Any],
    slots: Slots,
    present: Bits,
    absent: Bits,
    rows: int,
    cleared: Slots,
) -> Sets:
    holders: dict[str, NDArray[np.bool_]] = {}
    for code, bits in (base.holders if isinstance(base, Sets) else {}).items():
        mask = holders[code] = np.zeros(rows, np.bool_)
        before = min(rows, len(bits) * 64)
        mask[:before] = unpack(bits, before)
        mask[cleared] = False
    found: dict[str, list[int]] = {}
    for slot, codes in zip(slots.tolist(), values, strict=True):
        for code in codes:
            found.setdefault(code, []).append(slot)
    for code, mine in found.items():
        holders.setdefault(code, np.zeros(rows, np.bool_))[mine] = True
    return Sets(
        present=present, absent=absent, holders={code: pack(mask) for code, mask in holders.items()}
    )


def longer(values: NDArray[Any], rows: int, filling: int) -> NDArray[Any]:
    """A copy with so many rows."""
    found = np.full(rows, filling, values.dtype)
    found[: len(values)] = values
    return found


