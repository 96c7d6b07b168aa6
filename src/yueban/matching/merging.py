"""What several sources say of an enterprise, merged: the best source that says anything of a fact is believed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from yueban.expressions import ABSENT
from yueban.expressions.values import is_unknown

ABSENT_JSON: Final = {"absent": True}
Rank = Callable[[str], int]


class Stated(NamedTuple):
    """What one source says of one enterprise: facts by element, as of a day, until a day."""

    party_id: int
    source: str
    facts: Mapping[str, Any]
    as_of: date
    expires_on: date | None


@dataclass(frozen=True)
class Merged:
    """The facts believed on a day, each with its source."""

    party_id: int
    facts: Mapping[str, object]
    sources: Mapping[str, str]


def merge(rows: Sequence[Stated], *, on: date, rank: Rank) -> Merged:
    """Rows of one enterprise; a row is good through the day it expires on, null says nothing."""
    live = [row for row in rows if row.expires_on is None or row.expires_on >= on]
    facts: dict[str, object] = {}
    sources: dict[str, str] = {}
    for row in sorted(live, key=lambda row: (rank(row.source), -row.as_of.toordinal(), row.source)):
        for code, raw in row.facts.items():
            if code not in facts and not is_unknown(raw):
                facts[code] = ABSENT if raw == ABSENT_JSON else raw
                sources[code] = row.source
    return Merged(rows[0].party_id, facts, sources)


def grouped(rows: Iterable[Stated]) -> Iterable[list[Stated]]:
    """The rows of each enterprise together; they come ordered by enterprise."""
    held: list[Stated] = []
    for row in rows:
        if held and held[0].party_id != row.party_id:
            yield held
            held = []
        held.append(row)
    if held:
        yield held
