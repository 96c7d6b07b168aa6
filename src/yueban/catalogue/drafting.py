"""编制: drafts from their first word to the second person's signature; every write is guarded by a revision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from pypinyin import lazy_pinyin

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.catalogue import adoption, drafts
from yueban.catalogue.choices import VersionState
from yueban.catalogue.compile import unsound
from yueban.catalogue.directory import new_edition
from yueban.catalogue.errors import (
    BaseOutdated,
    DraftExists,
    DraftStale,
    ItemNotFound,
    NotBeingChecked,
    SecondPersonNeeded,
    VersionNotDraft,
)
from yueban.catalogue.models import Directory, Item, ItemVersion
from yueban.catalogue.preparation import LEVELS, prepare
from yueban.catalogue.problems import Problem
from yueban.catalogue.publishing import event_data, fill, latest_version, publish, reference_of
from yueban.elements import selectors as elements
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, Invalid

MOST_WORDS = 2000
TOWNS = ("town", "village")


@dataclass(frozen=True)
class NewItem:
    """What has to be said of an item that no agency has yet; without a key it gets one from its name."""

    key: str
    name: str
    catalog_code: str


@transaction.atomic
def begin_draft(*, item_key: str, agency: str, actor: Actor) -> ItemVersion:
    """Draft the next version of an item at an agency, from its newest version; raises DraftExists."""
    office = agencies.get_agency(agency)
    item = _item(item_key)
    base = latest_version(item.pk, office.pk)
    if base is None:
        raise ItemNotFound("本部门还没有这个事项。", hint="请从目录认领，或新建事项。")
    entry = Directory.objects.filter(item=item, is_current=True).exclude(agency=office).first()
    return _create(item, office, actor, dict(base.definition), base=base, entry=entry)


@transaction.atomic
def adopt(*, item_key: str, agency: str, actor: Actor) -> ItemVersion:
    """认领: draft an agency's first version from the directory entry; raises DraftExists, ItemNotFound."""
    office = agencies.get_agency(agency)
    entry = Directory.objects.select_related("item").filter(item__key=item_key, is_current=True).first()
    if entry is None:
        raise ItemNotFound("目录中没有这个事项。", hint="请从目录列表中重新选择。")
    if latest_version(entry.item_id, office.pk) is not None:
        raise DraftExists("本部门已经认领过这个事项。", hint="请在事项列表中打开它，起草新的版本。")
    _check_kind(office, entry)
    definition = adoption.adopted(entry.standard, office.code)
    return _create(entry.item, office, actor, definition, entry=entry)


def _check_kind(office: Agency, entry: Directory) -> None:
    """An entry is adopted by its own kind of agency, or by a town where the entry is made for its level."""
    levels = {str(level) for level in entry.standard.get("levels") or ()}
    is_town = office.division.level in TOWNS and LEVELS[office.division.level] in levels
    if entry.standard.get("agency_kind") != office.kind and not is_town:
        raise Conflict(
            "这个事项不由本部门这一类机构实施，不能认领。",
            hint="请在目录中选本部门的事项，或请实施部门认领。",
        )


@transaction.atomic
def revise_entry(*, item_key: str, agency: str, actor: Actor) -> ItemVersion:
    """修订目录: draft the next edition of a directory entry at its owner, who need not handle the item himself.

    Raises ItemNotFound, DraftExists, Conflict for an entry of another agency.
    """
    office = agencies.get_agency(agency)
    entry = Directory.objects.select_related("item").filter(item__key=item_key, is_current=True).first()
    if entry is None:
        raise ItemNotFound("目录中没有这个事项。", hint="请从目录列表中重新选择。")
    if entry.agency_id != office.pk:
        raise Conflict("这个事项的目录由别的部门编制。", hint="请联系目录的编制部门。")
    base = latest_version(entry.item_id, office.pk)
    return _create(entry.item, office, actor, dict(entry.standard), base=base, entry=entry)


