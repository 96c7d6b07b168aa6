"""What can go wrong with outlets."""

from yueban.kernel.errors import NotFound


class OutletNotFound(NotFound):
    """No outlet of this code."""

    code = "outlet.not_found"
