"""One question, one answer, without a language model: understand → retrieve → gate → compose."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from time import perf_counter
from typing import Final

import numpy as np

from yueban.assistant.answering import composing
from yueban.assistant.answering.answer import Answer
from yueban.assistant.answering.outlets import outlet_answer
from yueban.assistant.answering.rules import ANY, emergency_number
from yueban.assistant.answering.understanding import Memory, Understood, is_short, understand
from yueban.assistant.choices import Element, Why
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.language.elsewhere import named_in
from yueban.assistant.learning.weights import Weights
from yueban.assistant.retrieval.features import Scores, scores_of, subject_features
from yueban.assistant.retrieval.library import Library, county_of
from yueban.assistant.retrieval.pieces import aspects, piece_features, pieces_of
from yueban.assistant.retrieval.trust import Ranked, rank, signs_of

# Questions after money that may have run out read like those after one's own case.
OF_TIME: Final = frozenset({Why.PERSONAL_STATUS, Why.VERDICT})
OF_PLACE: Final = frozenset({Element.WHERE, Element.HOURS, Element.PHONE})

# What stands at the end of every answer about such a subject: what most people want to know next.
ALWAYS: Final = {
    "item": (Element.TIME, Element.FEE, Element.ONLINE),
    "offer": (Element.CLAUSE, Element.DEADLINE),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the gate stands; chosen on the development questions."""

    answerable: float = 0.45
    meant: float = 0.75
    doubt: float = 0.4
    beside: float = 3.5
    element: float = 0.05
    elements: int = 4
    most: int = 5


