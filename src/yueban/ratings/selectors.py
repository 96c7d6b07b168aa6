"""Reads of ratings; none of them tells staff who rated."""

from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.divisions import selectors as divisions
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.ratings.choices import LOW as LOW
from yueban.ratings.errors import RatingNotFound
from yueban.ratings.figures import Figures as Figures
from yueban.ratings.figures import Share as Share
from yueban.ratings.figures import figures_of as figures_of
from yueban.ratings.models import FollowUp, RateableService, Rating, RatingScheme
from yueban.ratings.scheme import Scheme

SEES_AGENCY = (roles.REVIEWER, roles.DECIDER, roles.CLERK, roles.SUPERVISOR)


def scheme() -> Scheme:
    """The rules of the newest version."""
    row = RatingScheme.objects.order_by("-version").first()
    if row is None:
        raise RatingNotFound("没有载入评价规则。", hint="请在城市资料中加上 ratings.yaml 并重新载入。")
    return Scheme.model_validate(row.data)


def find_service(reference: Reference) -> RateableService | None:
    """The service of a thing once it is over; the caller has checked that the thing may be seen."""
    return (
        RateableService.objects.select_related("agency", "rating__follow_up")
        .filter(reference_kind=reference.kind, reference_number=reference.number)
        .first()
    )


def get_by_code(code: str) -> RateableService:
    """The service of a rating code; who holds the slip may rate."""
    found = RateableService.objects.select_related("agency").filter(code=code.lower()).first()
    if found is None:
        raise RatingNotFound(
            "没有找到这个评价码。", hint="请核对回执单上的评价码；也可以登录后在“我的办件”里评价。"
        )
    return found


def services_visible_to(actor: Actor) -> QuerySet[RateableService]:
    """Services over which the actor's posts reach: agency and below, within the post's division."""
    allowed = Q(pk__in=[])
    for post in actor.posts:
        if post.role not in SEES_AGENCY:
            continue
        within = divisions.within("division_code", post.division)
        reached = Q() if post.is_city_wide else agencies.reached_by(post)
        allowed |= within & reached
    return RateableService.objects.filter(allowed)


def ratings_visible_to(actor: Actor) -> QuerySet[Rating]:
    """Ratings of those services: level, words, item and time, never the rater."""
    return Rating.objects.filter(service__in=services_visible_to(actor)).select_related(
        "service__agency", "follow_up"
    )


def get_rating(actor: Actor, number: str) -> Rating:
    """One rating, or RatingNotFound for a wrong number and for another agency's alike."""
    found = ratings_visible_to(actor).filter(number=number).first()
    if found is None:
        raise RatingNotFound("没有找到这条评价。", hint="请从待办或评价列表进入。")
    return found


def follow_up_of(rating: Rating) -> FollowUp | None:
    """The follow-up of a bad rating, with the attempts to speak with the rater."""
    return (
        FollowUp.objects.filter(rating=rating)
        .select_related("verified_by", "closed_by")
        .prefetch_related("contacts__by")
        .first()
    )
