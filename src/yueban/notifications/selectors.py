"""Reads of messages."""

from django.db.models import QuerySet

from yueban.kernel.actor import Actor
from yueban.notifications.models import Message


def messages_visible_to(actor: Actor) -> QuerySet[Message]:
    """A person's own messages, newest first; nobody else's."""
    if actor.user_id is None:
        return Message.objects.none()
    return Message.objects.filter(user_id=actor.user_id).order_by("-sent_at", "-pk")


def unread_count(actor: Actor) -> int:
    """How many messages wait to be read."""
    return messages_visible_to(actor).filter(read_at=None).count()


def reminders(actor: Actor) -> QuerySet[Message]:
    """What this person is reminded of and has not read, the newest first."""
    return messages_visible_to(actor).filter(read_at=None, event__startswith="remind-")
