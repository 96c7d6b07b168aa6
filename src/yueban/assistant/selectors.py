"""Reads of consultation."""

from yueban.assistant.answering.answer import Action as Action
from yueban.assistant.answering.answer import Answer as Answer
from yueban.assistant.answering.answer import Citation as Citation
from yueban.assistant.answering.answer import Sentence as Sentence
