"""事项编制、复核、发布: an editor drafts, another editor of the same agency checks and publishes.

Nobody's case is touched by it: running cases stay on the version they were filed under; who has an unfinished
application on an older version is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from yueban.cases import selectors as cases
from yueban.catalogue import editing
from yueban.catalogue import services as catalogue
from yueban.catalogue.choices import VersionState
from yueban.catalogue.models import Directory, ItemVersion
from yueban.catalogue.services import ItemStandard
from yueban.catalogue.services import NewItem as NewItem
from yueban.flows import keep_knowledge
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.notifications import services as notifications
from yueban.notifications.services import Note


@transaction.atomic
def begin_draft(actor: Actor, item_key: str, agency: str) -> ItemVersion:
    """Draft the next version of an item that the agency has."""
    _check_editor(actor, agency)
    return catalogue.begin_draft(item_key=item_key, agency=agency, actor=actor)


@transaction.atomic
def adopt_item(actor: Actor, item_key: str, agency: str) -> ItemVersion:
    """认领: draft the agency's first version from the directory entry."""
    _check_editor(actor, agency)
    return catalogue.adopt(item_key=item_key, agency=agency, actor=actor)


@transaction.atomic
def revise_entry(actor: Actor, item_key: str, agency: str) -> ItemVersion:
    """修订目录: draft the next edition of an entry of one's own agency, whether it handles the item itself or not."""
    _check_editor(actor, agency)
    return catalogue.revise_entry(item_key=item_key, agency=agency, actor=actor)


@transaction.atomic
def begin_item(actor: Actor, new: NewItem, agency: str) -> ItemVersion:
    """Draft an item that the catalogue does not know yet."""
    _check_editor(actor, agency)
    return catalogue.begin_item(new=new, agency=agency, actor=actor)


@transaction.atomic
def write_draft(
    actor: Actor,
    draft_id: int,
    changes: Mapping[str, Any],
    *,
    revision: int | None,
    effective_on: date | None = None,
) -> ItemVersion:
    """Save some fields of a draft as they were typed, sound or not; raises DraftStale."""
    editing.get_for_editor(draft_id, actor)
    return catalogue.write_draft(
        draft_id=draft_id, changes=changes, revision=revision, actor=actor, effective_on=effective_on
    )


@transaction.atomic
def draft_item(
    *, standard: ItemStandard, agency: str, effective_on: date, actor: Actor, draft_id: int | None = None
) -> ItemVersion:
    """Write a whole standard as a draft at an agency, or anew; raises ItemUnsound, NotAllowed."""
    _check_editor(actor, agency)
    if draft_id is not None:
        editing.get_for_editor(draft_id, actor)
    return catalogue.save_draft(
        standard=standard, agency=agency, effective_on=effective_on, actor=actor, draft_id=draft_id
    )


@transaction.atomic
def submit_item(actor: Actor, draft_id: int, *, revision: int | None = None) -> ItemVersion:
    """送复核: from now on its words stand still; raises ItemUnsound with every problem."""
    editing.get_for_editor(draft_id, actor)
    return catalogue.submit_draft(draft_id=draft_id, revision=revision, actor=actor)


@transaction.atomic
def withdraw_item(actor: Actor, draft_id: int) -> ItemVersion:
    """撤回送审."""
    editing.get_for_editor(draft_id, actor)
    return catalogue.withdraw_submission(draft_id=draft_id, actor=actor)


@transaction.atomic
def return_item(actor: Actor, draft_id: int, words: str) -> ItemVersion:
    """退回修改, with what has to be mended; its writers are told."""
    version = editing.get_for_editor(draft_id, actor)
    returned = catalogue.return_draft(draft_id=draft_id, words=words, actor=actor)
    title, body = "事项被退回修改", f"“{version.name}”第{version.number}版被退回：{returned.words}"
    notes = [
        _note(user_id, returned, f"returned-{returned.revision}", title, body) for user_id in returned.writers
    ]
    notifications.notify_many(notes)
    return returned


