"""Keeping people informed: messages read, and progress by number without signing in."""

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.kernel.actor import Actor
from yueban.notifications import selectors as notifications_read
from yueban.notifications import services as notifications
from yueban.vault import services as vault


@transaction.atomic
def mark_read(actor: Actor) -> int:
    """All the actor's messages are read; returns how many were unread."""
    return notifications.mark_read(actor=actor)


@transaction.atomic
def mark_reminders_read(actor: Actor) -> int:
    """What one is reminded of at the desk has been read; his own matters stay as they are."""
    shown = notifications_read.reminders(actor).values_list("pk", flat=True)
    return notifications.mark_read(actor=actor, message_ids=list(shown))


@transaction.atomic
def look_up_progress(number: str, phone_tail: str, *, address: str = "") -> Case | None:
    """The case of this number and contact phone; None for every failure alike.

    A failure counts against the number (five an hour) and against the address it came from (sixty an hour).
    """
    number, asker = number.strip(), _asker(address)
    if asker:
        cases.lock_progress(number=asker)
        if not cases_read.may_ask_progress(asker):
            return None
    cases.lock_progress(number=number)
    found = cases_read.find_progress(number, phone_tail) if cases_read.may_try_progress(number) else None
    if found is None:
        for counted in (number, asker):
            if counted:
                cases.record_progress_failure(number=counted)
    return found


def _asker(address: str) -> str:
    """The address as it is counted: a keyed digest, so that the table tells no addresses."""
    if not address:
        return ""
    return "from:" + vault.blind_index(address, purpose="progress.address").hex()[:32]
