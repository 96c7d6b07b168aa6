"""What may be wrong when a task is worked."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class TaskNotFound(NotFound):
    """There is no such task, or the actor may not see it (one answer for both)."""

    code = "task.not_found"


class TaskTaken(Conflict):
    """Somebody else took or finished the task first."""

    code = "task.taken"


class TaskNotYours(NotAllowed):
    """The actor holds no post for this task."""

    code = "task.not_yours"


class NoticeNotFound(NotFound):
    """No such notice, or it has been taken off the net."""

    code = "notice.not_found"


class NoticeOver(Conflict):
    """The time for objections is over, or the notice was taken back."""

    code = "notice.over"


class ObjectionInvalid(Invalid):
    """An objection lacks its words, a name or a contact; data["fields"] says which."""

    code = "objection.invalid"


class TooManyObjections(Conflict):
    """One person, or one address, objects to one notice again and again within an hour."""

    code = "notice.too_many_objections"


class SubstitutionNotFound(NotFound):
    """No such substitution, or it has ended."""

    code = "substitution.not_found"


class NothingToReturn(Conflict):
    """The step is not finished, or its kind is not worked twice."""

    code = "task.nothing_to_return"


class NextStepBegan(Conflict):
    """An opinion is taken back only until somebody has begun the next step."""

    code = "task.next_step_began"


class SignaturesMissing(Conflict):
    """Somebody who was asked to countersign has not signed yet."""

    code = "task.signatures_missing"


class PhraseNotFound(NotFound):
    """No such phrase."""

    code = "phrase.not_found"


class InspectionChanged(Conflict):
    """The record was changed elsewhere, or its state no longer allows this."""

    code = "inspection.changed"


class InspectionNotFound(NotFound):
    """No such record, or none that the actor may see."""

    code = "inspection.not_found"
