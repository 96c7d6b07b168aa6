"""Writes of agencies and posts."""

from collections.abc import Sequence
from typing import Any

from yueban.accounts.models import User
from yueban.agencies.choices import Role
from yueban.agencies.contacts import set_contact as set_contact
from yueban.agencies.granting import ask_for_post as ask_for_post
from yueban.agencies.granting import find_post as find_post
from yueban.agencies.granting import lock_request as lock_request
from yueban.agencies.granting import settle as settle
from yueban.agencies.models import Agency, Post
from yueban.agencies.rows import AgencyRow as AgencyRow
from yueban.agencies.selectors import get_agency
from yueban.audit import services as audit
from yueban.divisions import selectors as divisions
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.reference import Reference


def save_agencies(*, rows: Sequence[AgencyRow]) -> Changes:
    """Create and update agencies by code in a few statements; divisions must be loaded, parents may follow.

    What an administrator has set of an agency (``set_here``) stays.
    """
    places = divisions.divisions_named({row.division for row in rows})
    stored = {agency.code: agency for agency in Agency.objects.select_related("parent")}
    wanted = {row.code: _fields(row, places[row.division].pk) for row in rows}
    for code in wanted.keys() & stored.keys():
        wanted[code] |= {name: getattr(stored[code], name) for name in stored[code].set_here}
    fresh = [Agency(**fields) for code, fields in wanted.items() if code not in stored]
    altered = {code for code, fields in wanted.items() if code in stored and _differs(stored[code], fields)}
    stored |= {agency.code: agency for agency in Agency.objects.bulk_create(fresh)}
    altered |= _set_parents(rows, stored) - {agency.code for agency in fresh}
    for code in altered:
        _set(stored[code], wanted[code])
    touched = [stored[code] for code in altered | {row.code for row in rows if row.parent}]
    if fresh or altered:
        Agency.objects.bulk_update(touched, [*_FIELDS, "parent"], batch_size=500)
    return Changes(len(fresh), len(altered), len(rows) - len(fresh) - len(altered))


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


_FIELDS = [
    "kind",
    "name",
    "name_en",
    "short_name",
    "document_prefix",
    "division",
    "uscc",
    "is_uscc_demo",
    "nature",
    "phone",
    "address",
    "hours",
]


def _differs(agency: Agency, fields: dict[str, Any]) -> bool:
    return any(getattr(agency, name) != value for name, value in fields.items())


def _set(agency: Agency, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(agency, name, value)


def _set_parents(rows: Sequence[AgencyRow], stored: dict[str, Agency]) -> set[str]:
    """Put every agency under its parent; the codes of those that stood elsewhere."""
    moved: set[str] = set()
    for row in rows:
        parent = stored[row.parent] if row.parent else None
        agency = stored[row.code]
        if agency.parent_id != (parent.pk if parent else None):
            agency.parent = parent
            moved.add(row.code)
    return moved


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


def move_posts(*, old: str, new: str, actor: Actor) -> int:
    """Posts for a division that was merged become posts for the one that took it in; how many."""
    rows = list(Post.objects.filter(division__code=old).select_related("user", "agency", "division"))
    for post in rows:
        give_post(user=post.user, role=post.role, agency=post.agency.code, division=new, actor=actor)
        end_post(post=post, actor=actor)
    return len(rows)


def _record(kind: str, post: Post, actor: Actor) -> None:
    data = {"role": post.role, "agency": post.agency.code, "division": post.division.code}
    reference = Reference("user", str(post.user_id))
    audit.record(reference, kind, actor=actor, data=data, division=post.division.code)
