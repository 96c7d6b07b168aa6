"""What may be wrong when support is claimed, checked, agreed or consented to."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class ClaimNotFound(NotFound):
    """No such claim or list, or none that the actor may see: one answer for both."""

    code = "claim.not_found"


class ClaimMoveNotPossible(Conflict):
    """The claim does not stand where this could be done."""

    code = "claim.move_not_possible"


class ClaimStale(Conflict):
    """The page is older than the claim."""

    code = "claim.stale"


class AlreadyClaimed(Conflict):
    """The same support is claimed or was given already: one enterprise, group, year and project."""

    code = "claim.already_claimed"


class NotEligible(Conflict):
    """A condition does not hold, or what would decide it is not known."""

    code = "claim.not_eligible"


class NotOpen(Conflict):
    """The offer takes no claims today, or is given without application."""

    code = "claim.not_open"


class SamePerson(NotAllowed):
    """Who checks, reviews and decides must be different people."""

    code = "claim.same_person"


class ClaimInvalid(Invalid):
    """An account, a figure or a reason that cannot be used; data["fields"] says which."""

    code = "claim.invalid"


class AccountCooling(Conflict):
    """An account changed a short while ago; money waits until the time is over."""

    code = "claim.account_cooling"
