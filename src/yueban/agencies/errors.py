"""What can go wrong with agencies."""

from yueban.kernel.errors import NotFound


class AgencyNotFound(NotFound):
    """No agency of this code, or none of this kind for the division."""

    code = "agency.not_found"
