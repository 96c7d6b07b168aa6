"""What is answered still stands when it is read: a source withdrawn between finding and reading is not told.

A process looks for a newer edition only now and then (shelf.PATIENCE_S); each answer therefore asks the database, in
one query, whether what it cites is still in use.
"""

from datetime import date

from yueban.assistant.answering import asking
from yueban.assistant.answering.answer import Answer
from yueban.assistant.answering.understanding import Memory
from yueban.assistant.choices import Why
from yueban.assistant.models import Unit
from yueban.assistant.shelf import look_again


def answer_to(text: str, *, place: str, audience: str, memory: Memory, on: date) -> Answer:
    """Answer a masked question from what is published at this moment.

    An answer from an edition that was left meanwhile is given anew, once; twice in a row nothing is told.
    """
    for _ in range(2):
        answer = asking.answer_to(text, place=place, audience=audience, memory=memory, on=on)
        if is_in_use(answer):
            return answer
        look_again()
    return asking.refusal_of(Why.UNKNOWN)


def is_in_use(answer: Answer) -> bool:
    """Whether every unit that an answer cites is in use still, and says what it said; one query, none without units."""
    cited = {one.unit for one in answer.citations}
    if not cited:
        return True
    in_use = Unit.objects.filter(key__in=cited, gone_in__isnull=True, made_in__lte=answer.index_number)
    return in_use.count() == len(cited)
