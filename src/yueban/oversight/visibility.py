"""Who sees which entry: supervisors what they watch over, an agency what it has been asked."""

from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.divisions import selectors as divisions
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.oversight.models import Entry


def entries_visible_to(actor: Actor) -> QuerySet[Entry]:
    """Serves list, page, count and export alike."""
    allowed = Q(pk__in=[])
    for post in actor.posts:
        if post.role == roles.SUPERVISOR:
            allowed |= _supervised(post)
    if actor.is_staff:
        asked = approvals.tasks_visible_to(actor).filter(reference_kind="oversight")
        allowed |= Q(number__in=asked.values("reference_number"))
    return Entry.objects.filter(allowed)


def _supervised(post: PostHeld) -> Q:
    within = divisions.within("division_code", post.division)
    return within if post.is_city_wide else within & agencies.reached_by(post)
