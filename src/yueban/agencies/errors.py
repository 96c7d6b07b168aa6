"""What can go wrong with agencies."""

from yueban.kernel.errors import Conflict, NotFound


class AgencyNotFound(NotFound):
    """No agency of this code, or none of this kind for the division."""

    code = "agency.not_found"


class RequestNotFound(NotFound):
    """No request for a post of this number."""

    code = "post_request.not_found"


class RequestSettled(Conflict):
    """Somebody has decided on the request already."""

    code = "post_request.settled"
