"""What can go wrong with divisions."""

from yueban.kernel.errors import Invalid, NotFound


class DivisionNotFound(NotFound):
    """No division of this code is loaded."""

    code = "division.not_found"


class MergeRefused(Invalid):
    """These two divisions cannot be merged."""

    code = "division.merge_refused"
