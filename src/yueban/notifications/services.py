"""Writes of messages; the words to applicants stand in flows/message_texts.py."""

from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message


def notify(
    *, user_id: int, reference: Reference, event: str, title: str, body: str, needs_action: bool = False
) -> None:
    """Send one message; the same event of the same thing never arrives twice."""
    Message.objects.bulk_create(
        [
            Message(
                user_id=user_id,
                reference_kind=reference.kind,
                reference_number=reference.number,
                event=event,
                title=title,
                body=body,
                needs_action=needs_action,
                sent_at=clock.now(),
            )
        ],
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