@transaction.atomic
def begin_item(*, new: NewItem, agency: str, actor: Actor) -> ItemVersion:
    """Draft an item that is new to the catalogue; raises Invalid naming the field."""
    office = agencies.get_agency(agency)
    if new.key and Item.objects.filter(key=new.key).exists():
        raise Invalid.of_fields({"key": f"“{new.key}”已经用于别的事项，请换一个。"})
    key = new.key or _key_from(new.name)
    definition: dict[str, Any] = {
        "key": key,
        "name": new.name,
        "catalog_code": new.catalog_code,
        "type": new.catalog_code[2:4],
        "agency_kind": office.kind,
        "adopted_by": [office.code],
        "agency_nature": office.nature,
    }
    faults = {
        p.field: p.message
        for p in drafts.read(definition).problems
        if p.field in {"key", "name", "catalog_code"}
    }
    if faults:
        raise Invalid.of_fields(faults)
    item = Item.objects.create(key=key, name=new.name, catalog_code=new.catalog_code)
    return _create(item, office, actor, definition)


def _key_from(name: str) -> str:
    """A name in addresses for who gave none: the item's name in pinyin, numbered where it is taken."""
    letters = "-".join(re.findall("[a-z0-9]+", " ".join(lazy_pinyin(name)).lower()))
    stem = letters[:50].strip("-") or "item"
    taken = set(Item.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for key in (stem, *(f"{stem}-{n}" for n in count(2))) if key not in taken)


def _item(key: str) -> Item:
    item = Item.objects.filter(key=key).first()
    if item is None:
        raise ItemNotFound("没有这个事项。", hint="请从事项列表中重新选择。")
    return item


def _create(
    item: Item,
    office: Agency,
    actor: Actor,
    definition: dict[str, Any],
    *,
    base: ItemVersion | None = None,
    entry: Directory | None = None,
) -> ItemVersion:
    numbers = ItemVersion.objects.filter(item=item, agency=office).values_list("number", flat=True)
    version = ItemVersion(
        item=item,
        agency=office,
        number=max(numbers, default=0) + 1,
        base=base,
        directory=entry,
        effective_on=clock.today(),
        author_id=actor.user_id,
    )
    _write(version, definition, actor)
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise DraftExists(
            f"“{item.name}”在本部门已经有一个没有发布的版本。", hint="请打开它继续编制，不要另起一份。"
        ) from error
    audit.record(reference_of(version), "draft_begun", actor=actor, data=event_data(version))
    return version


def _write(version: ItemVersion, definition: Mapping[str, Any], actor: Actor) -> None:
    """The words as typed; nothing is compiled until they are submitted."""
    version.definition = dict(definition)
    version.name = str(definition.get("name") or version.item.name)[:200]
    version.name_en = str(definition.get("name_en") or "")[:200]
    version.summary = str(definition.get("summary") or "")[:500]
    version.summary_en = str(definition.get("summary_en") or "")[:500]
    targets = definition.get("targets") or []
    version.for_person, version.for_enterprise = "1" in targets, bool(set(map(str, targets)) - {"1"})
    version.compiled_json, version.content_hash, version.task_code = {}, "", ""
    version.search_text = None
    version.saved_at = clock.now()
    if actor.user_id is not None and actor.user_id not in version.writers:
        version.writers = [*version.writers, actor.user_id]


@transaction.atomic
def write_draft(
    *,
    draft_id: int,
    changes: Mapping[str, Any],
    revision: int | None,
    actor: Actor,
    effective_on: date | None = None,
) -> ItemVersion:
    """Change some fields of a draft, sound or not; raises DraftStale when somebody saved in between."""
    version = lock_draft(draft_id)
    if revision is not None and revision != version.revision:
        raise DraftStale(
            "这份草稿在别处保存过，您看到的不是最新内容。",
            hint="您填的内容还在页面上；请核对后再保存一次，或刷新看最新内容。",
            data={"revision": version.revision},
        )
    fixed = {"key", "agency_kind"}
    _write(version, {**version.definition, **{k: v for k, v in changes.items() if k not in fixed}}, actor)
    version.effective_on = effective_on or version.effective_on
    version.revision += 1
    version.save()
    return version


