"""All enterprises as typed columns with a slot each that stays theirs, and how changed ones are written in.

Nothing here is changed in place: a changed table is a new one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yueban.expressions import ABSENT, FactKind, Vocabulary
from yueban.expressions.columns import Bits, Coded, Column, Ordered, Sets, Table, pack
from yueban.matching.merging import Merged
from yueban.matching.telling import Told, longer, rewritten, told_of

CHUNK: Final = 50_000
NOBODY: Final = 0
NO_SOURCE: Final = -1


@dataclass(frozen=True)
class Profiles:
    """The table as it stands on one day.

    ``party_ids`` gives the party of each slot, 0 where it has left; ``sources`` for each fact and slot the place in
    ``source_names`` of who said it, -1 nobody.
    """

    on: date
    party_ids: NDArray[np.int64]
    table: Table
    sources: Mapping[str, NDArray[np.int8]] = field(default_factory=dict)
    source_names: tuple[str, ...] = ()

    @cached_property
    def slots(self) -> dict[int, int]:
        """The slot of each party that is there."""
        return {party: slot for slot, party in enumerate(self.party_ids.tolist()) if party != NOBODY}

    @cached_property
    def alive(self) -> Bits:
        """The slots that somebody has."""
        return pack(self.party_ids != NOBODY)

    def facts_at(self, slot: int, vocabulary: Vocabulary) -> tuple[dict[str, object], dict[str, str]]:
        """The facts of a slot as `evaluate` takes them, and the source of each."""
        facts = {
            code: _value_at(column, slot, vocabulary[code].kind)
            for code, column in self.table.columns.items()
            if code in vocabulary
        }
        known = {code: value for code, value in facts.items() if value is not None}
        return known, {code: self._source_at(code, slot) for code in known}

    def _source_at(self, code: str, slot: int) -> str:
        place = int(self.sources[code][slot])
        return self.source_names[place] if place != NO_SOURCE else ""


def empty(on: date) -> Profiles:
    """The table of nobody."""
    return Profiles(on, np.zeros(0, np.int64), Table(0, {}))


def build(
    merged: Iterable[Merged], vocabulary: Vocabulary, *, on: date, kept: NDArray[np.int64] | None = None
) -> Profiles:
    """A table of all enterprises there are; whoever had a slot (``kept``) has it again, the others new ones."""
    profiles = empty(on)
    if kept is not None:
        profiles = Profiles(on, kept.copy(), Table(len(kept), {}))
    parties, seen = iter(merged), set[int]()
    while part := list(islice(parties, CHUNK)):
        profiles = changed(profiles, part, vocabulary, on=on)
        seen.update(one.party_id for one in part)
    return changed(profiles, [], vocabulary, on=on, gone=set(profiles.slots) - seen)


def changed(
    profiles: Profiles,
    parties: Sequence[Merged],
    vocabulary: Vocabulary,
    *,
    on: date,
    gone: Iterable[int] = (),
) -> Profiles:
    """The table with these enterprises as they are now, new ones at its end, and without those that have gone."""
    party_ids, slots = _with_slots(profiles, [one.party_id for one in parties])
    left = [profiles.slots[party] for party in gone if party in profiles.slots]
    party_ids[left] = NOBODY
    rows, cleared = len(party_ids), np.array([*slots, *left], dtype=np.int64)
    names = {name: place for place, name in enumerate(profiles.source_names)}
    told = told_of(zip(slots, parties, strict=True), vocabulary, names)
    columns: dict[str, Column] = {}
    sources: dict[str, NDArray[np.int8]] = {}
    for code in {*profiles.table.columns, *told}:
        fact = vocabulary.get(code)
        if fact is None:
            continue
        one = told.get(code) or Told(fact)
        columns[code] = rewritten(profiles.table.columns.get(code), one, rows, cleared)
        by = longer(profiles.sources.get(code, np.zeros(0, np.int8)), rows, NO_SOURCE)
        by[cleared] = NO_SOURCE
        by[one.slots] = one.sources
        sources[code] = by
    return Profiles(on, party_ids, Table(rows, columns), sources, tuple(names))


def _with_slots(profiles: Profiles, parties: Sequence[int]) -> tuple[NDArray[np.int64], list[int]]:
    """The party of each slot with new ones at the end, and the slots of these parties."""
    fresh = [party for party in parties if party not in profiles.slots]
    first = len(profiles.party_ids)
    slot_of = {party: first + place for place, party in enumerate(fresh)}
    slots = [profiles.slots[party] if party in profiles.slots else slot_of[party] for party in parties]
    return np.concatenate([profiles.party_ids, np.array(fresh, np.int64)]), slots


def _value_at(column: Column, slot: int, kind: FactKind) -> object:
    """The value as JSON has it, ABSENT, or None where nothing is known."""
    if _has(column.absent, slot):
        return ABSENT
    if not _has(column.present, slot):
        return None
    match column:
        case Ordered():
            value = column.values[slot].item()
            return date.fromordinal(value).isoformat() if kind is FactKind.DATE else value
        case Coded():
            return column.values[column.places[slot]]
        case Sets():
            return sorted(code for code, holders in column.holders.items() if _has(holders, slot))
    raise TypeError(column)


def _has(bits: Bits, slot: int) -> bool:
    return bool(int(bits[slot // 64]) >> slot % 64 & 1)
