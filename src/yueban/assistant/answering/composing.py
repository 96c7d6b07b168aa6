"""From pieces to an answer: their sentences as they stand, each with its citation, and what one can do next."""

import re
from collections.abc import Sequence
from typing import Final

from yueban.assistant.answering.answer import Action, Answer, Citation, Sentence
from yueban.assistant.answering.rules import ANY
from yueban.assistant.answering.words import BACK, EMERGENCIES, gate_of, said
from yueban.assistant.choices import Element, Gate, Why
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.retrieval.library import Library

EMERGENCY_NUMBERS: Final = ("119", "120", "110")
MOST_SENTENCES: Final = 4
ENDS: Final = re.compile(r"(?<=[。！？])(?=.)")
OPENS: Final = {"item": "open_item", "offer": "open_offer", "policy": "open_policy", "bundle": "open_bundle"}
PERSON: Final = Action("person", "转人工")
PERSON_EN: Final = Action("person", "Ask a person")


def compose(pieces: Sequence[Piece], library: Library, *, english: bool, place: str) -> Answer:
    """The answer that these pieces of one subject give, the first of them first."""
    first = pieces[0]
    sentences = [Sentence(_lead(first, library, english=english))]
    citations = []
    told: set[str] = set()
    for number, piece in enumerate(pieces):
        citations.append(_citation(piece))
        if english:
            sentences += [Sentence(f"{one} ", number) for one in piece.sentences_en]
        for text in piece.sentences[:MOST_SENTENCES]:
            if text not in told:
                told.add(text)
                sentences.append(Sentence(text, number))
    return Answer(
        gate=Gate.ANSWER,
        sentences=tuple(sentences),
        citations=tuple(citations),
        actions=_actions(first, english=english),
        subject=first.subject,
        element=first.element,
        place=place,
        place_name=library.places.name_of(place) if library.places else "",
        language="en" if english else "zh",
    )


def _lead(piece: Piece, library: Library, *, english: bool) -> str:
    where = library.places.name_of(piece.division) if piece.division and library.places else ""
    if english:
        name = piece.name_en or piece.name
        return f"{name}{f' ({where})' if where else ''}: "
    return f"“{piece.name}”{f'（{where}）' if where else ''}："


def _citation(piece: Piece) -> Citation:
    kind, _, key = piece.subject.partition(":")
    anchor = piece.part if piece.element in {Element.CLAUSE, Element.ANSWER} else str(piece.element)
    if piece.element == Element.ANSWER:
        kind, key = "answer", piece.part
    return Citation(
        unit=piece.key,
        title=piece.title,
        version=piece.version,
        quote=piece.text,
        effective_on=piece.valid_from or None,
        source=(kind, key, anchor),
    )


def _actions(piece: Piece, *, english: bool) -> tuple[Action, ...]:
    kind, _, key = piece.subject.partition(":")
    found = []
    if kind in OPENS:
        found.append(Action(OPENS[kind], "Open the guide" if english else "看完整指南", key))
    if kind in {"item", "bundle"}:
        found.append(Action(f"start_{kind}", "Start now" if english else "现在就办", key))
        found.append(Action("near", "Nearest open place" if english else "离我最近的网点", key))
    return (*found, PERSON_EN if english else PERSON)


def refuse(why: Why, *, english: bool, number: str = "") -> Answer:
    """Nothing of the matter; why, and whom to ask."""
    text = EMERGENCIES[number][1 if english else 0] if number else said(why, english=english)
    actions = [PERSON_EN if english else PERSON]
    if why == Why.PERSONAL_STATUS:
        actions.insert(0, Action("sign_in", "Sign in" if english else "登录看我的办件"))
    if number:
        numbers = EMERGENCY_NUMBERS if number == ANY else (number,)
        actions[:0] = [Action("call", f"{'Call ' if english else '打'}{one}", one) for one in numbers]
    else:
        actions.append(Action("call", "12345", "12345"))
    return Answer(
        gate=gate_of(why),
        why=why,
        sentences=(Sentence(text),),
        actions=tuple(actions),
        language="en" if english else "zh",
    )


def expired(pieces: Sequence[Piece], *, english: bool) -> Answer:
    """A policy that has ended: that it has, and when; nothing of what it gave."""
    first = pieces[0]
    name, day = first.name, first.valid_to
    # The end stands apart from the name, so that it alone is what the citation holds.
    lead, end = f"“{name}”已经结束。", f"依据的政策已失效，执行到{day}为止。"
    then = "现在不能再申请。要问接下来的政策，请转人工。"
    if english:
        lead, end = f"“{first.name_en or name}” has ended. ", f"The policy expired on {day} (已失效). "
        then = "It can no longer be applied for."
    quoted = next((piece for piece in pieces if piece.element == Element.DEADLINE), first)
    return Answer(
        gate=Gate.REFUSE,
        why=Why.EXPIRED,
        sentences=(Sentence(lead), Sentence(end, 0), Sentence(then)),
        citations=(_citation(quoted),),
        actions=(PERSON_EN if english else PERSON,),
        subject=first.subject,
        language="en" if english else "zh",
    )


def ask_back(
    why: Why, question: str, choices: Sequence[tuple[str, str]], *, english: bool, subject: str
) -> Answer:
    """One question back, with what may be chosen."""
    assert why in BACK
    return Answer(
        gate=Gate.CLARIFY,
        why=why,
        sentences=(Sentence(question),),
        choices=tuple(choices),
        actions=(PERSON_EN if english else PERSON,),
        subject=subject,
        language="en" if english else "zh",
    )
