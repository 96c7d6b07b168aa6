"""Putting versions in force: of a whole city pack, or the one that a second person has checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.audit import services as audit
from yueban.catalogue.choices import UNPUBLISHED, Audience, VersionState
from yueban.catalogue.compile import definition_of
from yueban.catalogue.models import Item, ItemVersion
from yueban.catalogue.preparation import Prepared
from yueban.catalogue.search_index import prune_search_keys, store_search_text
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.reference import Reference


@transaction.atomic
def publish_prepared(*, prepared: Sequence[Prepared], effective_on: date, actor: Actor) -> Changes:
    """Publish standards at their agencies; content that is in force already changes nothing.

    A first version counts as created, a further one as changed. ``effective_on`` holds where a standard
    states no day of its own; a version that follows another never begins before today. What an editor has
    published is his: a pack does not write over it.
    """
    items = save_items(prepared)
    offices = agencies.agencies_named({one.agency.code for one in prepared})
    latest, numbers = _latest_versions(items), _last_numbers(items)
    changes = Changes()
    events: list[audit.NewEvent] = []
    for one in prepared:
        item, agency = items[one.standard.key], offices[one.agency.code]
        last = latest.get((item.pk, agency.pk))
        if last is not None and (last.content_hash == one.content_hash or last.author_id is not None):
            changes += Changes(unchanged=1)
            continue
        begins = one.standard.effective_on or (effective_on if last is None else clock.today())
        number = numbers.get((item.pk, agency.pk), 0) + 1
        version = ItemVersion(item=item, agency=agency, number=number, effective_on=begins)
        fill(version, one)
        publish(version, clock.now())
        events.append(event_of("published", version))
        changes += Changes(created=1) if last is None else Changes(changed=1)
    audit.record_many(events, actor=actor)
    if events:
        prune_search_keys()
    return changes


def save_items(prepared: Sequence[Prepared]) -> dict[str, Item]:
    """The items of the standards, written or brought up to date, by key."""
    standards = {one.standard.key: one.standard for one in prepared}
    Item.objects.bulk_create(
        (Item(key=s.key, catalog_code=s.catalog_code, name=s.name) for s in standards.values()),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["catalog_code", "name"],
    )
    return {item.key: item for item in Item.objects.filter(key__in=standards)}


def _latest_versions(items: dict[str, Item]) -> dict[tuple[int, int], ItemVersion]:
    """The newest version that is no draft, of every item at every agency; locked."""
    rows = ItemVersion.objects.filter(item__in=items.values()).exclude(state__in=UNPUBLISHED)
    ordered = rows.order_by("number").only(
        "item_id", "agency_id", "number", "content_hash", "state", "author_id"
    )
    return {(row.item_id, row.agency_id): row for row in ordered.select_for_update()}


def _last_numbers(items: dict[str, Item]) -> dict[tuple[int, int], int]:
    """The greatest number given so far, drafts included."""
    rows = ItemVersion.objects.filter(item__in=items.values()).order_by("number")
    return {
        (item, agency): number for item, agency, number in rows.values_list("item_id", "agency_id", "number")
    }


def latest_version(item_id: int, agency_id: int) -> ItemVersion | None:
    """The newest version of an item at an agency that was ever published."""
    rows = ItemVersion.objects.filter(item_id=item_id, agency_id=agency_id).exclude(state__in=UNPUBLISHED)
    return rows.order_by("-number").first()


def fill(version: ItemVersion, one: Prepared) -> None:
    """The content of a draft."""
    standard, compiled = one.standard, one.compiled
    version.name, version.name_en = standard.name, standard.name_en or ""
    version.summary, version.summary_en = standard.summary, standard.summary_en or ""
    version.task_code = compiled.guide.task_code
    version.for_person = Audience.PERSON in standard.audiences
    version.for_enterprise = Audience.ENTERPRISE in standard.audiences
    version.definition = definition_of(standard)
    version.compiled_json = compiled.to_json()
    version.content_hash = one.content_hash
    version.search_text = store_search_text(standard)


def publish(version: ItemVersion, at: datetime) -> None:
    """Put the version in force from its day on; what was in force until then ends that day."""
    others = ItemVersion.objects.filter(
        item_id=version.item_id, agency_id=version.agency_id, state=VersionState.PUBLISHED
    )
    begins = version.effective_on
    others.filter(effective_on__gte=begins).update(effective_until=begins)
    others.filter(effective_on__lt=begins, effective_until__isnull=True).update(effective_until=begins)
    others.filter(effective_on__lt=begins, effective_until__gt=begins).update(effective_until=begins)
    version.state = VersionState.PUBLISHED
    version.published_at = at
    version.save()


def reference_of(version: ItemVersion) -> Reference:
    """The chain of events of an item."""
    return Reference("item", version.item.key)


def event_of(kind: str, version: ItemVersion) -> audit.NewEvent:
    """What happened to a version."""
    return audit.NewEvent(reference_of(version), kind, event_data(version))


def event_data(version: ItemVersion) -> dict[str, Any]:
    """What the audit keeps of a version."""
    return {
        "agency": version.agency.code,
        "number": version.number,
        "effective_on": version.effective_on.isoformat(),
        "hash": version.content_hash,
    }
