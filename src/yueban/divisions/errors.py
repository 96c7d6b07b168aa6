"""What can go wrong with divisions."""

from yueban.kernel.errors import NotFound


class DivisionNotFound(NotFound):
    """No division of this code is loaded."""

    code = "division.not_found"