@transaction.atomic
def publish_item(
    *, draft_id: int, actor: Actor, revision: int | None = None, effective_on: date | None = None
) -> ItemVersion:
    """Sign as a second person and publish; from its day on new applications follow the new version."""
    before = editing.get_for_editor(draft_id, actor).state
    version = catalogue.publish_checked(
        draft_id=draft_id, actor=actor, revision=revision, effective_on=effective_on
    )
    if before != VersionState.PUBLISHED:
        _tell_applicants(version)
        _renew_bundles(version, actor)
        keep_knowledge.ask_to_keep()
    return version


@transaction.atomic
def publish_revision(actor: Actor, draft_id: int, *, revision: int | None = None) -> Directory:
    """Sign the next edition of a directory entry as a second person; adopters see that there is a newer one."""
    editing.get_for_editor(draft_id, actor)
    return catalogue.publish_revision(draft_id=draft_id, actor=actor, revision=revision)


def _renew_bundles(version: ItemVersion, actor: Actor) -> None:
    """一件事 that join the item follow it from the day it changes; running cases stay on theirs."""
    catalogue.refresh_bundles(
        item_key=version.item.key,
        agency_division=version.agency.division.code,
        on=max(version.effective_on, clock.today()),
        actor=actor,
    )


def _tell_applicants(version: ItemVersion) -> None:
    """Who is filling in an older version learns of the newer one; in one statement."""
    day = version.effective_on
    body = (
        f"“{version.name}”的办事指南有新版本，{day.month}月{day.day}日起施行。"
        "您没填完的申请仍按原来的版本；要按新版本办的，请重新开始。"
    )
    notifications.notify_many(
        Note(user_id, Reference("application", number), f"version-{version.pk}", "办事指南有新版本", body)
        for user_id, number in cases.open_drafts_on_older(version)
    )


def _note(user_id: int, version: ItemVersion, event: str, title: str, body: str) -> Note:
    return Note(user_id, Reference("item", version.item.key), f"{event}-{version.pk}", title, body[:500])


@transaction.atomic
def rebase_item(actor: Actor, draft_id: int, *, revision: int | None = None) -> ItemVersion:
    """Go on from the version published meanwhile, with the directory's locked fields as they are now."""
    editing.get_for_editor(draft_id, actor)
    return catalogue.rebase_draft(draft_id=draft_id, revision=revision, actor=actor)


@transaction.atomic
def discard_item(actor: Actor, draft_id: int) -> None:
    """Throw a draft away."""
    editing.get_for_editor(draft_id, actor)
    catalogue.discard_draft(draft_id=draft_id, actor=actor)


@transaction.atomic
def suspend_item(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Take a version out of service for a time; applications already made go on."""
    _check_version(actor, version_id)
    version = catalogue.suspend_version(version_id=version_id, reason=reason, actor=actor)
    _renew_bundles(version, actor)
    keep_knowledge.ask_to_keep()
    return version


@transaction.atomic
def resume_item(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Put a suspended version back in service."""
    _check_version(actor, version_id)
    version = catalogue.resume_version(version_id=version_id, reason=reason, actor=actor)
    _renew_bundles(version, actor)
    keep_knowledge.ask_to_keep()
    return version


@transaction.atomic
def cancel_item(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """End a version for good; applications already made go on under it."""
    _check_version(actor, version_id)
    version = catalogue.cancel_version(version_id=version_id, reason=reason, actor=actor)
    _renew_bundles(version, actor)
    keep_knowledge.ask_to_keep()
    return version


@transaction.atomic
def publish_to_directory(actor: Actor, version_id: int) -> Directory:
    """列入目录: the version becomes the edition from which lower agencies adopt."""
    version = editing.get_for_editor(version_id, actor)
    if version.agency.division.level != "city":
        raise NotAllowed("目录由市级部门编制。", hint="请由市级主管部门的事项编辑列入目录。")
    return catalogue.publish_entry(version_id=version_id, actor=actor)


def _check_version(actor: Actor, version_id: int) -> None:
    version = editing.get_comparable(version_id, actor)
    _check_editor(actor, version.agency.code)


def _check_editor(actor: Actor, agency: str) -> None:
    if not actor.has_role(roles.EDITOR, agency):
        raise NotAllowed(
            "只有本部门的事项编辑可以编制和发布事项。", hint="请用本部门事项编辑的账号登录，或请其办理。"
        )
