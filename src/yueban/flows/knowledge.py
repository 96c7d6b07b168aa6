"""问答的维护: Q&A from a gap or from a ticket's answer, and all acts on them as one door for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.assistant import selectors as read
from yueban.assistant import services as assistant
from yueban.assistant.choices import GapState
from yueban.assistant.models import Feedback, Gap, QuestionAnswer, Term
from yueban.assistant.services import Wording as Wording
from yueban.audit import selectors as audit
from yueban.divisions import selectors as divisions
from yueban.flows import keep_knowledge
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.masking import mask_text
from yueban.kernel.reference import Reference
from yueban.tickets import selectors as tickets
from yueban.tickets import services as ticket_services
from yueban.tickets.choices import SAID
from yueban.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Places:
    """For whom and where the actor may write: kinds of departments with their names, divisions with theirs."""

    owners: tuple[tuple[str, str], ...]
    divisions: tuple[tuple[str, str], ...]


def places_of(actor: Actor) -> Places:
    """What the fields for department and place offer; raises NotAllowed for whoever keeps no Q&A."""
    reached = read.reaches(actor)
    if not reached:
        raise NotAllowed("问答由事项编辑维护。", hint="请用事项编辑的账号登录。")
    every = dict(agencies.kinds())
    kinds = every if any(not one.kind for one in reached) else {one.kind: every[one.kind] for one in reached}
    codes = {one.division for one in reached}
    names = divisions.full_names(codes)
    offered = [("", "全市")] if any(one.is_city_wide for one in reached) else []
    offered += sorted((code, names.get(code, code)) for code in codes)
    return Places(tuple(sorted(kinds.items(), key=lambda pair: pair[1])), tuple(offered))


@transaction.atomic
def write(actor: Actor, key: str, wording: Wording, *, gap: int | None = None) -> QuestionAnswer:
    """A draft; where it answers a gap, the gap is closed with it."""
    made = assistant.write_answer(key=key, wording=wording, actor=actor)
    if gap is not None:
        assistant.close_gap(pk=gap, state=GapState.WRITTEN, words=made.key, actor=actor)
    return made


@transaction.atomic
def write_and_hand_in(actor: Actor, key: str, wording: Wording, *, gap: int | None = None) -> QuestionAnswer:
    """The same, and at once to another person."""
    made = write(actor, key, wording, gap=gap)
    if made.state != "draft":
        return made
    return assistant.hand_in_answer(key=made.key, revision=made.revision, actor=actor)


@transaction.atomic
def adopt_answer(actor: Actor, ticket_number: str) -> QuestionAnswer:
    """采纳为问答: what was answered to a ticket waits as a Q&A for an editor; the second click is his.

    Whoever may answer the ticket may propose it. Where something is wanting it is a draft that says what.
    """
    ticket = tickets.get_ticket(actor, ticket_number)
    if ticket.became_question and (found := read.find_answer(ticket.became_question)) is not None:
        return found
    if not tickets.may_answer(actor, ticket):
        raise NotAllowed("答复由办理这张工单的部门采纳为问答。", hint="请由该部门的工作人员采纳。")
    if not ticket.answer:
        raise Invalid("这张工单还没有答复，不能采纳为问答。", hint="请先答复，再采纳。")
    key = f"ticket-{ticket.number.lower()}"[:60]
    made = assistant.propose_answer(key=key, wording=_wording_of(ticket), origin=ticket.number, actor=actor)
    ticket_services.mark_adopted(number=ticket.number, question_key=made.key, actor=actor)
    return made


def may_adopt(actor: Actor, ticket: Ticket) -> bool:
    """Whether 采纳为问答 is his to press: answered, not adopted yet, and his to answer."""
    return (
        ticket.state in SAID
        and not ticket.became_question
        and bool(ticket.answer)
        and tickets.may_answer(actor, ticket)
    )


def adopted_of(actor: Actor, ticket: Ticket) -> tuple[str, str] | None:
    """State and key of what came of the ticket's answer; the key is empty for who does not read it."""
    found = read.find_answer(ticket.became_question) if ticket.became_question else None
    if found is None:
        return None
    return str(found.get_state_display()), found.key if read.may_read_answer(actor, found) else ""


