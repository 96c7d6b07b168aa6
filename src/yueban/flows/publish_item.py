"""事项编制与发布: an editor drafts, another editor of the same agency checks and publishes."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from yueban.catalogue import selectors as catalogue_read
from yueban.catalogue import services as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.services import ItemStandard
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed


@transaction.atomic
def draft_item(
    *, standard: ItemStandard, agency: str, effective_on: date, actor: Actor, draft_id: int | None = None
) -> ItemVersion:
    """Write a draft of an item at an agency, or write it anew; raises ItemUnsound, NotAllowed."""
    _check_editor(actor, agency)
    if draft_id is not None:
        _check_editor(actor, catalogue_read.get_version(draft_id).agency.code)
    return catalogue.save_draft(
        standard=standard, agency=agency, effective_on=effective_on, actor=actor, draft_id=draft_id
    )


@transaction.atomic
def publish_item(*, draft_id: int, actor: Actor) -> ItemVersion:
    """Check as a second person and publish; from its day on new applications follow the new version."""
    _check_editor(actor, catalogue_read.get_version(draft_id).agency.code)
    return catalogue.publish_draft(draft_id=draft_id, actor=actor)


@transaction.atomic
def suspend_item(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Take a version out of service for a time; applications already made go on."""
    _check_editor(actor, catalogue_read.get_version(version_id).agency.code)
    return catalogue.suspend_version(version_id=version_id, reason=reason, actor=actor)


@transaction.atomic
def resume_item(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """Put a suspended version back in service."""
    _check_editor(actor, catalogue_read.get_version(version_id).agency.code)
    return catalogue.resume_version(version_id=version_id, reason=reason, actor=actor)


@transaction.atomic
def cancel_item(*, version_id: int, reason: str, actor: Actor) -> ItemVersion:
    """End a version for good; applications already made go on under it."""
    _check_editor(actor, catalogue_read.get_version(version_id).agency.code)
    return catalogue.cancel_version(version_id=version_id, reason=reason, actor=actor)


def _check_editor(actor: Actor, agency: str) -> None:
    if not actor.has_role(roles.EDITOR, agency):
        raise NotAllowed(
            "只有本部门的事项编辑可以编制和发布事项。", hint="请用本部门事项编辑的账号登录，或请其办理。"
        )
