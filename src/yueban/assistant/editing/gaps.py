"""Questions that found no answer: like ones together, and what becomes of them."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from yueban.assistant.choices import AnswerState, GapState
from yueban.assistant.editing.likeness import LIKE, likeness, pairs, signature
from yueban.assistant.editing.rights import gaps_visible_to, reaches
from yueban.assistant.errors import AnswerConflict
from yueban.assistant.models import Gap, QuestionAnswer, Turn
from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.masking import mask_text
from yueban.kernel.reference import Reference

# Among how many gaps, the last asked first, a like one is looked for; how many questions of one are kept.
COMPARED: Final = 1000
KEPT: Final = 20
LONGEST: Final = 300


@transaction.atomic
def note_gap(*, question_masked: str, division: str, turn: Turn | None = None) -> Gap | None:
    """Keep an unanswered question with those like it; the same turn counts once, a question of no letters not."""
    question = mask_text(question_masked).strip()[:LONGEST]
    if not pairs(question):
        return None
    entry = {"text": question, "turn": f"{turn.conversation_id}:{turn.number}" if turn is not None else ""}
    found = _nearest(question, division)
    if found is None:
        now = clock.now()
        first = {"example": question, "division_code": division, "first_at": now, "last_at": now}
        made, is_new = Gap.objects.get_or_create(
            signature=signature(question, division), defaults=first | {"questions": [entry]}
        )
        if is_new:
            return made
        found = made.pk
    return _count(Gap.objects.select_for_update().get(pk=found), entry)


def _nearest(question: str, division: str) -> int | None:
    """The gap most like the question, in one query; the same words always find theirs."""
    mine, exact = pairs(question), signature(question, division)
    rows = Gap.objects.filter(division_code=division).order_by("-last_at")
    best, score = None, LIKE
    same = Gap.objects.filter(signature=exact).values_list("pk", flat=True).first()
    if same is not None:
        return same
    for pk, example, questions in rows.values_list("pk", "example", "questions")[:COMPARED]:
        texts = {example, *(one["text"] for one in questions)}
        found = max(likeness(mine, pairs(text)) for text in texts)
        if found >= score:
            best, score = pk, found + 1e-9
    return best


def _count(gap: Gap, entry: dict[str, Any]) -> Gap:
    if entry["turn"] and any(one["turn"] == entry["turn"] for one in gap.questions):
        return gap
    texts = [one for one in gap.questions if one["text"] != entry["text"]]
    gap.questions = [*texts, entry][-KEPT:]
    gap.times += 1
    gap.last_at = clock.now()
    if gap.state == GapState.WRITTEN and _is_answered(gap):
        # Its Q&A is in use and the question found it not: somebody has to look again.
        gap.state = GapState.OPEN
    gap.save(update_fields=["questions", "times", "last_at", "state"])
    return gap


def _is_answered(gap: Gap) -> bool:
    return QuestionAnswer.objects.filter(key=gap.words, state=AnswerState.APPROVED).exists()


def gaps_found(actor: Actor, *, text: str = "", state: str = GapState.OPEN) -> QuerySet[Gap]:
    """The actor's list, the most asked first."""
    rows = gaps_visible_to(actor)
    if text:
        rows = rows.filter(Q(example__icontains=text) | Q(questions__icontains=text))
    return (rows.filter(state=state) if state else rows).order_by("-times", "-last_at", "pk")


def get_gap(actor: Actor, pk: int) -> Gap:
    """One gap of his list; raises NotFound."""
    found = gaps_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这个待补的问题。", hint="请从待补问题列表中重新选择。")
    return found


@transaction.atomic
def close_gap(*, pk: int, state: GapState, words: str, actor: Actor) -> Gap:
    """Written with the key of its Q&A, or dismissed with why none is needed; the same again changes nothing."""
    get_gap(actor, pk)
    if not reaches(actor):
        raise NotAllowed("待补的问题由事项编辑处理。", hint="请用事项编辑的账号登录。")
    gap = Gap.objects.select_for_update().get(pk=pk)
    words = words.strip()[:LONGEST]
    if not words:
        raise Invalid.of_fields({"words": "请写明为什么不需要回答。"})
    if (gap.state, gap.words) == (state, words):
        return gap
    if gap.state != GapState.OPEN:
        raise AnswerConflict(
            f"这个问题现在是“{gap.get_state_display()}”。", hint="可能刚刚有人处理过，请刷新页面。"
        )
    gap.state, gap.words = state, words
    gap.save(update_fields=["state", "words"])
    data = {"example": gap.example, "state": state, "words": words}
    audit.record(
        Reference("gap", str(gap.pk)), "gap_closed", actor=actor, data=data, division=gap.division_code
    )
    return gap
