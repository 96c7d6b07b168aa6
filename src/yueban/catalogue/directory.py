"""目录: the entries from which lower agencies adopt, edition by edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.catalogue.adoption import LOCKED
from yueban.catalogue.choices import VersionState
from yueban.catalogue.models import Directory, Item, ItemVersion
from yueban.catalogue.preparation import LEVELS
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.canonical import digest
from yueban.kernel.changes import Changes
from yueban.kernel.errors import Conflict
from yueban.kernel.reference import Reference

LINK_ADOPTERS = """
UPDATE catalogue_itemversion v SET directory_id = d.id
FROM catalogue_directory d
WHERE d.item_id = v.item_id AND d.is_current AND d.item_id = ANY(%s)
  AND v.directory_id IS NULL AND v.state = 'published' AND v.agency_id <> d.agency_id
"""


@dataclass(frozen=True)
class EntryRow:
    """A directory entry as a pack states it: whose, and the standard."""

    owner: str
    definition: Mapping[str, Any]


def current_entry(item_id: int, agency_id: int) -> Directory | None:
    """The present edition of an item's entry, for an agency that does not own it."""
    return Directory.objects.filter(item_id=item_id, is_current=True).exclude(agency_id=agency_id).first()


@transaction.atomic
def store_directory(*, rows: Iterable[EntryRow], actor: Actor) -> Changes:
    """Write entries; a standard that was an edition before changes nothing. Links the adopters in force."""
    given = list(rows)
    items = Item.objects.in_bulk([str(row.definition["key"]) for row in given], field_name="key")
    owners = agencies.agencies_named({row.owner for row in given})
    known = set(Directory.objects.filter(item__in=items.values()).values_list("item_id", "content_hash"))
    changes, events = Changes(), []
    for row in given:
        item = items[str(row.definition["key"])]
        if (item.pk, _digest(row.definition)) in known:
            changes += Changes(unchanged=1)
            continue
        entry = _new_edition(item, owners[row.owner], row.definition)
        events.append(audit.NewEvent(Reference("item", item.key), "directory_published", _data(entry)))
        changes += Changes(created=1) if entry.number == 1 else Changes(changed=1)
    audit.record_many(events, actor=actor)
    _link_adopters(items)
    return changes


@transaction.atomic
def publish_entry(*, version_id: int, actor: Actor) -> Directory:
    """Make a published version of the owner the next edition of the directory entry; twice changes nothing."""
    version = ItemVersion.objects.select_related("item", "agency__division").get(pk=version_id)
    if version.state != VersionState.PUBLISHED:
        raise Conflict("只有已发布的版本可以列入目录。", hint="请先复核、发布。")
    current = Directory.objects.select_for_update().filter(item=version.item, is_current=True).first()
    if current is not None and current.agency_id != version.agency_id:
        raise Conflict("这个事项的目录由别的部门编制。", hint="请联系目录的编制部门。")
    if current is not None and current.content_hash == _digest(version.definition):
        return current
    return new_edition(version.item, version.agency, version.definition, actor=actor)


def new_edition(
    item: Item,
    owner: Agency,
    definition: Mapping[str, Any],
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
) -> Directory:
    """The next edition of an entry, written into the chain of its item; adopters are linked when they go on from it."""
    entry = _new_edition(item, owner, definition)
    kept = {**_data(entry), **(data or {})}
    audit.record(Reference("item", item.key), "directory_published", actor=actor, data=kept)
    return entry


def _new_edition(item: Item, owner: Agency, definition: Mapping[str, Any]) -> Directory:
    editions = Directory.objects.select_for_update().filter(item=item)
    number = max((entry.number for entry in editions), default=0) + 1
    editions.filter(is_current=True).update(is_current=False)
    return Directory.objects.create(
        item=item,
        number=number,
        agency=owner,
        level=LEVELS[owner.division.level],
        name=str(definition["name"]),
        standard=dict(definition),
        locked=list(LOCKED),
        content_hash=_digest(definition),
        published_at=clock.now(),
    )


def _link_adopters(items: Mapping[str, Item]) -> None:
    """Versions in force that were written before the entry stood there belong to it; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(LINK_ADOPTERS, [[item.pk for item in items.values()]])


def _digest(definition: Mapping[str, Any]) -> str:
    return digest(definition)


def _data(entry: Directory) -> dict[str, Any]:
    return {"agency": entry.agency.code, "edition": entry.number, "hash": entry.content_hash}
