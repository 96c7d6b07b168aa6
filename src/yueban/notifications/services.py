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


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """One message to one user about one thing."""

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
    new = NewMessage(
        user_id=user_id, reference=reference, event=event, title=title, body=body, needs_action=needs_action
    )
    notify_many([new])


def notify_many(news: Iterable[NewMessage]) -> None:
    """Send many messages with one statement; none arrives twice."""
    now = clock.now()
    rows = [
        Message(
            user_id=new.user_id,
            reference_kind=new.reference.kind,
            reference_number=new.reference.number,
            event=new.event,
            title=new.title,
            body=new.body,
            needs_action=new.needs_action,
            sent_at=now,
        )
        for new in news
    ]
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)


def mark_read(*, actor: Actor, message_ids: list[int] | None = None) -> int:
    """Mark this actor's messages (all, or those named) as read; returns how many were unread."""
    if actor.user_id is None:
        return 0
    rows = Message.objects.filter(user_id=actor.user_id, read_at=None)
    if message_ids is not None:
        rows = rows.filter(pk__in=message_ids)
    return rows.update(read_at=clock.now())
