"""Writes of the catalogue: drafts, publication, suspension; what was published is never changed."""

from datetime import date

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.catalogue import soundness
from yueban.catalogue.bundles.compile import compile_bundle as compile_bundle
from yueban.catalogue.bundles.national import NationalList as NationalList
from yueban.catalogue.bundles.national import save_national_list as save_national_list
from yueban.catalogue.bundles.publishing import publish_bundles as publish_bundles
from yueban.catalogue.bundles.publishing import refresh_bundles as refresh_bundles
from yueban.catalogue.bundles.quality import check_bundle_quality as check_bundle_quality
from yueban.catalogue.bundles.standard import BundleStandard as BundleStandard
from yueban.catalogue.choices import UNPUBLISHED, VersionState
from yueban.catalogue.compile import definition_of as definition_of
from yueban.catalogue.compiled import Compiled as Compiled
from yueban.catalogue.directory import EntryRow as EntryRow
from yueban.catalogue.directory import current_entry
from yueban.catalogue.directory import publish_entry as publish_entry
from yueban.catalogue.directory import store_directory as store_directory
from yueban.catalogue.drafting import NewItem as NewItem
from yueban.catalogue.drafting import adopt as adopt
from yueban.catalogue.drafting import begin_draft as begin_draft
from yueban.catalogue.drafting import begin_item as begin_item
from yueban.catalogue.drafting import checked_words, lock_draft
from yueban.catalogue.drafting import discard_draft as discard_draft
from yueban.catalogue.drafting import publish_checked as publish_checked
from yueban.catalogue.drafting import publish_revision as publish_revision
from yueban.catalogue.drafting import rebase_draft as rebase_draft
from yueban.catalogue.drafting import return_draft as return_draft
from yueban.catalogue.drafting import revise_entry as revise_entry
from yueban.catalogue.drafting import submit_draft as submit_draft
from yueban.catalogue.drafting import withdraw_submission as withdraw_submission
from yueban.catalogue.drafting import write_draft as write_draft
from yueban.catalogue.errors import BundleUnsound as BundleUnsound
from yueban.catalogue.errors import DraftExists
from yueban.catalogue.models import Item, ItemVersion
from yueban.catalogue.preparation import LEVELS as LEVELS
from yueban.catalogue.preparation import Prepared as Prepared
from yueban.catalogue.preparation import agency_facts as agency_facts
from yueban.catalogue.preparation import agency_facts_of_row as agency_facts_of_row
from yueban.catalogue.preparation import prepare as prepare
from yueban.catalogue.problems import Problem as Problem
from yueban.catalogue.publishing import event_data, fill, latest_version, reference_of, save_items
from yueban.catalogue.publishing import publish_prepared as publish_prepared
from yueban.catalogue.quality import Finding as Finding
from yueban.catalogue.quality import check_code as check_code
from yueban.catalogue.quality import check_quality as check_quality
from yueban.catalogue.same_standard import check_same_standard as check_same_standard
from yueban.catalogue.standard import ItemStandard as ItemStandard
from yueban.elements import selectors as elements
from yueban.elements.selectors import Dictionary
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, Invalid


def problems_of(standard: ItemStandard, dictionary: Dictionary) -> list[Problem]:
    """Everything that keeps a standard from being published; shown to the editor as he types."""
    return soundness.check(standard, dictionary)


@transaction.atomic
def save_draft(
    *, standard: ItemStandard, agency: str, effective_on: date, actor: Actor, draft_id: int | None = None
) -> ItemVersion:
    """Write a whole standard as a draft, or write one anew; raises ItemUnsound with every problem, DraftExists."""
    office = agencies.get_agency(agency)
    one = prepare(standard, agency_facts(office), elements.dictionary())
    if draft_id is None:
        version = _new_draft(one, office, actor)
    else:
        version = lock_draft(draft_id)
        version.revision += 1
    version.effective_on, version.saved_at = effective_on, clock.now()
    if actor.user_id is not None and actor.user_id not in version.writers:
        version.writers = [*version.writers, actor.user_id]
    fill(version, one)
    version.save()
    audit.record(reference_of(version), "draft_saved", actor=actor, data=event_data(version))
    return version


def _new_draft(one: Prepared, office: Agency, actor: Actor) -> ItemVersion:
    item = _item_of(one, office)
    rows = ItemVersion.objects.filter(item=item, agency=office).select_for_update()
    if any(row.state in UNPUBLISHED for row in rows.only("state", "number")):
        raise DraftExists(
            f"“{one.standard.name}”在本部门已经有一个没有发布的版本。",
            hint="请打开它继续编制，不要另起一份。",
        )
    return ItemVersion(
        item=item,
        agency=office,
        number=max((row.number for row in rows), default=0) + 1,
        base=latest_version(item.pk, office.pk),
        directory=current_entry(item.pk, office.pk),
        author_id=actor.user_id,
    )


def _item_of(one: Prepared, office: Agency) -> Item:
    """The item that the agency has, may adopt, or is the first to have; what others share a draft leaves alone."""
    item = Item.objects.select_for_update().filter(key=one.standard.key).first()
    if item is None or not item.versions.exclude(agency=office).exists():
        return save_items([one])[one.standard.key]
    has_it = item.versions.filter(agency=office).exists()
    if not has_it and current_entry(item.pk, office.pk) is None:
        raise Invalid.of_fields({"key": f"“{item.key}”是别的部门的事项，也不在目录里，请换一个标识。"})
    if item.catalog_code != one.standard.catalog_code:
        raise Invalid.of_fields({"catalog_code": f"“{item.key}”的基本编码是{item.catalog_code}，不能改。"})
    return item


@transaction.atomic
def suspend_version(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Take a published version out of service for a time; running cases go on."""
    return _move(version_id, (VersionState.PUBLISHED,), VersionState.SUSPENDED, reason, actor)


@transaction.atomic
def resume_version(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Put a suspended version back in service, unless a newer one has taken its place."""
    version = ItemVersion.objects.get(pk=version_id)
    newer = latest_version(version.item_id, version.agency_id)
    if newer is not None and newer.number > version.number and newer.state == VersionState.PUBLISHED:
        raise Conflict(f"第{newer.number}版已经发布，暂停的旧版不能恢复。", hint="请在新的版本上办理。")
    return _move(version_id, (VersionState.SUSPENDED,), VersionState.PUBLISHED, reason, actor)


@transaction.atomic
def cancel_version(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """End a published version for good."""
    return _move(
        version_id, (VersionState.PUBLISHED, VersionState.SUSPENDED), VersionState.CANCELLED, reason, actor
    )


def _move(
    version_id: int, before: tuple[VersionState, ...], after: VersionState, reason: str, actor: Actor
) -> ItemVersion:
    words = checked_words(reason)
    rows = ItemVersion.objects.select_for_update(of=("self",)).select_related("item", "agency")
    version = rows.get(pk=version_id)
    if version.state not in before:
        raise Conflict(
            f"这个版本现在是“{version.get_state_display()}”，不能改为“{after.label}”。", hint="请刷新后再看。"
        )
    version.state, version.words = after, words
    version.save(update_fields=["state", "words"])
    data = {**event_data(version), "reason": words}
    audit.record(reference_of(version), after.value, actor=actor, data=data)
    return version
