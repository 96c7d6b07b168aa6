"""The door of the answer: the library of this process, or, while there is none, an honest no."""

from datetime import date

from yueban.assistant.answering import composing
from yueban.assistant.answering.answer import Answer, Sentence
from yueban.assistant.answering.responding import Question, respond
from yueban.assistant.answering.understanding import Memory
from yueban.assistant.answering.words import said
from yueban.assistant.choices import Why
from yueban.assistant.language.normal import is_english
from yueban.assistant.shelf import shelf


def answer_to(text: str, *, place: str, audience: str, memory: Memory, on: date) -> Answer:
    """Answer a masked question from what is published."""
    held = shelf()
    if held is None:
        return composing.refuse(Why.UNKNOWN, english=is_english(text))
    return respond(held.library, held.weights, Question(text, on, place, audience, memory))


def words_of(why: Why, language: str) -> tuple[Sentence, ...]:
    """What is said for a reason, in the language of the conversation."""
    return (Sentence(said(why, english=language == "en")),)


def refusal_of(why: Why, language: str = "zh") -> Answer:
    """What is said instead of an answer."""
    return composing.refuse(why, english=language == "en")