THRESHOLDS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, where, for whom and when."""

    text: str
    day: date
    place: str = ""
    audience: str = ""
    memory: Memory = field(default_factory=Memory)


def respond(library: Library, weights: Weights, question: Question, at: Thresholds = THRESHOLDS) -> Answer:
    """Answer one question from the library."""
    began = perf_counter()
    read = understand(
        library,
        weights,
        question.text,
        place=question.place,
        audience=question.audience,
        memory=question.memory,
    )
    understood = perf_counter()
    answer = _Responder(library, weights, at, question, read).answer()
    timing = {
        "understand": round((understood - began) * 1000, 2),
        "answer": round((perf_counter() - understood) * 1000, 2),
    }
    return replace(answer, index_number=library.number, timing_ms=timing)


@dataclass(frozen=True, slots=True)
class _Responder:
    """One question on its way; each method is a step."""

    library: Library
    weights: Weights
    at: Thresholds
    question: Question
    read: Understood

    def answer(self) -> Answer:
        """By rule, by the outlet it asks about, or by what is found."""
        read = self.read
        if read.why is not None and read.why not in OF_TIME:
            number = emergency_number(self.question.text) or ANY if read.why == Why.EMERGENCY else ""
            return composing.refuse(read.why, english=read.english, number=number)
        of_outlet = outlet_answer(self.library, self.question.text, read)
        if of_outlet is not None:
            return of_outlet
        scores = scores_of(self.library, self.weights.lens, read.asked)
        rows = subject_features(self.library, self.weights.lens, read.asked, scores, read.elements)
        ranked = rank(self.library, rows, self.weights.subject, read.place)
        if read.why is not None:
            return self._over(ranked) or composing.refuse(read.why, english=read.english)
        trust = self.weights.trust.of(signs_of(self.library, scores, ranked, read))
        found = zip(ranked.subjects[:5], ranked.chances, strict=False)
        units = tuple((subject, round(chance, 4)) for subject, chance in found)
        return replace(self._gate(ranked, *trust) or self._compose(ranked.subjects[0], scores), units=units)

    def _gate(self, ranked: Ranked, answerable: float, meant: float) -> Answer | None:
        """Why nothing may be said of what was found; None where it may."""
        subject = ranked.subjects[0]
        english, back = self.read.english, self.question.memory.asked_back
        if (over := self._over(ranked)) is not None:
            return over
        if answerable < self.at.answerable or self._is_elsewhere(subject):
            return composing.refuse(Why.UNKNOWN, english=english)
        if back != Why.TWO_READINGS and meant < self.at.meant:
            return self._two_readings(ranked.subjects[:2])
        if back != Why.PLACE and self._needs_place(subject):
            return self._which_place(subject)
        return None if self._held(subject) else composing.refuse(Why.UNKNOWN, english=english)

    def _is_elsewhere(self, subject: str) -> bool:
        """Whether it names a thing of which this subject says nothing, and no subject bears the name."""
        own = f"{self.question.text} {self.question.memory.question}" if is_short(self.question.text) else ""
        named = named_in(own or self.question.text)
        return any(not self.library.is_name(one) and not self.library.is_told(subject, one) for one in named)

    def _over(self, ranked: Ranked) -> Answer | None:
        """That the policy asked about has ended, where that is what it is."""
        if ranked.chances[0] < self.at.doubt:
            return None
        ended = self._ended(ranked.subjects[0])
        return composing.expired(ended, english=self.read.english) if ended else None

    def _ended(self, subject: str) -> list[Piece]:
        """The pieces of a subject of which nothing is in force any more."""
        day = self.question.day
        if self.library.is_in_force(subject, day):
            return []
        return [
            piece for piece in self.library.by_subject[subject] if piece.valid_to and not piece.holds_on(day)
        ]

    def _held(self, subject: str) -> list[Piece]:
        pieces = pieces_of(self.library, subject, self.read.place)
        return [piece for piece in pieces if piece.holds_on(self.question.day)]

    def _needs_place(self, subject: str) -> bool:
        """Whether what is asked differs from place to place and no place is known."""
        best = max(self.read.elements, key=lambda name: self.read.elements[name])
        if best not in OF_PLACE or county_of(self.read.place):
            return False
        return any(piece.element == best and piece.division for piece in self.library.by_subject[subject])

    def _compose(self, subject: str, scores: Scores) -> Answer:
        chosen = self._chosen(self._held(subject), scores)
        return composing.compose(chosen, self.library, english=self.read.english, place=self.read.place)

    def _chosen(self, pieces: Sequence[Piece], scores: Scores) -> list[Piece]:
        """The piece that answers, and those beside it that answer nearly as well or are of the element asked."""
        elements = self.read.elements
        asked_for = aspects(self.library, self.weights.element, self.weights.lens)
        totals = piece_features(self.library, scores, pieces, elements, asked_for) @ self.weights.piece
        ordered = [(pieces[int(one)], float(totals[int(one)])) for one in np.argsort(-totals, kind="stable")]
        likely = sorted(elements, key=lambda name: -elements[name])[: self.at.elements]
        wanted = [name for name in likely if elements[name] >= self.at.element]
        first, least = ordered[0][0], ordered[0][1] - self.at.beside
        of_element = [next((one for one, _ in ordered if one.element == name), None) for name in wanted]
        near = [one for one, total in ordered if total > least]
        chosen = list(dict.fromkeys(one for one in (first, *of_element, *near) if one is not None))[
            : self.at.most
        ]
        always = ALWAYS.get(first.subject.partition(":")[0], ())
        beside = (next((one for one, _ in ordered if one.element == name), None) for name in always)
        return list(dict.fromkeys([*chosen, *(one for one in beside if one is not None)]))

    def _two_readings(self, subjects: Sequence[str]) -> Answer:
        names = [self.library.by_subject[subject][0].name for subject in subjects]
        asked = f"您问的是“{names[0]}”，还是“{names[1]}”？"
        if self.read.english:
            asked = f"Do you mean “{names[0]}” or “{names[1]}”?"
        choices = [(name, f"{name}：{self.question.text}") for name in names]
        return composing.ask_back(Why.TWO_READINGS, asked, choices, english=self.read.english, subject="")

    def _which_place(self, subject: str) -> Answer:
        english = self.read.english
        asked = (
            "In which county or district?" if english else "您在哪个区、县（市）？各地的窗口和电话不一样。"
        )
        counties = self.library.places.counties if self.library.places else []
        choices = [(place.name, f"{place.name}：{self.question.text}") for place in counties]
        return composing.ask_back(Why.PLACE, asked, choices, english=english, subject=subject)
