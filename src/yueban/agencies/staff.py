"""Reads of staff for administrators: people with their posts, and requests for posts."""

from django.db.models import Q, QuerySet

from yueban.accounts.models import User
from yueban.agencies.choices import RequestState
from yueban.agencies.models import Post, PostRequest


def staff_within(division_prefix: str, *, text: str = "", role: str = "", agency: str = "") -> QuerySet[User]:
    """Who holds a post in a division, narrowed by name, role and agency; with the posts.

    An account that holds no post yet is found by the whole name it signs in by.
    """
    posts = Post.objects.filter(division__code__startswith=division_prefix)
    posts = posts.filter(role=role) if role else posts
    posts = posts.filter(agency__code=agency) if agency else posts
    wanted = Q(pk__in=posts.values("user"))
    if text:
        wanted &= Q(name__icontains=text) | Q(username__istartswith=text)
    if text and not role and not agency:
        # Only a member of staff has a first password or a second factor.
        own = Q(must_change_password=True) | Q(totp_confirmed_at__isnull=False)
        wanted |= own & Q(username=text, posts=None)
    return (
        User.objects.filter(wanted)
        .order_by("name", "username")
        .prefetch_related("posts__agency", "posts__division")
    )


def posts_held_by(user: User) -> QuerySet[Post]:
    """His own posts, without those of colleagues he stands in for."""
    return (
        Post.objects.filter(user=user).select_related("agency", "division").order_by("agency__code", "role")
    )


def requests_within(division_prefix: str, *, is_waiting: bool) -> QuerySet[PostRequest]:
    """Requests for posts in a division: those that wait, the oldest first, or the settled, the newest first."""
    rows = PostRequest.objects.filter(division__code__startswith=division_prefix).select_related(
        "user", "agency", "division", "asked_by", "decided_by"
    )
    if is_waiting:
        return rows.filter(state=RequestState.WAITING).order_by("asked_at", "pk")
    return rows.exclude(state=RequestState.WAITING).order_by("-decided_at", "-pk")


def requests_for(user: User) -> QuerySet[PostRequest]:
    """All requests for one person's posts, the newest first."""
    rows = PostRequest.objects.filter(user=user)
    return rows.select_related("agency", "division", "asked_by", "decided_by").order_by("-asked_at", "-pk")
