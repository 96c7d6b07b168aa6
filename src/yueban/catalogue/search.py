"""Search as you type: one indexed query for candidates, then the order people expect."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yueban.catalogue.choices import Audience, VersionState
from yueban.catalogue.search_sentences import rank_terms, term_keys, terms_of
from yueban.catalogue.search_text import Name, Rank, bigrams, query_keys, rank, wanted
from yueban.divisions import selectors as divisions
from yueban.kernel import clock

# How many texts are joined to versions, and how many items are ranked.
TEXTS = 200
CANDIDATES = 80

# Texts by the number of keys they share with the query (an index-only scan of the inverted index), then
# one row an item: the version of the agency nearest to the chosen division, else the first; only what is
# in force on the day.
SQL = """
WITH hits AS (
    SELECT text_id, count(*) AS hits, count(*) FILTER (WHERE key = ANY(%(pairs)s)) AS pairs
    FROM catalogue_searchkey
    WHERE key = ANY(%(keys)s)
    GROUP BY text_id
    ORDER BY hits DESC, text_id
    LIMIT %(texts)s
), found AS (
    SELECT DISTINCT ON (v.item_id)
        v.id, v.item_id, v.name, v.name_en, v.summary, v.summary_en,
        a.short_name AS agency, d.code AS division, v.search_text_id, h.hits, h.pairs
    FROM hits h
    JOIN catalogue_itemversion v ON v.search_text_id = h.text_id
    JOIN agencies_agency a ON a.id = v.agency_id
    JOIN divisions_division d ON d.id = a.division_id
    WHERE v.state = %(published)s
      AND v.effective_on <= %(today)s
      AND (v.effective_until IS NULL OR v.effective_until > %(today)s)
      AND (%(audience)s = '' OR (%(audience)s = 'person' AND v.for_person)
           OR (%(audience)s = 'enterprise' AND v.for_enterprise))
    ORDER BY v.item_id, array_position(%(chain)s::varchar[], d.code) NULLS LAST, d.code, a.code
)
SELECT f.id, i.key, f.name, f.name_en, f.summary, f.summary_en, f.agency, f.division, t.names, f.pairs
FROM (SELECT * FROM found ORDER BY hits DESC, item_id LIMIT %(candidates)s) AS f
JOIN catalogue_item i ON i.id = f.item_id
JOIN catalogue_searchtext t ON t.id = f.search_text_id
ORDER BY f.hits DESC, i.key
"""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One item found: its version at the agency that serves the chosen division, and why it was found."""

    version_id: int
    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    agency: str
    division: str
    matched: str
    is_close: bool


def search_items(
    text: str,
    *,
    audience: str | None = None,
    division: str | None = None,
    limit: int = 8,
    on: date | None = None,
) -> list[FoundItem]:
    """Items for what was typed: names before aliases before likeness; forgiving of pinyin and slips.

    ``matched`` is the alias that was meant (empty when the name itself matches), ``is_close`` says that
    only something alike was found.
    """
    query = wanted(text)
    if not query:
        return []
    pairs = bigrams(query)
    # Letters are pinyin: the texts have none of it, only its keys, so their share would mean nothing.
    is_written = not re.search("[a-z]", query)
    ranked: list[tuple[Rank, FoundItem]] = []
    where = (audience, division, on or clock.today())
    for row in _candidates(query_keys(query), pairs, *where):
        names = _names(row[8])
        body_share = row[9] / len(pairs) if pairs and is_written else 0.0
        found = rank(query, names, body_share)
        if found is not None:
            ranked.append((found[0], _found(row, *found)))
    ranked = ranked or _by_terms(terms_of(text), *where)
    ranked.sort(key=lambda pair: (pair[0], pair[1].key))
    return [item for _, item in ranked[:limit]]


def _by_terms(
    terms: Sequence[str], audience: str | None, division: str | None, today: date
) -> list[tuple[Rank, FoundItem]]:
    """Where the words as they stand find nothing: items that share some of them."""
    found = []
    for row in _candidates(term_keys(terms), set(), audience, division, today) if terms else ():
        ranked = rank_terms(terms, _names(row[8]))
        if ranked is not None:
            found.append((ranked[0], _found(row, *ranked)))
    return found


def _candidates(
    keys: set[str], pairs: set[str], audience: str | None, division: str | None, today: date
) -> Sequence[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "keys": sorted(keys),
        "pairs": sorted(pairs),
        "published": VersionState.PUBLISHED.value,
        "today": today,
        "audience": Audience(audience).value if audience else "",
        "chain": list(divisions.ancestry(division)) if division else [],
        "texts": TEXTS,
        "candidates": CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@functools.lru_cache(4096)
def _names(stored: str) -> tuple[Name, ...]:
    """The names of a text, read once in each process: people type letter by letter and meet the same items."""
    return tuple(Name.of_json(name) for name in json.loads(stored))


def _found(row: tuple[Any, ...], rank: Rank, name: Name) -> FoundItem:
    # The English name is stored as an alias without its spaces: nothing to show people.
    matched = name.text if name.is_alias and not name.text.isascii() else ""
    id_, key, title, title_en, summary, summary_en, agency, division = row[:8]
    return FoundItem(
        version_id=id_,
        key=key,
        name=title,
        name_en=title_en,
        summary=summary,
        summary_en=summary_en,
        agency=agency,
        division=division,
        matched=matched,
        is_close=rank.kind >= 7,
    )
