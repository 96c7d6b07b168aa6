"""Reads of users."""

from collections.abc import Iterable

from django.db.models import QuerySet

from yueban.accounts import second_factor
from yueban.accounts.api_keys import calls_of as calls_of
from yueban.accounts.api_keys import is_live as is_live
from yueban.accounts.api_keys import keys_by_prefix as keys_by_prefix
from yueban.accounts.api_keys import keys_of as keys_of
from yueban.accounts.key_requests import get_request as get_request
from yueban.accounts.key_requests import is_lapsed as is_lapsed
from yueban.accounts.key_requests import open_requests as open_requests
from yueban.accounts.key_requests import requests_of as requests_of
from yueban.accounts.models import User


def find_user(user_id: int) -> User | None:
    """The active user of this id."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def users_by_id(numbers: Iterable[int]) -> QuerySet[User]:
    """The users of these numbers."""
    return User.objects.filter(pk__in=set(numbers))


def find_demo_user(username: str) -> User | None:
    """The active demo user of this name; people who are not of the demo cast are never found."""
    return User.objects.filter(username=username, is_demo=True, is_active=True).first()


def demo_users() -> QuerySet[User]:
    """The demo cast in the order of the pack."""
    return User.objects.filter(is_demo=True, is_active=True).order_by("demo_order")


def find_by_username(username: str) -> User | None:
    """The active user of this name, of the cast or not."""
    return User.objects.filter(username=username, is_active=True).first()


def is_of_staff(user: User) -> bool:
    """Whether he signs in as staff do: only they have a first password or a second factor."""
    return user.must_change_password or user.totp_confirmed_at is not None


def enrolment_of(user: User) -> tuple[str, str]:
    """The address and the letters of a secret that is not confirmed yet, for the enrolment page only."""
    return second_factor.address_of(user), second_factor.secret_of(user)
