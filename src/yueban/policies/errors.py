"""What can go wrong with policies and offers."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class PolicyNotFound(NotFound):
    """There is no such policy."""

    code = "policies.policy_not_found"


class OfferNotFound(NotFound):
    """There is no such offer, or no such version of it."""

    code = "policies.offer_not_found"


class OfferUnsound(Invalid):
    """An offer that cannot be signed as it is; ``data["problems"]`` lists field and message."""

    code = "policies.offer_unsound"


class OfferNotDraft(Conflict):
    """Only a draft can be changed."""

    code = "policies.offer_not_draft"


class OfferNotReviewing(Conflict):
    """Only a version under review can be examined or signed."""

    code = "policies.offer_not_reviewing"


class OfferStale(Conflict):
    """Somebody saved the draft since it was read; ``data["revision"]`` is the present one."""

    code = "policies.offer_stale"


class OfferDraftExists(Conflict):
    """An offer has one unsigned version at a time."""

    code = "policies.offer_draft_exists"


class GateOpen(Conflict):
    """A gate has not been passed yet."""

    code = "policies.gate_open"


class OtherPersonNeeded(NotAllowed):
    """Whoever wrote in a draft neither examines nor signs it."""

    code = "policies.other_person_needed"


class FileNotReadable(Invalid):
    """A file of which no text could be read."""

    code = "policies.file_not_readable"
