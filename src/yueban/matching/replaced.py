"""What a table said before another replaced it, kept where they differ, so that past matches can be explained."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yueban.expressions import ABSENT, Vocabulary
from yueban.expressions.columns import Bits, Coded, Column, Ordered, Sets, unpack
from yueban.expressions.columns.bits import WORD, Mask
from yueban.matching.errors import NotKeptThatLong
from yueban.matching.merging import ABSENT_JSON
from yueban.matching.models import MatchState, ReplacedFacts
from yueban.matching.profiles import NO_SOURCE, NOBODY, Profiles


def different(before: Profiles, after: Profiles) -> list[int]:
    """The parties of the table before of whom the one after says anything else, or the same by another source."""
    rows = len(before.party_ids)
    found = after.party_ids[:rows] != before.party_ids
    for code in {*before.table.columns, *after.table.columns}:
        found |= _differs(before.table.columns.get(code), after.table.columns.get(code), rows)
        found |= _sources(before, code, rows) != _sources(after, code, rows, before.source_names)
    parties: list[int] = before.party_ids[found & (before.party_ids != NOBODY)].tolist()
    return parties


def keep(
    profiles: Profiles, parties: Iterable[int], *, edition: int, vocabulary: Vocabulary, after: Profiles
) -> None:
    """Keep what the table says of these until this edition, where the one after says something else."""
    rows = []
    for party in parties:
        slot = profiles.slots.get(party)
        if slot is None:
            continue
        facts, sources = profiles.facts_at(slot, vocabulary)
        new = after.slots.get(party)
        if new is None or after.facts_at(new, vocabulary) != (facts, sources):
            rows.append(ReplacedFacts(party_id=party, edition=edition, facts=_plain(facts), sources=sources))
    ReplacedFacts.objects.bulk_create(rows, batch_size=1000)


def facts_at_edition(
    party: int, edition: int, current: Profiles, vocabulary: Vocabulary
) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of a party and their sources as the table of an edition had them; raises NotKeptThatLong."""
    replaced = ReplacedFacts.objects.filter(party_id=party, edition__gt=edition).order_by("edition").first()
    lost = MatchState.objects.values_list("kept_from", flat=True).first() or 0
    if edition < lost and (replaced is None or replaced.edition > lost):
        raise NotKeptThatLong("那次匹配所依据的数据已经丢失。", hint="请看按现在数据的说明。")
    if replaced is not None:
        facts = {code: ABSENT if value == ABSENT_JSON else value for code, value in replaced.facts.items()}
        return facts, replaced.sources
    slot = current.slots.get(party)
    return current.facts_at(slot, vocabulary) if slot is not None else ({}, {})


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {code: ABSENT_JSON if value is ABSENT else value for code, value in facts.items()}


def _differs(before: Column | None, after: Column | None, rows: int) -> Mask:
    there = [_masks(column, rows) for column in (before, after)]
    found: Mask = np.asarray((there[0][0] != there[1][0]) | (there[0][1] != there[1][1]))
    both = there[0][0] & there[1][0]
    match before, after:
        case Ordered(), Ordered():
            found |= both & (before.values[:rows] != after.values[:rows])
        case Coded(), Coded():
            found |= both & (_renumbered(before, after.values)[:rows] != after.places[:rows])
        case Sets(), Sets():
            for code in {*before.holders, *after.holders}:
                found |= _mask(before.holders.get(code), rows) != _mask(after.holders.get(code), rows)
        case _:
            found |= both
    return found


def _masks(column: Column | None, rows: int) -> tuple[Mask, Mask]:
    if column is None:
        return np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    return _mask(column.present, rows), _mask(column.absent, rows)


def _mask(bits: Bits | None, rows: int) -> Mask:
    found = np.zeros(rows, np.bool_)
    if bits is not None:
        known = min(rows, len(bits) * WORD)
        found[:known] = unpack(bits, known)
    return found


def _renumbered(column: Coded, values: Sequence[Any]) -> NDArray[Any]:
    """The places of the column in another list of values, -2 where that does not hold the value."""
    place_of = {value: place for place, value in enumerate(values)}
    places = np.array([*(place_of.get(value, -2) for value in column.values), -1], np.int32)
    found: NDArray[Any] = places[column.places]
    return found


def _sources(profiles: Profiles, code: str, rows: int, names: Sequence[str] | None = None) -> NDArray[Any]:
    """The places of the sources of a fact, in these names."""
    held = profiles.sources.get(code)
    if held is None:
        return np.full(rows, NO_SOURCE, np.int16)
    wanted = profiles.source_names if names is None else names
    place_of = {name: place for place, name in enumerate(wanted)}
    places = [place_of.get(name, -2) for name in profiles.source_names]
    found: NDArray[Any] = np.array([*places, NO_SOURCE], np.int16)[held[:rows]]
    return found
