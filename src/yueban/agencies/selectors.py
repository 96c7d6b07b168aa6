"""Reads of agencies and posts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet

from yueban.accounts.models import User
from yueban.agencies.choices import Role
from yueban.agencies.errors import AgencyNotFound
from yueban.agencies.models import Agency, Post
from yueban.agencies.staff import posts_held_by as posts_held_by
from yueban.agencies.staff import requests_for as requests_for
from yueban.agencies.staff import requests_within as requests_within
from yueban.agencies.staff import staff_within as staff_within
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import PostHeld
from yueban.prepared import run_prepared

# Its supervisors watch over every agency of their division.
GOVERNMENT_SERVICES = "government-services"


def find_agency(code: str) -> Agency | None:
    """The agency of this code, with its division."""
    return Agency.objects.select_related("division").filter(code=code).first()


def get_agency(code: str) -> Agency:
    """The agency of this code, with its division; raises AgencyNotFound."""
    agency = find_agency(code)
    if agency is None:
        raise AgencyNotFound(f"没有代码为“{code}”的部门。", hint="请核对部门代码。")
    return agency


def agencies_of_uscc(numbers: Iterable[str]) -> dict[str, Agency]:
    """Agencies by 统一社会信用代码, in one query."""
    rows = Agency.objects.select_related("division").filter(uscc__in=list(numbers))
    return {row.uscc: row for row in rows}


def places_by_id(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Code and division code of agencies by internal id, at most a minute old: every guide asks for them."""
    wanted = {f"agency-place:{number}": number for number in ids}
    found: dict[str, tuple[str, str]] = cache.get_many(wanted)
    missing = [number for key, number in wanted.items() if key not in found]
    if missing:
        rows = Agency.objects.filter(pk__in=missing).values_list("pk", "code", "division__code")
        fresh = {f"agency-place:{number}": (code, division) for number, code, division in rows}
        cache.set_many(fresh, timeout=60)
        found |= fresh
    return {wanted[key]: place for key, place in found.items()}


def agencies_by_id(ids: Iterable[int]) -> dict[int, Agency]:
    """Agencies by internal id with their divisions, in one query: one object however many things are theirs."""
    return Agency.objects.select_related("division").in_bulk(set(ids))


def agencies_in(division: str) -> QuerySet[Agency]:
    """The agencies of a division and of everything in it."""
    within = divisions.subtree(division)
    return (
        Agency.objects.select_related("division")
        .filter(division__in=within)
        .order_by("division__code", "code")
    )


def agencies_within(prefix: str, *, text: str = "") -> QuerySet[Agency]:
    """The agencies of a division and all below it, by place and name; found by a part of the name."""
    rows = Agency.objects.filter(division__code__startswith=prefix)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(short_name__icontains=text))
    return rows.select_related("division").order_by("division__code", "name")


def agencies_named(codes: Iterable[str]) -> dict[str, Agency]:
    """Agencies by code, in one query; codes that do not exist are left out."""
    rows = Agency.objects.select_related("division").filter(code__in=list(codes))
    return {row.code: row for row in rows}


def subtree(code: str) -> list[Agency]:
    """The agency and all below it; one query a level."""
    found: list[Agency] = [get_agency(code)]
    level = found
    while level:
        seen = {row.pk for row in found}
        below = Agency.objects.select_related("division").filter(parent__in=level).order_by("code")
        level = [row for row in below if row.pk not in seen]
        found += level
    return found


def find_agency_of_kind(kind: str, division: str) -> Agency | None:
    """The agency of this kind nearest to the division: its own, else the county's, else the city's."""
    chain = divisions.ancestry(division)
    rows = Agency.objects.select_related("division").filter(kind=kind, division__code__in=chain)
    return min(rows, key=lambda row: (chain.index(row.division.code), row.code), default=None)


def names_of_kinds(kinds: Collection[str]) -> dict[str, str]:
    """The short names of ``city_agencies_of``."""
    return {kind: agency.short_name for kind, agency in city_agencies_of(kinds).items()}


def nearest_of_kinds(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Agency]:
    """``find_agency_of_kind`` of many pairs of kind and division, in one query; pairs without one are left out."""
    by_kind: dict[str, list[Agency]] = {}
    for row in Agency.objects.select_related("division").filter(kind__in={kind for kind, _ in wanted}):
        by_kind.setdefault(row.kind, []).append(row)
    found = {}
    for kind, division in wanted:
        chain = divisions.ancestry(division)
        near = [row for row in by_kind.get(kind, ()) if row.division.code in chain]
        if near:
            found[kind, division] = min(near, key=lambda row: (chain.index(row.division.code), row.code))
    return found


