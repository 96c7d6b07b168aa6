"""What people thought of answers, and that somebody looked at it within a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from yueban.assistant.choices import FeedbackKind
from yueban.assistant.editing.rights import feedback_visible_to
from yueban.assistant.errors import AnswerConflict
from yueban.assistant.models import Feedback, Turn
from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotFound
from yueban.kernel.masking import mask_text
from yueban.kernel.reference import Reference

WITHIN: Final = timedelta(hours=24)
SOON: Final = timedelta(hours=4)
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Light:
    """How long there is still; ``light`` as of clocks: green, yellow, red, closed."""

    light: str
    label: str


@transaction.atomic
def give_feedback(*, turn: Turn, kind: str, words: str = "") -> Feedback:
    """Keep it, masked; another click of the same person takes the first one's place until somebody has seen it."""
    if kind not in FeedbackKind.values:
        raise Invalid.of_fields({"kind": "请选择有用、没用或有错。"})
    text = mask_text(words.strip())[:LONGEST]
    fields = {"kind": kind, "words": text, "given_at": clock.now()}
    found, is_new = Feedback.objects.select_for_update().get_or_create(turn=turn, defaults=fields)
    if is_new or found.seen_at is not None or (found.kind, found.words) == (kind, text):
        return found
    found.kind, found.words = FeedbackKind(kind), text
    found.save(update_fields=["kind", "words"])
    return found


def light_of(feedback: Feedback) -> Light:
    """Seen, or how much of the day is left."""
    if feedback.seen_at is not None:
        return Light("closed", "已看")
    left = feedback.given_at + WITHIN - clock.now()
    if left < timedelta(0):
        return Light("red", "超过24小时")
    hours = int(left.total_seconds() // 3600)
    return Light("yellow" if left <= SOON else "green", f"还有{hours}小时" if hours else "不到1小时")


def feedback_found(actor: Actor, *, kind: str = "", state: str = "") -> QuerySet[Feedback]:
    """The actor's queue: what nobody has seen first, the oldest of it first."""
    rows = feedback_visible_to(actor)
    rows = rows.filter(kind=kind) if kind else rows.exclude(kind=FeedbackKind.HELPFUL)
    if state == "seen":
        return rows.filter(seen_at__isnull=False).order_by("-seen_at", "pk")
    if state == "unseen":
        rows = rows.filter(seen_at__isnull=True)
    return rows.order_by("-seen_at", "given_at", "pk")


def get_feedback(actor: Actor, pk: int) -> Feedback:
    """One of his queue; raises NotFound."""
    found = feedback_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这条反馈。", hint="请从反馈列表中重新选择。")
    return found


@transaction.atomic
def see_feedback(*, pk: int, outcome: str, actor: Actor) -> Feedback:
    """Looked at, with what was done about it; whoever is second is told who was first."""
    get_feedback(actor, pk)
    found = Feedback.objects.select_for_update().get(pk=pk)
    outcome = outcome.strip()[:300]
    if not outcome:
        raise Invalid.of_fields({"outcome": "请写明怎么处理的。"})
    if (found.seen_by_name, found.outcome) == (actor.name, outcome):
        return found
    if found.seen_at is not None:
        raise AnswerConflict(f"{found.seen_by_name}已经处理过这条反馈。", hint="请刷新页面看处理结果。")
    found.seen_by_name, found.seen_at, found.outcome = actor.name, clock.now(), outcome
    found.save(update_fields=["seen_by_name", "seen_at", "outcome"])
    data = {"kind": found.kind, "outcome": outcome}
    audit.record(Reference("feedback", str(pk)), "feedback_seen", actor=actor, data=data)
    return found