@transaction.atomic
def submit_draft(*, draft_id: int, revision: int | None, actor: Actor) -> ItemVersion:
    """送复核: compiled and frozen; raises ItemUnsound with every problem. Done twice it changes nothing."""
    version = _locked(draft_id)
    if version.state == VersionState.CHECKING and version.submitted_by_id == actor.user_id:
        return version
    _check_state(version, VersionState.DRAFT)
    if revision is not None and revision != version.revision:
        raise DraftStale("这份草稿在别处保存过。", hint="请刷新，看过最新内容再送复核。")
    _check_base(version)
    _compile(version)
    version.state, version.words = VersionState.CHECKING, ""
    version.submitted_at, version.submitted_by_id = clock.now(), actor.user_id
    version.save()
    audit.record(reference_of(version), "submitted", actor=actor, data=event_data(version))
    return version


@transaction.atomic
def withdraw_submission(*, draft_id: int, actor: Actor) -> ItemVersion:
    """撤回送审: the version is a draft again; by who submitted it."""
    version = _locked(draft_id)
    _check_state(version, VersionState.CHECKING)
    if version.submitted_by_id != actor.user_id:
        raise SecondPersonNeeded("只有送审的人可以撤回。", hint="您可以复核，或退回并写明意见。")
    return _back(version, "withdrawn", "", actor)


@transaction.atomic
def return_draft(*, draft_id: int, words: str, actor: Actor) -> ItemVersion:
    """退回: back to its writer with what has to be mended."""
    version = _locked(draft_id)
    _check_state(version, VersionState.CHECKING)
    _check_second(version, actor)
    return _back(version, "returned", checked_words(words), actor)


def _back(version: ItemVersion, kind: str, words: str, actor: Actor) -> ItemVersion:
    version.state, version.words = VersionState.DRAFT, words
    version.revision += 1
    version.save(update_fields=["state", "words", "revision"])
    data = {**event_data(version), **({"words": words} if words else {})}
    audit.record(reference_of(version), kind, actor=actor, data=data)
    return version


@transaction.atomic
def publish_checked(
    *, draft_id: int, actor: Actor, revision: int | None = None, effective_on: date | None = None
) -> ItemVersion:
    """复核通过并发布, by a second person, from its day on. Compiled anew: elements may have changed since.

    Done twice by the same person it changes nothing; whoever comes second is told who was first.
    """
    version = _locked(draft_id)
    if version.state == VersionState.PUBLISHED and version.checked_by_id == actor.user_id is not None:
        return version
    _check_state(version, VersionState.CHECKING)
    _check_second(version, actor)
    if version.revises_directory:
        raise Conflict("这是目录的修订稿，不在本部门施行。", hint="请点“复核通过，列入目录”。")
    if revision is not None and revision != version.revision:
        raise DraftStale("送复核的内容已经更新。", hint="请刷新，看过最新内容再签发。")
    _check_base(version)
    version.effective_on = max(effective_on or version.effective_on, clock.today())
    _compile(version)
    version.checked_by_id = actor.user_id
    version.save()
    publish(version, clock.now())
    audit.record(reference_of(version), "published", actor=actor, data=event_data(version))
    return version


@transaction.atomic
def publish_revision(*, draft_id: int, actor: Actor, revision: int | None = None) -> Directory:
    """The next edition of a directory entry, signed by a second person; the draft has become the edition."""
    version = _locked(draft_id)
    _check_state(version, VersionState.CHECKING)
    _check_second(version, actor)
    if not version.revises_directory:
        raise Conflict("这不是目录的修订稿。", hint="请刷新页面，按本部门的版本签发。")
    if revision is not None and revision != version.revision:
        raise DraftStale("送复核的内容已经更新。", hint="请刷新，看过最新内容再签发。")
    _check_base(version)
    _compile(version)
    people = {"writers": list(version.writers), "submitted_by": version.submitted_by_id}
    entry = new_edition(version.item, version.agency, version.definition, actor=actor, data=people)
    # What is checked cannot be deleted, a draft can: its words stand in the edition from now on.
    version.state = VersionState.DRAFT
    version.save(update_fields=["state"])
    version.delete()
    return entry


