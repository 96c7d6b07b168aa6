"""Who may see which ticket, and who may answer it: roles × agency subtree × division subtree.

`tickets_visible_to` serves list, page, search, export and count alike.
"""

from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.divisions import selectors as divisions
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.tickets.models import Ticket
from yueban.tickets.routing import ANSWERING as ANSWERING

NOTHING = Q(pk__in=[])
SEES = ANSWERING | {roles.SUPERVISOR}


def tickets_visible_to(actor: Actor) -> QuerySet[Ticket]:
    """His own, and by post those of his agency and below within the post's division."""
    own = Q(asker_id=actor.user_id) if actor.user_id is not None else NOTHING
    return Ticket.objects.filter(own | _by_posts(actor))


def tickets_at_work(actor: Actor) -> QuerySet[Ticket]:
    """Those that the actor sees by his posts: what the desk lists, counts and exports."""
    return Ticket.objects.filter(_by_posts(actor))


def _by_posts(actor: Actor) -> Q:
    allowed = NOTHING
    for post in actor.posts:
        if post.role in SEES:
            allowed |= _reached(post)
    return allowed


def _reached(post: PostHeld) -> Q:
    within = divisions.within("division_code", post.division)
    return within if post.is_city_wide else within & agencies.reached_by(post)


def may_answer(actor: Actor, ticket: Ticket) -> bool:
    """Whether a post of the actor answers at the ticket's agency; nobody answers what he asked himself."""
    if ticket.agency is None or actor.user_id is None or actor.user_id == ticket.asker_id:
        return False
    return any(
        post.role in ANSWERING
        and post.covers(ticket.agency.code)
        and divisions.is_within(ticket.division_code, post.division)
        for post in actor.posts
    )


def may_direct(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor may hand it to another agency: who may answer it, and who watches over it."""
    watches = any(
        post.role == roles.SUPERVISOR
        and (post.is_city_wide or (ticket.agency is not None and post.covers(ticket.agency.code)))
        and divisions.is_within(ticket.division_code, post.division)
        for post in actor.posts
    )
    return may_answer(actor, ticket) or (watches and actor.user_id != ticket.asker_id)
