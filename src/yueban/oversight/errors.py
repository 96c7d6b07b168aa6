"""What may be wrong with an entry of electronic supervision."""

from yueban.kernel.errors import Conflict, NotFound


class EntryNotFound(NotFound):
    """No such entry, or one of a division or agency that the actor does not supervise."""

    code = "oversight.not_found"


class EntryMoved(Conflict):
    """The entry stands elsewhere by now: asked, answered or struck off by somebody else."""

    code = "oversight.state"
