"""Writes of consultation."""

from yueban.assistant.editing.acts import confirm_answer as confirm_answer
from yueban.assistant.editing.acts import edit_answer as edit_answer
from yueban.assistant.editing.acts import hand_in_answer as hand_in_answer
from yueban.assistant.editing.acts import propose_answer as propose_answer
from yueban.assistant.editing.acts import send_back_answer as send_back_answer
from yueban.assistant.editing.acts import sign_answer as sign_answer
from yueban.assistant.editing.acts import withdraw_answer as withdraw_answer
from yueban.assistant.editing.acts import write_answer as write_answer
from yueban.assistant.editing.following import follow_sources as follow_sources
from yueban.assistant.editing.gaps import close_gap as close_gap
from yueban.assistant.editing.gaps import note_gap as note_gap
from yueban.assistant.editing.lexicon import add_term as add_term
from yueban.assistant.editing.lexicon import switch_term as switch_term
from yueban.assistant.editing.loading import QuestionRow as QuestionRow
from yueban.assistant.editing.loading import TermRow as TermRow
from yueban.assistant.editing.loading import save_answers as save_answers
from yueban.assistant.editing.loading import save_terms as save_terms
from yueban.assistant.editing.opinions import give_feedback as give_feedback
from yueban.assistant.editing.opinions import see_feedback as see_feedback
from yueban.assistant.editing.wording import Wording as Wording
