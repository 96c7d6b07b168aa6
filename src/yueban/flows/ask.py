"""咨询: one question in, one cited answer out; kept with its conversation; to a person whenever one is wanted.

The question is masked before anything else sees it. What is answered comes from the library alone, in a language
model's words where there is one; own matters are told only to who is signed in, only where they stand, and never to
a model.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Any, Final

from yueban.accounts import walls
from yueban.assistant import selectors as assistant
from yueban.assistant import services as consultation
from yueban.assistant.choices import Gate, Why
from yueban.assistant.errors import QuestionRefused
from yueban.assistant.models import Conversation, Turn
from yueban.assistant.selectors import Answer, Memory, Sentence
from yueban.divisions import selectors as divisions
from yueban.flows import keep_knowledge, own_matters
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.tickets import services as tickets

LONGEST: Final = 500
MISSES: Final = 2
# What a turn shows where somebody tapped for a person instead of asking.
WISH: Final = "转人工"


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn as it is shown. ``secret`` is given once, with the first turn of a person who is not signed in."""

    conversation: str
    turn: int
    question: str
    answer: Answer
    secret: str = ""
    ticket: str = ""


def ask(
    actor: Actor,
    question: str,
    *,
    click: str,
    conversation: str | None = None,
    secret: str = "",
    division: str | None = None,
    audience: str | None = None,
    language: str = "zh",
    context: str = "",
) -> Asked:
    """Answer one question; the same ``click`` again gives the same turn. Raises QuestionRefused.

    ``context`` is the subject of the page it is asked from (``item:KEY``); ``division`` is where the person is.
    """
    steps = asking(
        actor,
        question,
        click=click,
        conversation=conversation,
        secret=secret,
        division=division,
        audience=audience,
        language=language,
        context=context,
    )
    return assistant.finished(steps)


def asking(
    actor: Actor,
    question: str,
    *,
    click: str,
    conversation: str | None = None,
    secret: str = "",
    division: str | None = None,
    audience: str | None = None,
    language: str = "zh",
    context: str = "",
) -> Generator[Sentence, None, Asked]:
    """The same step by step: the sentences as a model says them, each checked; none where nothing is said by one."""
    _check_length(question)
    held, secret = _conversation(actor, conversation, secret, division, audience)
    if known := consultation.find_turn(conversation=held, click=click):
        return _shown(held, known, secret)
    began = perf_counter()
    masked = consultation.masked(question)
    memory = Memory.of(held.memory)
    if context and not memory.subject:
        memory = replace(memory, subject=context)
    answer = assistant.answer_to(
        masked, place=held.division_code, audience=held.audience, memory=memory, on=clock.today()
    )
    keep_knowledge.mend()
    answer = yield from consultation.in_own_words(question_masked=masked, answer=answer)
    answer = _own_matters(actor, answer)
    is_miss = consultation.is_miss(answer)
    if is_miss and held.misses + 1 >= MISSES:
        answer = replace(
            answer, gate=Gate.PERSON, why=Why.MISSES, sentences=assistant.words_of(Why.MISSES, language)
        )
    turn = consultation.record_turn(
        conversation=held,
        click=click,
        question=masked,
        answer=answer,
        memory=asdict(assistant.remembered(memory, masked, answer)),
        is_miss=is_miss,
        took_ms=round((perf_counter() - began) * 1000),
    )
    if is_miss:
        consultation.note_gap(question_masked=masked, division=held.division_code, turn=turn)
    if answer.gate == Gate.PERSON:
        return _handed_over(actor, held, turn, secret)
    return _shown(held, turn, secret)


def conversation_of(actor: Actor, number: str, secret: str) -> list[Asked]:
    """Everything said in a conversation, to whom it belongs; raises ConversationNotFound."""
    held = consultation.get_conversation(actor=actor, number=number, secret=secret)
    return [_shown(held, turn, secret) for turn in consultation.turns_of(held)]


