"""How far an actor reaches, in the words of the second wall: never narrower than any `…_visible_to`."""

from collections.abc import Iterable

from yueban.accounts.walls import PARTY, STAFF, Wall
from yueban.approvals import selectors as approvals
from yueban.divisions.selectors import prefix_of
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PostHeld

# Administrators and editors work on no matter of anybody.
WITHOUT_MATTERS = frozenset({roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN, roles.AUDITOR, roles.EDITOR})
TAKING_IN = frozenset({roles.CLERK, roles.HELPER})


def wall_of(actor: Actor) -> Wall:
    """Parties of his own, and by post the agencies, divisions and tasks that it reaches."""
    posts = [post for post in actor.posts if post.role not in WITHOUT_MATTERS]
    parties = tuple(sorted({party.id for party in actor.parties}))
    if not posts and not parties:
        return Wall(who=actor.user_id)
    watching = [post for post in posts if post.role == roles.SUPERVISOR]
    return Wall(
        scope=STAFF if posts else PARTY,
        who=actor.user_id,
        parties=parties,
        agencies=_codes(post for post in posts if _decides(post, actor) and not post.is_city_wide),
        intakes=_codes(post for post in posts if post.role in TAKING_IN or _watches_agencies(post)),
        divisions=tuple(sorted({prefix_of(post.division) for post in watching if post.is_city_wide})),
        tasks=_codes(post for post in posts if not post.is_city_wide),
        roles=tuple(sorted(actor.roles & approvals.SEES_BY_TASK)),
    )


def _decides(post: PostHeld, actor: Actor) -> bool:
    """A key of the API stands for its agency as a whole: what it takes in and what it decides."""
    return post.role not in TAKING_IN or actor.channel == "api"


def _watches_agencies(post: PostHeld) -> bool:
    return post.role == roles.SUPERVISOR and not post.is_city_wide


def _codes(posts: Iterable[PostHeld]) -> tuple[str, ...]:
    return tuple(sorted({code for post in posts for code in post.agency_codes}))