def city_agencies_of(kinds: Collection[str]) -> dict[str, Agency]:
    """The agency of each kind in the city, or of the first county that has one; by name, one query."""
    rows = Agency.objects.filter(kind__in=kinds).order_by("-division__code", "-code")
    found = {row.kind: row for row in rows}
    return dict(sorted(found.items(), key=lambda pair: pair[1].short_name))


def agency_of_kind(kind: str, division: str) -> Agency:
    """``find_agency_of_kind`` that raises AgencyNotFound."""
    agency = find_agency_of_kind(kind, division)
    if agency is None:
        raise AgencyNotFound(
            f"区划 {division} 没有“{kind}”类部门。",
            hint="请在 agencies.csv 中登记该部门，或核对事项的 agency_kind。",
        )
    return agency


SUBTREES = """
WITH RECURSIVE below(root, id, code) AS (
    SELECT id, id, code FROM agencies_agency WHERE id = ANY(%s::bigint[])
    UNION
    SELECT below.root, child.id, child.code FROM agencies_agency child JOIN below ON child.parent_id = below.id
)
SELECT root, array_agg(code::text ORDER BY code), array_agg(id) FROM below GROUP BY root
"""


def posts_of(user: User, *, stood_in_for: QuerySet[Any, int] | None = None) -> tuple[PostHeld, ...]:
    """The posts a user holds, as an Actor carries them, each with the agencies below its own.

    ``stood_in_for`` are the ids of colleagues on leave: what of their posts may be passed on follows his own,
    as long as he still works beside them: whoever moved on or became an administrator stands in for nobody.
    """
    wanted = Q(user=user)
    if stood_in_for is not None:
        wanted |= Q(user_id__in=stood_in_for, role__in=roles.PASSED_ON, user__is_active=True)
    rows = list(
        Post.objects.filter(wanted)
        .select_related("agency", "division", "user")
        .order_by("agency__code", "role", "division__code", "user_id")
    )
    own = [(row.role, row.agency_id) for row in rows if row.user_id == user.pk]
    rows = [row for row in rows if row.user_id == user.pk or _works_beside(row, own)]
    rows.sort(key=lambda row: row.user_id != user.pk)
    below = _subtrees({row.agency_id for row in rows})
    return tuple(_held(row, below[row.agency_id], user.pk) for row in rows)


