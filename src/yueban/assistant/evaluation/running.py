"""A set of questions asked one after another, as the people of the set would, and each answer graded."""

import json
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any

from yueban.assistant.answering.answer import Answer
from yueban.assistant.checking.facts import unsupported
from yueban.assistant.evaluation.conversing import answer_of_row
from yueban.assistant.evaluation.scoring import Graded, grade
from yueban.assistant.shelf import Shelf

Speak = Callable[[str, Answer], Answer]
"""A question and its answer in; the answer in other words out."""


def as_it_is(_question: str, answer: Answer) -> Answer:
    """Nobody says it in other words."""
    return answer


def graded_rows(shelf: Shelf, rows: Iterable[dict[str, Any]], speak: Speak = as_it_is) -> Iterator[Graded]:
    """Each row answered from the shelf, said as ``speak`` does and graded, with the time its answer took."""
    for row in rows:
        began = perf_counter()
        answer = speak(row["question"], answer_of_row(shelf.library, shelf.weights, row))
        yield grade(row, answer, (perf_counter() - began) * 1000, unsupported)


def failure_line(one: Graded) -> str:
    """What an answer that is not right looked like: one line of JSON, for whoever mends it."""
    told = {
        "id": one.row["id"],
        "question": one.row["question"],
        "expect": one.row["expect"],
        "why": one.row["why"],
        "about": one.row["about"],
        "gate": str(one.answer.gate),
        "given_why": str(one.answer.why),
        "subject": one.answer.subject,
        "answer": one.answer.text,
        "units": one.answer.units,
    }
    return json.dumps(told, ensure_ascii=False) + "\n"
