"""Keeping people informed: messages read, and progress by number without signing in."""

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.kernel.actor import Actor
from yueban.notifications import services as notifications


@transaction.atomic
def mark_read(actor: Actor) -> int:
    """All the actor's messages are read; returns how many were unread."""
    return notifications.mark_read(actor=actor)


@transaction.atomic
def look_up_progress(number: str, phone_tail: str) -> Case | None:
    """The case of this number and contact phone; a failure counts against the number (five an hour)."""
    number = number.strip()
    cases.lock_progress(number=number)
    if not cases_read.may_try_progress(number):
        return None
    found = cases_read.find_progress(number, phone_tail)
    if found is None:
        cases.record_progress_failure(number=number)
    return found