@transaction.atomic
def rebase_draft(*, draft_id: int, revision: int | None, actor: Actor) -> ItemVersion:
    """Go on from the version published meanwhile and the directory's present edition; the words stay as typed."""
    version = lock_draft(draft_id)
    if revision is not None and revision != version.revision:
        raise DraftStale("这份草稿在别处保存过。", hint="请刷新后再试。")
    base = latest_version(version.item_id, version.agency_id)
    if base is not None and base.pk != version.base_id:
        version.base, version.number = base, max(version.number, base.number + 1)
    definition = version.definition
    if version.directory is not None:
        entry = Directory.objects.filter(item_id=version.item_id, is_current=True).first()
        version.directory = entry or version.directory
        if not version.revises_directory:
            locked = tuple(version.directory.locked)
            definition = adoption.with_locked(definition, version.directory.standard, locked)
    _write(version, definition, actor)
    version.revision += 1
    version.save()
    audit.record(reference_of(version), "rebased", actor=actor, data=event_data(version))
    return version


@transaction.atomic
def discard_draft(*, draft_id: int, actor: Actor) -> None:
    """Throw a draft away; an item that never had a published version goes with it."""
    version = lock_draft(draft_id)
    reference, data, item = reference_of(version), event_data(version), version.item
    version.delete()
    audit.record(reference, "draft_discarded", actor=actor, data=data)
    if not item.versions.exists() and not item.directory.exists():
        item.delete()


def lock_draft(draft_id: int) -> ItemVersion:
    """The draft, locked; raises VersionNotDraft for anything that can no longer be changed."""
    version = _locked(draft_id)
    _check_state(version, VersionState.DRAFT)
    return version


def _locked(draft_id: int) -> ItemVersion:
    rows = ItemVersion.objects.select_for_update(of=("self",))
    found = (
        rows.select_related("item", "agency__division", "directory", "checked_by").filter(pk=draft_id).first()
    )
    if found is None:
        raise VersionNotDraft("这份草稿已经不在了。", hint="请回到事项列表。")
    return found


def _check_state(version: ItemVersion, wanted: VersionState) -> None:
    if version.state == wanted:
        return
    if version.state == VersionState.CHECKING:
        raise VersionNotDraft("这个版本正在复核，不能再改。", hint="要改的，请送审人先撤回，或由复核人退回。")
    if version.state == VersionState.DRAFT:
        raise NotBeingChecked("这个版本还没有送复核，或已经撤回、退回。", hint="请刷新页面，看它现在的状态。")
    who = version.checked_by.name if version.checked_by is not None else "别人"
    raise VersionNotDraft(f"这个版本已经由{who}发布，不能再改。", hint="请刷新页面；要再改的，请起草新版本。")


def _check_second(version: ItemVersion, actor: Actor) -> None:
    if actor.user_id is not None and actor.user_id in {
        *version.writers,
        version.author_id,
        version.submitted_by_id,
    }:
        raise SecondPersonNeeded("编制人不能复核自己编制的版本。", hint="请由另一位事项编辑复核后发布。")


def _check_base(version: ItemVersion) -> None:
    latest = latest_version(version.item_id, version.agency_id)
    if latest is not None and latest.pk != version.base_id:
        raise BaseOutdated(
            f"起草之后，第{latest.number}版已经发布，这份草稿是在更早的版本上改的。",
            hint="请在草稿页点“接着最新版改”，核对差异后再送复核。",
        )
    if version.revises_directory and version.directory is not None and not version.directory.is_current:
        raise BaseOutdated(
            "起草之后，目录又有了新的一版，这份修订稿是在更早的一版上改的。",
            hint="请在草稿页点“接着最新版改”，核对差异后再送复核。",
        )


def _compile(version: ItemVersion) -> None:
    """Fill the draft with what it compiles to; raises ItemUnsound with every problem."""
    facts, dictionary = drafts.facts_of(version, version.definition), elements.dictionary()
    reading = drafts.read(version.definition)
    problems: list[Problem] = list(reading.problems)
    if version.directory is not None and not version.revises_directory:
        locked = tuple(version.directory.locked)
        problems += adoption.problems(version.definition, version.directory.standard, locked)
    if problems or reading.standard is None:
        raise unsound(version.name, problems)
    fill(version, prepare(reading.standard, facts, dictionary))


def checked_words(words: str) -> str:
    """A reason that somebody has to read: not empty, not endless."""
    text = words.strip()
    if not text or len(text) > MOST_WORDS:
        raise Invalid.of_fields({"words": f"请写明理由，最多{MOST_WORDS}个字。"})
    return text
