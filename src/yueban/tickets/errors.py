"""What may be wrong when a ticket is opened, taken, answered or asked about."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError


class TicketNotFound(NotFound):
    """No such ticket, another's, or a wrong code: one answer for all."""

    code = "ticket.not_found"


class TicketInvalid(Invalid):
    """A question, an answer or a phone that cannot be taken."""

    code = "ticket.invalid"


class TicketStale(Conflict):
    """The ticket does not stand where this step begins."""

    code = "ticket.stale"


class TicketTaken(Conflict):
    """A colleague was first."""

    code = "ticket.taken"


class TicketNotMine(NotAllowed):
    """The act belongs to whoever took the ticket, or to another post."""

    code = "ticket.not_mine"


class ReopenedAlready(Conflict):
    """A ticket is asked again once."""

    code = "ticket.reopened_already"


class TooManyTries(ServiceError):
    """Wrong codes from one address, too many in the hour."""

    code = "ticket.too_many_tries"
    status = 429
