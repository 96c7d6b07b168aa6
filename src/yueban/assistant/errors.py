"""What can go wrong in consultation, said so that the next step is clear."""

from yueban.kernel.errors import Conflict, Invalid, NotFound


class ConversationNotFound(NotFound):
    """No such conversation, or not this person's."""


class AnswerNotFound(NotFound):
    """No such Q&A."""


class AnswerConflict(Conflict):
    """The Q&A stands elsewhere than the click supposed."""


class QuestionRefused(Invalid):
    """A question that cannot be taken: empty or too long."""


class QuestionsUnreadable(Invalid):
    """A file that is not a set of questions."""


class QuestionsFrozen(Invalid):
    """Questions that only grade were given to learn from."""
