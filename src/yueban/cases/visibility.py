"""Who may see which application and which case: roles × agency subtree × division subtree.

`applications_visible_to` and `cases_visible_to` serve list, detail, search, count, file and export alike.
"""

from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.cases.choices import ApplicationState
from yueban.cases.models import Application, Case
from yueban.divisions import selectors as divisions
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.parties import selectors as parties

DECIDING = frozenset({roles.REVIEWER, roles.DECIDER, roles.PAYER})
NOTHING = Q(pk__in=[])


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Drafts and submissions of the parties this person acts for; at the desk only what he fills in himself."""
    allowed = Q(party_id__in=actor.party_ids)
    for held in actor.parties:
        if held.is_served:
            allowed |= _of_items(held.id, held.items) & Q(assisted_by_id=actor.user_id)
        elif held.items is not None:
            allowed |= _of_items(held.id, held.items) & Q(assisted_by=None)
    return Application.objects.filter(allowed).exclude(state=ApplicationState.DISCARDED)


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases this actor may see: his parties' own (a mandatary's by item), and by post those it reaches."""
    allowed = Q(party_id__in=actor.party_ids)
    for held in actor.parties:
        if held.is_served:
            allowed |= _of_items(held.id, held.items) & Q(assisted_by_id=actor.user_id)
        elif held.items is not None:
            allowed |= _of_items(held.id, held.items)
    for post in actor.posts:
        allowed |= _by_post(post)
        if actor.channel == "api":
            # A key stands for its agency: what was handed in there, and what is decided there.
            allowed |= _decided_at(post)
    if actor.roles & approvals.SEES_BY_TASK:
        allowed |= Q(number__in=approvals.references_with_task_for(actor, "case"))
    return Case.objects.filter(allowed)


def is_plainly_visible(case: Case, actor: Actor) -> bool:
    """Whether the case itself tells that `cases_visible_to` holds it; where it does not, the database is asked."""
    return case.party_id in actor.party_ids or any(_reaches_plainly(post, case) for post in actor.posts)


def _reaches_plainly(post: PostHeld, case: Case) -> bool:
    decided = case.agency.code in post.agency_codes and any(
        divisions.is_within(place, post.division) for place in (case.division_code, case.place_division)
    )
    taken_in = case.intake_agency.code in post.agency_codes and divisions.is_within(
        case.intake_division, post.division
    )
    if post.role == roles.CLERK:
        return taken_in
    if post.role in DECIDING:
        return decided
    return post.role == roles.SUPERVISOR and not post.is_city_wide and (decided or taken_in)


def _of_items(party_id: int, items: tuple[str, ...] | None) -> Q:
    own = Q(party_id=party_id)
    return own if items is None else own & Q(item_version__item__key__in=items)


def _by_post(post: PostHeld) -> Q:
    if post.role == roles.CLERK:
        return _at_intake(post)
    if post.role == roles.HELPER:
        return _at_intake(post) & Q(mandate_number__in=parties.standing_mandates().values("number"))
    if post.role in DECIDING:
        return _decided_at(post)
    if post.role == roles.SUPERVISOR:
        return _supervised(post)
    return NOTHING


def _at_intake(post: PostHeld) -> Q:
    return agencies.reached_by(post, "intake_agency") & divisions.within("intake_division", post.division)


def _decided_at(post: PostHeld) -> Q:
    """A post for a part of the agency's division sees the matters that arise in that part."""
    here = _within(post.division, "division_code", "place_division")
    return agencies.reached_by(post) & here


def _supervised(post: PostHeld) -> Q:
    """Decided or handed in at the agencies watched over."""
    if post.is_city_wide:
        return _within(post.division, "division_code", "intake_division")
    return _decided_at(post) | _at_intake(post)


def _within(division: str, *fields: str) -> Q:
    return divisions.within(fields[0], division) | divisions.within(fields[1], division)
