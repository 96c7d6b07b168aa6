"""What may be wrong with a subscription."""

from yueban.kernel.errors import Conflict, Invalid, NotFound


class SubscriptionInvalid(Invalid):
    """An address or a choice of events that cannot be taken; data["fields"] says what to mend."""

    code = "webhook.invalid"


class SubscriptionNotFound(NotFound):
    """No such subscription, or another's: one answer for both."""

    code = "webhook.not_found"


class SubscriptionEnded(Conflict):
    """It was ended, or its key serves no more."""

    code = "webhook.ended"
