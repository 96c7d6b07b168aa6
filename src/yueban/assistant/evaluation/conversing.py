"""A row of a question set asked as it would be: its earlier turns first, so that the conversation remembers."""

from datetime import date
from typing import Any

from yueban.assistant.answering.answer import Answer
from yueban.assistant.answering.responding import Question, respond
from yueban.assistant.answering.understanding import Memory, remembered
from yueban.assistant.learning.weights import Weights
from yueban.assistant.retrieval.library import Library


def answer_of_row(library: Library, weights: Weights, row: dict[str, Any]) -> Answer:
    """The answer to the row's question after its turns."""
    memory, answer = Memory(), None
    for text in (*row["turns"], row["question"]):
        question = Question(
            text=text,
            day=date.fromisoformat(row["date"]),
            place=row["place"] or "",
            audience=row["audience"] or "",
            memory=memory,
        )
        answer = respond(library, weights, question)
        memory = remembered(memory, text, answer)
    assert answer is not None  # there is always the question itself
    return answer