def _wording_of(ticket: Ticket) -> Wording:
    """The ticket's words, masked, for the department that answered and its place."""
    office = ticket.agency
    place = office.division.code if office is not None else ""
    return Wording(
        question=mask_text(ticket.question).strip()[:300],
        answer=mask_text(ticket.answer).strip()[:2000],
        owner=office.kind if office is not None else agencies.GOVERNMENT_SERVICES,
        sources=tuple(one for one in ticket.sources if read.source_fault(one) is None),
        division="" if len(divisions.ancestry(place)) == 1 else place,
    )


def prefilled(actor: Actor, gap: Gap) -> Wording:
    """What the form for a gap begins with."""
    reached = read.reaches(actor)
    asked = [str(one["text"]) for one in gap.questions]
    return Wording(
        question=gap.example,
        answer="",
        owner=reached[0].kind if reached else "",
        variants=tuple(dict.fromkeys(one for one in asked if one != gap.example)),
        division="" if not reached or reached[0].is_city_wide else reached[0].division,
    )


def dismiss(actor: Actor, gap: int, words: str) -> Gap:
    """No answer is needed, and why."""
    return assistant.close_gap(pk=gap, state=GapState.DISMISSED, words=words, actor=actor)


def to_do(actor: Actor) -> dict[str, int]:
    """What of the knowledge waits for this person; nothing is asked of the database for whoever keeps none."""
    if not read.is_reader(actor):
        return {}
    day: date = clock.today()
    unseen = read.feedback_found(actor, state="unseen").count()
    return read.waiting_count(actor, day) | {"gaps": read.gaps_found(actor).count(), "feedback": unseen}


def edit(actor: Actor, key: str, wording: Wording, revision: int | None) -> QuestionAnswer:
    """Write over it."""
    return assistant.edit_answer(key=key, wording=wording, revision=revision, actor=actor)


def hand_in(actor: Actor, key: str, revision: int | None) -> QuestionAnswer:
    """送复核."""
    return assistant.hand_in_answer(key=key, revision=revision, actor=actor)


def sign(actor: Actor, key: str, revision: int | None) -> QuestionAnswer:
    """复核通过, as another person."""
    keep_knowledge.ask_to_keep()
    return assistant.sign_answer(key=key, revision=revision, actor=actor)


def confirm(actor: Actor, key: str, revision: int | None) -> QuestionAnswer:
    """确认不变."""
    keep_knowledge.ask_to_keep()
    return assistant.confirm_answer(key=key, revision=revision, actor=actor)


def send_back(actor: Actor, key: str, words: str, revision: int | None) -> QuestionAnswer:
    """退回."""
    return assistant.send_back_answer(key=key, words=words, revision=revision, actor=actor)


def withdraw(actor: Actor, key: str, words: str, revision: int | None) -> QuestionAnswer:
    """撤下."""
    keep_knowledge.ask_to_keep()
    return assistant.withdraw_answer(key=key, words=words, revision=revision, actor=actor)


def add_term(actor: Actor, say: str, means: str, kind: str) -> Term:
    """A word of the lexicon."""
    return assistant.add_term(say=say, means=means, kind=kind, actor=actor)


def switch_term(actor: Actor, pk: int, *, is_used: bool) -> Term:
    """Out of use, or in use again."""
    return assistant.switch_term(pk=pk, is_used=is_used, actor=actor)


def see_feedback(actor: Actor, pk: int, outcome: str) -> Feedback:
    """Looked at, with what was done."""
    return assistant.see_feedback(pk=pk, outcome=outcome, actor=actor)


def history_of(found: QuestionAnswer) -> list[tuple[datetime, str, str, str]]:
    """When, what, who and which words, the newest first."""
    events = audit.events_of(Reference("answer", found.key))
    return [
        (event.at, ACTS.get(event.kind, event.kind), str(event.actor.get("name", "")), _words(event.data))
        for event in reversed(list(events))
    ]


def _words(data: Mapping[str, Any]) -> str:
    return str(data.get("words", ""))


ACTS = {
    "answer_written": "写下",
    "answer_edited": "修改",
    "answer_handed_in": "送复核",
    "answer_signed": "签发",
    "answer_confirmed": "确认不变",
    "answer_sent_back": "退回",
    "answer_withdrawn": "撤下",
    "answer_sources_changed": "依据有变化",
}
