"""Reads of consultation."""

from yueban.assistant.answering.answer import Action as Action
from yueban.assistant.answering.answer import Answer as Answer
from yueban.assistant.answering.answer import Citation as Citation
from yueban.assistant.answering.answer import Sentence as Sentence
from yueban.assistant.editing.reading import approved_answers as approved_answers
from yueban.assistant.editing.reading import terms as terms
