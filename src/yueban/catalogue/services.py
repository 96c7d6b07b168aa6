"""Writes of the catalogue: drafts, publication, suspension; what was published is never changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.catalogue import soundness
from yueban.catalogue.choices import Audience, VersionState
from yueban.catalogue.compile import definition_of
from yueban.catalogue.errors import SecondPersonNeeded, VersionNotDraft
from yueban.catalogue.models import Item, ItemVersion
from yueban.catalogue.preparation import LEVELS as LEVELS
from yueban.catalogue.preparation import Prepared as Prepared
from yueban.catalogue.preparation import agency_facts as agency_facts
from yueban.catalogue.preparation import agency_facts_of_row as agency_facts_of_row
from yueban.catalogue.preparation import prepare as prepare
from yueban.catalogue.problems import Problem as Problem
from yueban.catalogue.quality import Finding as Finding
from yueban.catalogue.quality import check_code as check_code
from yueban.catalogue.quality import check_quality as check_quality
from yueban.catalogue.search_index import prune_search_keys, store_search_text
from yueban.catalogue.selectors import standard_of
from yueban.catalogue.standard import ItemStandard as ItemStandard
from yueban.elements import selectors as elements
from yueban.elements.selectors import Dictionary
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.errors import Conflict
from yueban.kernel.reference import Reference


def problems_of(standard: ItemStandard, dictionary: Dictionary) -> list[Problem]:
    """Everything that keeps a standard from being published; shown to the editor as he types."""
    return soundness.check(standard, dictionary)


@transaction.atomic
def publish_prepared(*, prepared: Sequence[Prepared], effective_on: date, actor: Actor) -> Changes:
    """Publish standards at their agencies; content that is in force already changes nothing.

    A first version counts as created, a further one as changed. ``effective_on`` holds where a standard
    states no day of its own; a version that follows another never begins before today.
    """
    items = _save_items(prepared)
    offices = agencies.agencies_named({one.agency.code for one in prepared})
    latest = _latest_versions(items)
    changes = Changes()
    events: list[audit.NewEvent] = []
    for one in prepared:
        item, agency = items[one.standard.key], offices[one.agency.code]
        last = latest.get((item.pk, agency.pk))
        if last is not None and last.content_hash == one.content_hash:
            changes += Changes(unchanged=1)
            continue
        begins = one.standard.effective_on or (effective_on if last is None else clock.today())
        version = _new_version(one, item, agency, last, begins)
        _publish(version, clock.now())
        events.append(_event("published", version))
        changes += Changes(created=1) if last is None else Changes(changed=1)
    audit.record_many(events, actor=actor)
    if events:
        prune_search_keys()
    return changes


def _save_items(prepared: Sequence[Prepared]) -> dict[str, Item]:
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
    rows = ItemVersion.objects.filter(item__in=items.values()).exclude(state=VersionState.DRAFT)
    ordered = rows.order_by("number").only("item_id", "agency_id", "number", "content_hash", "state")
    return {(row.item_id, row.agency_id): row for row in ordered.select_for_update()}


def _new_version(
    one: Prepared, item: Item, agency: Agency, last: ItemVersion | None, begins: date
) -> ItemVersion:
    version = ItemVersion(item=item, agency=agency, number=last.number + 1 if last else 1)
    version.effective_on = begins
    _fill(version, one)
    version.save()
    return version


def _fill(version: ItemVersion, one: Prepared) -> None:
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


def _publish(version: ItemVersion, at: datetime) -> None:
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
    version.save(update_fields=["state", "published_at"])


@transaction.atomic
def save_draft(
    *, standard: ItemStandard, agency: str, effective_on: date, actor: Actor, draft_id: int | None = None
) -> ItemVersion:
    """Write a draft, or write one anew; raises ItemUnsound with every problem."""
    office = agencies.get_agency(agency)
    one = prepare(standard, agency_facts(office), elements.dictionary())
    if draft_id is None:
        item = _save_items([one])[standard.key]
        numbers = ItemVersion.objects.filter(item=item, agency=office).select_for_update()
        last = max((row.number for row in numbers.only("number")), default=0)
        version = ItemVersion(item=item, agency=office, number=last + 1)
    else:
        version = _locked_draft(draft_id)
    version.effective_on = effective_on
    version.author_id = actor.user_id
    _fill(version, one)
    version.save()
    audit.record(_reference(version), "draft_saved", actor=actor, data=_event_data(version))
    return version


@transaction.atomic
def publish_draft(*, draft_id: int, actor: Actor) -> ItemVersion:
    """Publish a draft; by somebody other than its author. Compiled anew, so that elements changed since count."""
    version = _locked_draft(draft_id)
    if version.author_id is not None and version.author_id == actor.user_id:
        raise SecondPersonNeeded("编制人不能发布自己编制的版本。", hint="请由另一位事项编辑复核后发布。")
    office = agencies.get_agency(version.agency.code)
    _fill(version, prepare(standard_of(version), agency_facts(office), elements.dictionary()))
    version.effective_on = max(version.effective_on, clock.today())
    version.save()
    _publish(version, clock.now())
    prune_search_keys()
    audit.record(_reference(version), "published", actor=actor, data=_event_data(version))
    return version


@transaction.atomic
def suspend_version(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Take a published version out of service for a time; running cases go on."""
    return _move(version_id, VersionState.PUBLISHED, VersionState.SUSPENDED, reason, actor)


@transaction.atomic
def resume_version(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Put a suspended version back in service."""
    return _move(version_id, VersionState.SUSPENDED, VersionState.PUBLISHED, reason, actor)


@transaction.atomic
def cancel_version(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """End a published version for good."""
    return _move(version_id, VersionState.PUBLISHED, VersionState.CANCELLED, reason, actor)


def _move(
    version_id: int, before: VersionState, after: VersionState, reason: str, actor: Actor
) -> ItemVersion:
    version = ItemVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    if version.state != before:
        raise Conflict(
            f"这个版本现在是“{version.get_state_display()}”，不能改为“{after.label}”。", hint="请刷新后再看。"
        )
    version.state = after
    version.save(update_fields=["state"])
    data = {**_event_data(version), "reason": reason}
    audit.record(_reference(version), after.value, actor=actor, data=data)
    return version


def _locked_draft(draft_id: int) -> ItemVersion:
    version = (
        ItemVersion.objects.select_for_update(of=("self",))
        .select_related("item", "agency")
        .filter(pk=draft_id)
        .first()
    )
    if version is None or version.state != VersionState.DRAFT:
        raise VersionNotDraft("这个版本已经发布，不能再改。", hint="请新建一个草稿。")
    return version


def _reference(version: ItemVersion) -> Reference:
    return Reference("item", version.item.key)


def _event(kind: str, version: ItemVersion) -> audit.NewEvent:
    return audit.NewEvent(_reference(version), kind, _event_data(version))


def _event_data(version: ItemVersion) -> dict[str, Any]:
    return {
        "agency": version.agency.code,
        "number": version.number,
        "effective_on": version.effective_on.isoformat(),
        "hash": version.content_hash,
    }
