"""Writes of agencies and posts."""

from collections.abc import Sequence
from typing import Any

from yueban.accounts.models import User
from yueban.agencies.choices import Role
from yueban.agencies.models import Agency, Post
from yueban.agencies.rows import AgencyRow as AgencyRow
from yueban.agencies.selectors import get_agency
from yueban.audit import services as audit
from yueban.divisions import selectors as divisions
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.reference import Reference


def save_agencies(*, rows: Sequence[AgencyRow]) -> Changes:
    """Create and update agencies by code; divisions must be loaded, parents may follow their children."""
    changes = Changes()
    places = divisions.divisions_named({row.division for row in rows})
    stored = {agency.code: agency for agency in Agency.objects.select_related("parent")}
    for row in rows:
        fields = _fields(row, places[row.division].pk)
        agency = stored.get(row.code)
        if agency is None:
            stored[row.code] = Agency.objects.create(**fields)
            changes += Changes(created=1)
        elif any(getattr(agency, name) != value for name, value in fields.items()):
            _update(agency, fields)
            changes += Changes(changed=1)
        else:
            changes += Changes(unchanged=1)
    _save_parents(rows, stored)
    return changes


def _fields(row: AgencyRow, division_id: int) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en,
        "short_name": row.short_name,
        "document_prefix": row.document_prefix,
        "division_id": division_id,
        "uscc": row.uscc,
        "is_uscc_demo": row.uscc_demo,
        "nature": str(row.nature),
        "phone": row.phone or "",
        "address": row.address or "",
        "hours": row.hours or "",
    }


def _update(agency: Agency, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(agency, name, value)
    agency.save(update_fields=list(fields))


def _save_parents(rows: Sequence[AgencyRow], stored: dict[str, Agency]) -> None:
    for row in rows:
        parent = stored[row.parent] if row.parent else None
        agency = stored[row.code]
        if agency.parent_id != (parent.pk if parent else None):
            agency.parent = parent
            agency.save(update_fields=["parent"])


def give_post(*, user: User, role: str, agency: str, actor: Actor, division: str | None = None) -> Post:
    """Let a user act in a role at an agency, in the agency's division unless told; again changes nothing."""
    office = get_agency(agency)
    place = divisions.get_division(division) if division else office.division
    post, is_new = Post.objects.get_or_create(user=user, role=Role(role), agency=office, division=place)
    if is_new:
        _record("post_given", post, actor)
    return post


def end_post(*, post: Post, actor: Actor) -> None:
    """Take a post away; the audit keeps that it was held."""
    _record("post_ended", post, actor)
    post.delete()


def _record(kind: str, post: Post, actor: Actor) -> None:
    data = {"role": post.role, "agency": post.agency.code, "division": post.division.code}
    audit.record(Reference("user", str(post.user_id)), kind, actor=actor, data=data)