def to_person(actor: Actor, conversation: str, secret: str, *, phone: str = "", click: str) -> Asked:
    """转人工, at any time and before any question too: a ticket with all that was said and the draft of an answer."""
    held, secret = _conversation(actor, conversation, secret, None, None)
    turn = consultation.find_turn(conversation=held, click=click) or consultation.record_turn(
        conversation=held,
        click=click,
        question=WISH,
        answer=assistant.refusal_of(Why.ASKS_PERSON),
        memory=held.memory,
        is_miss=False,
        took_ms=0,
    )
    return _handed_over(actor, held, turn, secret, phone=phone)


def _handed_over(actor: Actor, held: Conversation, turn: Turn, secret: str, *, phone: str = "") -> Asked:
    turns = consultation.turns_of(held)
    with walls.platform():
        opened = _open_ticket(actor, held, turns, secret, phone)
    consultation.note_ticket(conversation=held, ticket=opened.number)
    held.ticket_number = opened.number
    return _shown(held, turn, secret)


def _open_ticket(
    actor: Actor, held: Conversation, turns: list[Turn], secret: str, phone: str
) -> tickets.OpenedTicket:
    last = turns[-1]
    return tickets.open_ticket(
        # A secret of the asker's, as whoever repeats it is given the ticket's code again.
        idempotency_key=f"{held.number}-{last.number}-{secret}"[:100],
        kind="consultation",
        subject=Reference("conversation", held.number),
        division_code=held.division_code or _city(),
        agency_kind=None,
        asker=actor,
        contact_phone=phone,
        question=last.question,
        transcript=[line for turn in turns for line in _lines(turn)],
        draft=_draft(turns),
        citations=_citations(turns),
        is_urgent=last.why == Why.DISTRESS,
    )


def rate_answer(
    actor: Actor, conversation: str, secret: str, turn: int, *, kind: str, words: str = ""
) -> None:
    """有用、没用、有错: what the person thought of an answer; the last word counts."""
    held = consultation.get_conversation(actor=actor, number=conversation, secret=secret)
    found = consultation.get_turn(conversation=held, number=turn)
    consultation.give_feedback(turn=found, kind=kind, words=consultation.masked(words))


def _check_length(question: str) -> None:
    if not question.strip():
        raise QuestionRefused("没有看到问题。", hint="请写一句您想问的，比如“高龄津贴怎么领”。")
    if len(question) > LONGEST:
        raise QuestionRefused(
            f"问题太长（{len(question)}字），最多{LONGEST}字。", hint="请分成几句，一次问一件事。"
        )


def _conversation(
    actor: Actor, number: str | None, secret: str, division: str | None, audience: str | None
) -> tuple[Conversation, str]:
    if number:
        return consultation.get_conversation(actor=actor, number=number, secret=secret), secret
    begun = consultation.begin_conversation(
        actor=actor, division_code=division or "", audience=audience or ""
    )
    return begun.conversation, begun.secret


def _own_matters(actor: Actor, answer: Answer) -> Answer:
    """Where one's own cases stand, to who is signed in: their numbers, names and states, nothing else."""
    if answer.why != Why.PERSONAL_STATUS or not actor.is_signed_in:
        return answer
    return own_matters.told(actor, answer)


def _shown(held: Conversation, turn: Turn, secret: str) -> Asked:
    """The ticket stands with the turns that handed over, and with no answer before."""
    ticket = held.ticket_number if turn.gate == Gate.PERSON else ""
    return Asked(held.number, turn.number, turn.question, consultation.answer_of(turn), secret, ticket)


def _lines(turn: Turn) -> list[dict[str, Any]]:
    answer = consultation.answer_of(turn)
    return [{"role": "asker", "text": turn.question}, {"role": "assistant", "text": answer.text}]


def _draft(turns: list[Turn]) -> str:
    for turn in reversed(turns):
        answer = consultation.answer_of(turn)
        if answer.gate == Gate.ANSWER:
            return answer.text
    return ""


def _citations(turns: list[Turn]) -> list[dict[str, Any]]:
    for turn in reversed(turns):
        if turn.gate == Gate.ANSWER:
            return [
                {"text": one.quote, "title": one.title, "source": one.unit}
                for one in consultation.answer_of(turn).citations
            ]
    return []


def _city() -> str:
    city = divisions.find_city()
    assert city is not None  # every instance has its city
    return city.code
