"""The published facts that answers name: read for many answers at once."""

from __future__ import annotations

from collections.abc import Iterable

from yueban.assistant.knowledge.placeholders import Placeholder, Resolver, things_named
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion


def resolver_for(texts: Iterable[str], division: str = "") -> Resolver:
    """Resolves the placeholders of these texts as they hold today in a division; one query a kind of thing."""
    named = things_named(texts)
    items = _items(named.get("item", set()), division)
    offers = _offers(named.get("offer", set()))

    def resolve(one: Placeholder) -> str | None:
        if one.kind == "offer":
            offer = offers.get(one.key)
            return offer.name if offer is not None else None
        version = items.get(one.key)
        return _item_fact(version, one.fact) if version is not None else None

    return resolve


def _items(keys: set[str], division: str) -> dict[str, ItemVersion]:
    """Of each item the version nearest to the division."""
    if not keys:
        return {}
    chain = divisions.ancestry(division) if division else ()
    rows = catalogue.versions_in_force().filter(item__key__in=keys)
    found: dict[str, ItemVersion] = {}
    ordered = sorted(rows, key=lambda row: (_distance(row.agency.division.code, chain), row.agency.code))
    for row in ordered:
        found.setdefault(row.item.key, row)
    return found


def _distance(place: str, chain: tuple[str, ...]) -> tuple[int, str]:
    return (chain.index(place) if place in chain else len(chain), place)


def _offers(keys: set[str]) -> dict[str, OfferVersion]:
    if not keys:
        return {}
    return {one.offer.key: one for one in policies.offers_in_force(clock.today()) if one.offer.key in keys}


def _item_fact(version: ItemVersion, fact: str) -> str:
    guide = version.compiled.guide
    if fact == "name":
        return guide.name
    if fact == "result":
        return guide.result.name
    if fact == "promised":
        return guide.promised_text
    if not guide.fee.charged:
        return "不收费"
    return "；".join(f"{one.name}{one.standard}" for one in guide.fee.items)
