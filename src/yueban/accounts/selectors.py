"""Reads of users."""

from django.db.models import QuerySet

from yueban.accounts.models import User


def find_user(user_id: int) -> User | None:
    """The active user of this id."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def find_demo_user(username: str) -> User | None:
    """The active demo user of this name; people who are not of the demo cast are never found."""
    return User.objects.filter(username=username, is_demo=True, is_active=True).first()


def demo_users() -> QuerySet[User]:
    """The demo cast in the order of the pack."""
    return User.objects.filter(is_demo=True, is_active=True).order_by("demo_order")


def users_named(usernames: list[str]) -> dict[str, User]:
    """Users by name."""
    return {user.username: user for user in User.objects.filter(username__in=usernames)}
