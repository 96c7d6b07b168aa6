"""Conversations and their turns: begun, found again by who holds them, written once a click."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from yueban.assistant.answering.answer import Answer
from yueban.assistant.choices import Gate
from yueban.assistant.errors import ConversationNotFound
from yueban.assistant.models import Conversation, Turn
from yueban.kernel import clock
from yueban.kernel.actor import Actor

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Begun:
    """A new conversation; ``secret`` is told once, to the browser of somebody who is not signed in."""

    conversation: Conversation
    secret: str


def begin_conversation(*, actor: Actor, division_code: str, audience: str) -> Begun:
    """A conversation of this person, or of whoever holds its secret."""
    secret = "" if actor.is_signed_in else secrets.token_urlsafe(16)
    now = clock.now()
    conversation = Conversation.objects.create(
        number="ZX" + "".join(secrets.choice(ALPHABET) for _ in range(14)),
        secret_digest=_digest(secret) if secret else "",
        user_id=actor.user_id,
        channel=actor.channel,
        division_code=division_code,
        audience=audience,
        started_at=now,
        last_at=now,
    )
    return Begun(conversation, secret)


def get_conversation(*, actor: Actor, number: str, secret: str) -> Conversation:
    """The actor's own conversation, or the one whose secret is held; raises ConversationNotFound."""
    found = Conversation.objects.filter(number=number).first()
    if found is None or not _holds(actor, found, secret):
        raise ConversationNotFound("没有找到这次咨询。", hint="它可能已经结束，请重新提问。")
    return found


def _holds(actor: Actor, conversation: Conversation, secret: str) -> bool:
    if conversation.user_id is not None:
        return conversation.user_id == actor.user_id
    return bool(secret) and hmac.compare_digest(conversation.secret_digest, _digest(secret))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_turn(*, conversation: Conversation, click: str) -> Turn | None:
    """The turn that this click has made already."""
    return Turn.objects.filter(conversation=conversation, click=click).first()


@transaction.atomic
def record_turn(
    *,
    conversation: Conversation,
    click: str,
    question: str,
    answer: Answer,
    memory: dict[str, Any],
    is_miss: bool,
    took_ms: int,
) -> Turn:
    """Write a masked question with its answer; the same click again gives the turn that stands."""
    held = Conversation.objects.select_for_update().get(pk=conversation.pk)
    known = find_turn(conversation=held, click=click)
    if known is not None:
        return known
    now = clock.now()
    turn = Turn.objects.create(
        conversation=held,
        number=held.turns.count() + 1,
        click=click,
        question=question,
        gate=answer.gate,
        why=answer.why or "",
        answer=answer.stored(),
        subject=answer.subject,
        index_number=answer.index_number,
        model_name=answer.model,
        took_ms=took_ms,
        asked_at=now,
    )
    held.memory = memory
    held.misses = held.misses + 1 if is_miss else 0
    held.last_at = now
    if answer.place:
        held.division_code = answer.place
    held.save(update_fields=["memory", "misses", "last_at", "division_code"])
    return turn


def note_ticket(*, conversation: Conversation, ticket: str) -> None:
    """The conversation has gone to a person."""
    Conversation.objects.filter(pk=conversation.pk).update(
        ticket_number=ticket, last_at=clock.now(), misses=0
    )


def turns_of(conversation: Conversation) -> list[Turn]:
    """Its turns in order; one query."""
    return list(conversation.turns.order_by("number"))


def get_turn(*, conversation: Conversation, number: int) -> Turn:
    """One of its turns; raises ConversationNotFound."""
    found = conversation.turns.filter(number=number).first()
    if found is None:
        raise ConversationNotFound("没有找到这一条回答。", hint="请刷新页面再试。")
    return found


def answer_of(turn: Turn) -> Answer:
    """The answer as it was given."""
    return Answer.of(turn.answer)


def is_miss(answer: Answer) -> bool:
    """Whether the person did not get what was asked for, for want of knowledge."""
    return answer.gate == Gate.REFUSE and answer.why in {"unknown", "conflict", "empty"}
