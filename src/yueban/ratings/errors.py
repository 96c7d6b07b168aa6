"""What may be wrong when a service is rated or a bad rating is followed up."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class RatingNotFound(NotFound):
    """No such service, rating or code: one answer for all."""

    code = "rating.not_found"


class TooEarly(Conflict):
    """The service is not over."""

    code = "rating.too_early"


class AlreadyRated(Conflict):
    """A service is rated once."""

    code = "rating.twice"


class StaffMayNotRate(NotAllowed):
    """Somebody signed in with a post."""

    code = "rating.staff"


class RatingInvalid(Invalid):
    """No level, or a text that cannot be used."""

    code = "rating.invalid"


class NotByTheHandler(NotAllowed):
    """Who handled the case does not check what was said of it."""

    code = "rating.by_handler"


class ContactMissing(Conflict):
    """Nobody has spoken with the rater yet, and it was not tried often enough."""

    code = "rating.contact_missing"


class FollowUpStale(Conflict):
    """The follow-up does not stand where this step begins."""

    code = "rating.follow_up_stale"
