"""一件事 for what was typed: by name and alias, in characters, pinyin or English; there are few, so each is ranked."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from yueban.catalogue.bundles.selectors import bundle_versions_in_force
from yueban.catalogue.choices import Audience
from yueban.catalogue.search_text import Name, Rank, name_of, rank, wanted
from yueban.divisions import selectors as divisions


@dataclass(frozen=True, slots=True)
class FoundBundle:
    """One bundle found: its name, what it is for, and how many items it joins."""

    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    count: int


def search_bundles(
    text: str, *, audience: str | None = None, division: str | None = None, limit: int = 3
) -> list[FoundBundle]:
    """Bundles offered in the division (anywhere) for what was typed, the best first; one query."""
    query = wanted(text)
    words = text.casefold().split()
    if not query:
        return []
    rows = bundle_versions_in_force().order_by("bundle__key", "division_code")
    if audience:
        rows = rows.filter(**{f"for_{Audience(audience)}": True})
    if division:
        rows = rows.filter(division_code__in=divisions.ancestry(division))
    fields = ("bundle__key", "name", "name_en", "summary", "summary_en", "definition__aliases")
    ranked: dict[str, tuple[Rank, FoundBundle]] = {}
    for key, name, name_en, summary, summary_en, aliases, children in rows.values_list(
        *fields, "definition__children"
    ):
        found = rank(query, _names(name, tuple(aliases or ())), 0.0)
        place = found[0] if found else _in_english(words, name_en)
        if place is not None and key not in ranked:
            one = FoundBundle(key, name, name_en, summary, summary_en, len(children))
            ranked[key] = place, one
    best = sorted(ranked.values(), key=lambda pair: (pair[0], pair[1].key))
    return [found for _, found in best[:limit]]


@functools.lru_cache(512)
def _names(name: str, aliases: tuple[str, ...]) -> tuple[Name, ...]:
    return (name_of(name, is_alias=False), *(name_of(alias, is_alias=True) for alias in aliases))


def _in_english(words: Sequence[str], name_en: str) -> Rank | None:
    """Whether the English name has all the words, as one types them."""
    name = name_en.casefold()
    is_there = bool(name) and all(word.isascii() and word in name for word in words)
    return Rank(2, length=len(name)) if is_there else None
