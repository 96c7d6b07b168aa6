"""The facts of enterprises out of the database: all of them by COPY, or those of some."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from yueban.matching.merging import Merged, Rank, Stated, grouped, merge
from yueban.parties.derived_facts import derive
from yueban.parties.enterprise_facts import DERIVED_SOURCE, LAST_RANK
from yueban.parties.models import FactSource

COPY: Final = """
    COPY (
        SELECT f.party_id, f.source, f.facts, f.as_of, f.expires_on
        FROM parties_enterprisefacts f JOIN parties_party p ON p.id = f.party_id
        WHERE p.ended_on IS NULL {only}
        ORDER BY f.party_id
    ) TO STDOUT
"""


def read_all(on: date) -> Iterator[Merged]:
    """Every enterprise that has not ended, in the order of their ids."""
    return _read("", (), on)


def read_some(party_ids: Sequence[int], on: date) -> list[Merged]:
    """These, without those that have ended or of whom nothing is told (any longer)."""
    return list(_read("AND f.party_id = ANY(%s)", (list(party_ids),), on))


def _read(only: str, parameters: tuple[Any, ...], on: date) -> Iterator[Merged]:
    rank = _ranks()
    for rows in grouped(_copied(COPY.format(only=only), parameters)):
        merged = merge(rows, on=on, rank=rank)
        derived = derive(merged.facts, on)
        yield Merged(
            merged.party_id,
            {**merged.facts, **derived},
            {**merged.sources, **dict.fromkeys(derived, DERIVED_SOURCE)},
        )


def _ranks() -> Rank:
    ranks = dict(FactSource.objects.values_list("name", "rank"))
    return lambda source: ranks.get(source, LAST_RANK)


def _copied(sql: str, parameters: Iterable[Any]) -> Iterator[Stated]:
    with connection.cursor() as cursor, cursor.copy(sql, parameters) as copy:
        copy.set_types(["int8", "text", "text", "date", "date"])
        for party_id, source, facts, as_of, expires_on in copy.rows():
            yield Stated(party_id, source, json.loads(facts), as_of, expires_on)