def roles_by_user(user_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Roles and the divisions in which they are held, of many users; one query."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = Post.objects.filter(user_id__in=list(user_ids)).values_list("user_id", "role", "division__code")
    for user_id, role, division in rows:
        found.setdefault(user_id, []).append((role, division))
    return found


def _works_beside(post: Post, own: Collection[tuple[str, int]]) -> bool:
    """Whether one of these own posts is at the same agency and on the same side of a case."""
    sides = [side for side in roles.SIDES if post.role in side]
    return any(place == post.agency_id and any(role in side for side in sides) for role, place in own)


def _held(post: Post, below: "_Below", holder_id: int) -> PostHeld:
    is_city_wide = post.role == Role.SUPERVISOR and post.agency.kind == GOVERNMENT_SERVICES
    return PostHeld(
        role=post.role,
        agency=post.agency.code,
        agency_name=post.agency.name,
        division=post.division.code,
        agencies=() if is_city_wide else below.codes,
        is_city_wide=is_city_wide,
        stands_in_for=post.user_id if post.user_id != holder_id else None,
        stands_in_name=post.user.name if post.user_id != holder_id else "",
        agency_id=post.agency_id,
        agency_ids=frozenset((post.agency_id,)) if is_city_wide else below.ids,
    )


def post_at(agency: Agency, role: str) -> PostHeld:
    """A post at an agency for its whole division, as what acts in the agency's name holds it."""
    below = _subtrees({agency.pk})[agency.pk]
    return PostHeld(
        role,
        agency.code,
        agency.name,
        agency.division.code,
        below.codes,
        agency_id=agency.pk,
        agency_ids=below.ids,
    )


def reached_by(post: PostHeld, field: str = "agency") -> Q:
    """Rows of the post's agency and of all below it.

    By id, which row-level security lets an index answer; a join by code would look at every row first.
    """
    if post.agency_ids:
        return Q(**{f"{field}_id__in": sorted(post.agency_ids)})
    return Q(**{f"{field}__code__in": post.agency_codes})


def held_at(post: PostHeld, field: str = "agency") -> Q:
    """Rows of the post's very agency."""
    return Q(**({f"{field}_id": post.agency_id} if post.agency_id else {f"{field}__code": post.agency}))


def has_ended(agency: Agency) -> bool:
    """Whether its division was merged or dissolved: nothing is handed in there any more."""
    ended_on = agency.division.ended_on
    return ended_on is not None and ended_on <= clock.today()


def codes_below(codes: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each agency its own code and those of all below it, in two queries."""
    ids = {row.pk: row.code for row in Agency.objects.filter(code__in=list(codes)).only("pk", "code")}
    return {ids[root]: frozenset(found.codes) for root, found in _subtrees(ids).items()}


@dataclass(frozen=True, slots=True)
class _Below:
    """An agency and all below it."""

    codes: tuple[str, ...]
    ids: frozenset[int]


def _subtrees(agency_ids: Collection[int]) -> dict[int, _Below]:
    """Each agency and of all below it, in one query; a ring in the data ends where it begins."""
    if not agency_ids:
        return {}
    rows = run_prepared(SUBTREES, [list(agency_ids)])
    return {root: _Below(tuple(codes), frozenset(ids)) for root, codes, ids in rows}


def roles_held_at(agency_id: int) -> frozenset[str]:
    """The roles that somebody holds at the agency."""
    return frozenset(Post.objects.filter(agency_id=agency_id).values_list("role", flat=True).distinct())


def staff_of(agency_ids: Iterable[int]) -> frozenset[int]:
    """The users who hold any post at these agencies."""
    return frozenset(Post.objects.filter(agency_id__in=list(agency_ids)).values_list("user_id", flat=True))


def is_role_held(role: str) -> bool:
    """Whether anybody who may still sign in holds a post with this role."""
    return Post.objects.filter(role=role, user__is_active=True).exists()


def holders_of(role: str, agency: str) -> QuerySet[Post]:
    """The posts with this role at the agency, with their users."""
    return Post.objects.filter(role=role, agency__code=agency).select_related("user", "agency", "division")


def serving(role: str, division: str) -> QuerySet[Post]:
    """The posts with this role for a division or for what it lies in, the nearest first, with user and agency."""
    chain = divisions.ancestry(division)
    rows = Post.objects.filter(role=role, division__code__in=chain).select_related(
        "user", "agency", "division"
    )
    return rows.order_by("-division__level", "division__code", "user__name")


def colleagues_of(post: PostHeld, user_id: int) -> QuerySet[Post]:
    """Who else holds the same role at the same agency for the same division."""
    rows = Post.objects.filter(role=post.role, agency__code=post.agency, division__code=post.division)
    return (
        rows.exclude(user_id=user_id)
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("user__name")
    )


def staff_at(agency: str, held: Collection[str]) -> list[User]:
    """Who holds one of these roles at the agency and may sign in, by name; each once."""
    rows = Post.objects.filter(agency__code=agency, role__in=held, user__is_active=True)
    return list(
        {row.user_id: row.user for row in rows.select_related("user").order_by("user__name")}.values()
    )


def is_held(user_id: int, role: str, agency: str, place: str) -> bool:
    """Whether the user may still act in this role at the agency for this place."""
    rows = Post.objects.filter(user_id=user_id, user__is_active=True, role=role, agency__code=agency)
    return any(divisions.is_within(place, row.division.code) for row in rows.select_related("division"))


def offices_near(agency: Agency, role: str) -> list[Agency]:
    """The agency above, those below and those beside it in one family, as far as somebody holds the role there."""
    family = Q(parent=agency) | Q(pk=agency.parent_id)
    if agency.parent_id is not None:
        family |= Q(parent_id=agency.parent_id)
    return _with_role(Agency.objects.filter(family).exclude(pk=agency.pk), role)


def agencies_with(role: str, division: str) -> list[Agency]:
    """The agencies of exactly this division at which somebody holds the role."""
    return _with_role(Agency.objects.filter(division__code=division), role)


def _with_role(rows: QuerySet[Agency], role: str) -> list[Agency]:
    staffed = Post.objects.filter(role=role, user__is_active=True).values("agency_id")
    return list(rows.filter(pk__in=staffed).select_related("division").order_by("code"))


def held_by(user_id: int) -> list[tuple[str, str]]:
    """Role and agency of each post of a user."""
    return list(Post.objects.filter(user_id=user_id).values_list("role", "agency__code"))


def kinds_by_name() -> dict[str, str]:
    """Names of agencies, short and whole, and their kinds; one query."""
    rows = Agency.objects.order_by("code").values_list("short_name", "name", "kind")
    return {name: kind for short, whole, kind in rows for name in (short, whole) if name}


def kinds() -> tuple[tuple[str, str], ...]:
    """Every kind of agency with the short name of its first one, the city's where it has one."""
    rows = Agency.objects.order_by("kind", "division__code", "code").distinct("kind")
    return tuple(rows.values_list("kind", "short_name"))
