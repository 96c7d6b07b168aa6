"""Drafts that a clerk or a helper fills in for somebody: whose desk they lie on, and how they pass to a colleague."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from yueban.accounts import walls
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.cases.choices import ENDED, ApplicationState, CaseState
from yueban.cases.errors import CaseNotFound
from yueban.cases.models import Application, Case
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor, PostHeld

# After a decision nobody is told to apply for the same again before this has passed.
SETTLED_FOR = timedelta(days=365)
INTAKE_ROLES = frozenset({roles.CLERK, roles.HELPER})


def intake_posts(actor: Actor) -> tuple[PostHeld, ...]:
    """The posts at which this person takes applications in."""
    return tuple(post for post in actor.posts if post.role in INTAKE_ROLES)


def assisted_by(actor: Actor) -> QuerySet[Application]:
    """What this person fills in for others, where he still serves; a moved clerk leaves his drafts behind."""
    allowed = Q(pk__in=[])
    for post in intake_posts(actor):
        within = divisions.within("assist_division", post.division)
        allowed |= agencies.held_at(post, "assist_agency") & within
    rows = Application.objects.filter(allowed, assisted_by_id=actor.user_id)
    rows = rows.exclude(state=ApplicationState.DISCARDED).select_related(
        "party", "item_version__item", "item_version__agency__division", "assist_agency"
    )
    return rows.defer("item_version__definition", "item_version__compiled_json")


def drafts_of(actor: Actor) -> QuerySet[Application]:
    """His open drafts, the last touched first."""
    return assisted_by(actor).filter(state=ApplicationState.DRAFT).order_by("-saved_at", "-pk")


def get_assisted(actor: Actor, number: str) -> Application:
    """One of them; CaseNotFound for a wrong number and for a colleague's alike."""
    found = assisted_by(actor).filter(number=number).first()
    if found is None:
        raise CaseNotFound("没有找到这份草稿。", hint="请从“受理”页面重新打开；已移交同事的，由同事接着办。")
    return found


def lock_assisted(actor: Actor, number: str) -> Application:
    """The same, locked for this transaction."""
    get_assisted(actor, number)
    rows = Application.objects.select_for_update(of=("self",)).select_related("party", "item_version__item")
    rows = rows.defer("item_version__definition", "item_version__compiled_json")
    return rows.get(number=number)


def lock_drafts_with(user_id: int, numbers: Iterable[str]) -> list[Application]:
    """Those of these drafts that still lie with this user, locked for the transaction."""
    rows = Application.objects.select_for_update().filter(
        number__in=list(numbers), assisted_by_id=user_id, state=ApplicationState.DRAFT
    )
    return list(rows.order_by("number"))


def set_mandate(*, application: Application, number: str) -> None:
    """The mandate on which it is submitted."""
    application.mandate_number = number
    application.save(update_fields=["mandate_number"])


def pass_on(*, applications: Iterable[Application], to: User) -> None:
    """Another person goes on with these drafts; the caller has locked them and knows that he may."""
    for application in applications:
        application.user = application.assisted_by = to
        application.saved_at = clock.now()
        application.revision += 1
        application.save(update_fields=["user", "assisted_by", "saved_at", "revision"])


def same_drafts(applications: Iterable[Application], user_id: int) -> set[str]:
    """Numbers of those for whose person and item the other already has a draft of his own."""
    wanted = {(one.party_id, one.item_version_id): one.number for one in applications}
    theirs = Application.objects.filter(assisted_by_id=user_id, state=ApplicationState.DRAFT)
    pairs = theirs.filter(party_id__in={party for party, _ in wanted}).values_list(
        "party_id", "item_version_id"
    )
    with walls.platform():
        return {wanted[pair] for pair in pairs if pair in wanted}


def items_under_way(party_ids: Iterable[int]) -> set[tuple[int, str]]:
    """(party, item) of every case that has not ended, or was decided lately; one query however many parties."""
    lately = Q(state=CaseState.DELIVERED, ended_at__gt=clock.now() - SETTLED_FOR)
    rows = Case.objects.filter(~Q(state__in=ENDED) | lately, party_id__in=list(party_ids))
    with walls.platform():  # what runs elsewhere runs too
        return set(rows.values_list("party_id", "item_version__item__key"))
