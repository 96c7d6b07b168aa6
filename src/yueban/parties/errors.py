"""What may be wrong with a mandate or a person."""

from yueban.kernel.errors import Invalid, NotAllowed, NotFound


class MandateNotFound(NotFound):
    """No such mandate, or not one of this actor's: one answer for both."""

    code = "mandate.not_found"


class MandateInvalid(Invalid):
    """A mandate without an item, a power or a sensible term."""

    code = "mandate.invalid"


class MandateUnsigned(Invalid):
    """A mandate on paper or pad without a signature that can be seen."""

    code = "mandate.unsigned"


class MandateRevoked(NotAllowed):
    """The principal has taken the mandate back."""

    code = "mandate.revoked"


class MandateExpired(NotAllowed):
    """The mandate's term has not begun or is over, or its principal is no more."""

    code = "mandate.expired"


class MandateOutOfScope(NotAllowed):
    """The mandate does not cover this item or this act."""

    code = "mandate.out_of_scope"


class FactsInvalid(Invalid):
    """Facts of an enterprise that cannot be kept as stated."""

    code = "facts.invalid"


class EnterpriseNotFound(NotFound):
    """No enterprise has this number or code."""

    code = "party.enterprise_not_found"
