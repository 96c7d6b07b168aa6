"""Reads of Q&A and of the lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yueban.assistant.choices import AnswerState
from yueban.assistant.editing.rights import answers_visible_to
from yueban.assistant.errors import AnswerNotFound
from yueban.assistant.models import QuestionAnswer, Term
from yueban.kernel.actor import Actor

DUE = "due"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of Q&A is narrowed to; empty = not narrowed."""

    text: str = ""
    state: str = ""
    owner: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.state or self.owner)


def approved_answers() -> list[QuestionAnswer]:
    """Every Q&A in use, by key: what may be told to people."""
    return list(QuestionAnswer.objects.filter(state=AnswerState.APPROVED).order_by("key"))


def terms() -> list[Term]:
    """The words of the lexicon that are in use, the longest first."""
    return sorted(Term.objects.filter(is_used=True), key=lambda term: (-len(term.say), term.say))


def all_terms(text: str = "", kind: str = "") -> QuerySet[Term]:
    """The whole lexicon for its keepers."""
    rows = Term.objects.order_by("-written_at", "say")
    if text:
        rows = rows.filter(Q(say__icontains=text) | Q(means__icontains=text))
    return rows.filter(kind=kind) if kind else rows


def answers_found(actor: Actor, filters: Filters, on: date) -> QuerySet[QuestionAnswer]:
    """The Q&A of the actor's list: what waits for somebody first, then the last written."""
    rows = answers_visible_to(actor)
    if filters.text:
        rows = rows.filter(
            Q(question__icontains=filters.text)
            | Q(answer__icontains=filters.text)
            | Q(key__icontains=filters.text)
            | Q(sources__icontains=filters.text)
        )
    if filters.state == DUE:
        rows = rows.filter(state=AnswerState.APPROVED, review_on__lte=on)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.owner:
        rows = rows.filter(owner=filters.owner)
    return rows.order_by("-written_at", "key")


def get_answer(actor: Actor, key: str) -> QuestionAnswer:
    """One Q&A of the actor's list; raises AnswerNotFound for what does not exist or is not his to see."""
    found = answers_visible_to(actor).filter(key=key).first()
    if found is None:
        raise AnswerNotFound("没有这条问答。", hint="它可能由别的部门维护；请从问答列表中重新选择。")
    return found


def find_answer(key: str) -> QuestionAnswer | None:
    """A Q&A by its key."""
    return QuestionAnswer.objects.filter(key=key).first()


def owners_of(actor: Actor) -> list[str]:
    """The kinds of departments that own Q&A of the actor's list."""
    return sorted(answers_visible_to(actor).order_by().values_list("owner", flat=True).distinct())


def waiting_count(actor: Actor, on: date) -> dict[str, int]:
    """What of the Q&A is to be done: to sign as another than the author, to look at again, due for review."""
    rows = answers_visible_to(actor)
    return {
        "to_sign": rows.filter(state=AnswerState.WAITING).exclude(author_id=actor.user_id).count(),
        "changed": rows.filter(state=AnswerState.REVIEW).count(),
        "due": rows.filter(state=AnswerState.APPROVED, review_on__lte=on).count(),
    }
