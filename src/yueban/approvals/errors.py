"""What may be wrong when a task is worked."""

from yueban.kernel.errors import Conflict, NotAllowed, NotFound


class TaskNotFound(NotFound):
    """There is no such task, or the actor may not see it (one answer for both)."""

    code = "task.not_found"


class TaskTaken(Conflict):
    """Somebody else took or finished the task first."""

    code = "task.taken"


class TaskNotYours(NotAllowed):
    """The actor holds no post for this task."""

    code = "task.not_yours"
