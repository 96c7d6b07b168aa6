"""Writes of messages; the words to applicants stand in flows/message_texts.py."""

from collections.abc import Iterable
from dataclasses import dataclass

from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message


@dataclass(frozen=True, slots=True)
class Note:
    """One message to one person, about what."""

    user_id: int
    reference: Reference
    event: str
    title: str
    body: str
    needs_action: bool = False


def notify(
    *, user_id: int, reference: Reference, event: str, title: str, body: str, needs_action: bool = False
) -> None:
    """Send one message; the same event of the same thing never arrives twice."""
    notify_many([Note(user_id, reference, event, title, body, needs_action)])


def notify_many(notes: Iterable[Note]) -> None:
    """Send many messages in as few statements; the same event of the same thing never arrives twice."""
    Message.objects.bulk_create(
        (
            Message(
                user_id=note.user_id,
                reference_kind=note.reference.kind,
                reference_number=note.reference.number,
                event=note.event,
                title=note.title,
                body=note.body,
                needs_action=note.needs_action,
                sent_at=clock.now(),
            )
            for note in notes
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def mark_read(*, actor: Actor, message_ids: list[int] | None = None) -> int:
    """Mark this actor's messages (all, or those named) as read; returns how many were unread."""
    if actor.user_id is None:
        return 0
    rows = Message.objects.filter(user_id=actor.user_id, read_at=None)
    if message_ids is not None:
        rows = rows.filter(pk__in=message_ids)
    return rows.update(read_at=clock.now())
