"""From what was told of some enterprises to the columns of all."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yueban.expressions import ABSENT, FactInvalid, FactKind, FactType, Vocabulary
from yueban.expressions.columns import Bits, Coded, Column, Ordered, Sets, pack, unpack
from yueban.expressions.columns.bits import WORD, Mask
from yueban.expressions.columns.column import number
from yueban.expressions.columns.reading import ORDERED, WHOLE
from yueban.expressions.values import read
from yueban.matching.merging import Merged

log = logging.getLogger(__name__)

Slots = NDArray[np.int64]
KINDS: Final[dict[FactKind, type[Column]]] = {FactKind.CODES: Sets, **dict.fromkeys(ORDERED, Ordered)}
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
    if _are_plain_numbers(told):
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


def _are_plain_numbers(told: Told) -> bool:
    """Whether the values are what the column holds already; they are by far the most."""
    if told.fact.kind not in ORDERED or told.fact.kind is FactKind.DATE or {*map(type, told.values)} != {int}:
        return False
    return bool(min(told.values) > -EXACT and max(told.values) < EXACT)


def _typed(raw: object, fact: FactType) -> Any:
    value = read(raw, fact)
    return number(value) if fact.kind in ORDERED else value


def rewritten(base: Column | None, told: Told, rows: int, cleared: Slots) -> Column:
    """The column with so many rows in which the cleared slots say nothing but what was told."""
    # What was told before in another type says nothing any longer.
    before = base if isinstance(base, KINDS.get(told.fact.kind, Coded)) else None
    there = np.array([value is not ABSENT for value in told.values], np.bool_)
    slots = np.array(told.slots, np.int64)
    new = _New(
        slots=slots[there],
        values=[value for value in told.values if value is not ABSENT],
        cleared=cleared,
        present=_mask(before.present if before is not None else None, rows, cleared, slots[there]),
        absent=_mask(before.absent if before is not None else None, rows, cleared, slots[~there]),
    )
    match told.fact.kind:
        case FactKind.CODES:
            return _sets(before, new)
        case kind if kind in ORDERED:
            return _ordered(before, new, np.dtype(np.int64 if kind in WHOLE else np.float64))
    return _coded(before, new)


@dataclass(frozen=True)
class _New:
    """What is written into a column: values of slots, and who has any and is known to have none afterwards."""

    slots: Slots
    values: list[Any]
    cleared: Slots
    present: Mask
    absent: Mask


def _mask(bits: Bits | None, rows: int, cleared: Slots, added: Slots) -> Mask:
    mask = np.zeros(rows, np.bool_)
    if bits is not None:
        before = min(rows, len(bits) * WORD)
        mask[:before] = unpack(bits, before)
    mask[cleared] = False
    mask[added] = True
    return mask


def _ordered(base: Column | None, new: _New, dtype: np.dtype[Any]) -> Ordered:
    numbers = np.zeros(len(new.present), dtype)
    if isinstance(base, Ordered):
        numbers[: len(base.values)] = base.values
    numbers[new.slots] = np.array(new.values, dtype)
    return Ordered.of(numbers, new.present, new.absent)


def _coded(base: Column | None, new: _New) -> Coded:
    places = np.full(len(new.present), -1, np.int32)
    held: list[Any] = []
    if isinstance(base, Coded):
        places[: len(base.places)] = base.places
        held = list(base.values)
    places[new.cleared] = -1
    place_of = {value: place for place, value in enumerate(held)}
    places[new.slots] = [place_of.setdefault(value, len(place_of)) for value in new.values]
    return Coded(present=pack(new.present), absent=pack(new.absent), values=list(place_of), places=places)


def _sets(base: Column | None, new: _New) -> Sets:
    found: dict[str, list[int]] = {}
    for slot, codes in zip(new.slots.tolist(), new.values, strict=True):
        for code in codes:
            found.setdefault(code, []).append(slot)
    before = base.holders if isinstance(base, Sets) else {}
    rows = len(new.present)
    holders = {
        code: pack(_mask(before.get(code), rows, new.cleared, np.array(found.get(code, []), np.int64)))
        for code in {**before, **found}
    }
    return Sets(present=pack(new.present), absent=pack(new.absent), holders=holders)


def longer(values: NDArray[Any], rows: int, filling: int) -> NDArray[Any]:
    """A copy with so many rows."""
    found = np.full(rows, filling, values.dtype)
    found[: len(values)] = values
    return found
