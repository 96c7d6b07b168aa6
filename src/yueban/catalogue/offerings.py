"""Offerings by rule: what the outlets of each level do for an item, never rows of outlets × items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from pydantic import TypeAdapter

from yueban.catalogue import rules
from yueban.catalogue.compiled import AgencyFacts, CompiledOffering
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.service import Act, Level
from yueban.elements.selectors import Dictionary

# The level of outlets beside an agency, by its 行使层级 (A.2).
OUTLETS_OF: dict[str, Level] = {"3": "city", "4": "county", "5": "town", "6": "village"}
# What an item that says nothing offers where its agency is: it is handed in and ends there.
DEFAULT_ACTS: tuple[Act, ...] = ("intake", "decide")
_READER = TypeAdapter(tuple[CompiledOffering, ...])
# content hash → offerings: what a version says never changes. Emptied when it has grown large.
_known: dict[str, tuple[CompiledOffering, ...]] = {}
_KEPT = 20_000


def build_offerings(
    standard: ItemStandard, agency: AgencyFacts, dictionary: Dictionary
) -> tuple[CompiledOffering, ...]:
    """The item's own lines with their conditions as sentences; without lines, those of the agency's level."""
    if not standard.offerings:
        return default_offerings(agency.level)
    return tuple(
        CompiledOffering(
            level=line.level,
            does=line.does,
            when=rules.stored_form(line.when),
            when_text=rules.sentence(line.when, dictionary.vocabulary),
            within=line.within,
            note=line.note,
            delegation=line.delegation,
        )
        for line in standard.offerings
    )


def default_offerings(agency_level: str) -> tuple[CompiledOffering, ...]:
    """Handed in and decided at the outlets of the agency's own level."""
    level = OUTLETS_OF.get(agency_level)
    if level is None:
        return ()
    return tuple(
        CompiledOffering(level=level, does=act, when=None, when_text=None, within=(), note=None)
        for act in DEFAULT_ACTS
    )


def offerings_of(version: ItemVersion) -> tuple[CompiledOffering, ...]:
    """What a version offers at which level; its compiled form is looked at once a process, and not parsed."""
    found = _known.get(version.content_hash)
    if found is None:
        stored = version.compiled_json
        level = stored["guide"]["level"]["code"]
        found = _READER.validate_python(stored.get("offerings") or ()) or default_offerings(level)
        if len(_known) >= _KEPT:
            _known.clear()
        _known[version.content_hash] = found
    return found


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """An item with what it offers at each level, as the agency nearest to a place publishes it."""

    key: str
    name: str
    name_en: str
    offerings: tuple[CompiledOffering, ...]


def offered_items(versions: QuerySet[ItemVersion], chain: tuple[str, ...]) -> Iterator[OfferedItem]:
    """The items of the agencies that serve a place (it and those above it, nearest first); one query.

    No chain = those of every agency, each item as the first of them in the order of divisions has it.
    """
    serving = versions.filter(agency__division__code__in=chain) if chain else versions
    rows = serving.values_list(
        "item__key",
        "name",
        "name_en",
        "agency__division__code",
        "compiled_json__offerings",
        "compiled_json__guide__level__code",
    )
    seen: set[str] = set()
    for key, name, name_en, _where, stored, level in sorted(
        rows, key=lambda row: (chain.index(row[3]) if chain else 0, row[1], row[3])
    ):
        if key not in seen:
            seen.add(key)
            yield OfferedItem(
                key, name, name_en, _READER.validate_python(stored or ()) or default_offerings(level)
            )
