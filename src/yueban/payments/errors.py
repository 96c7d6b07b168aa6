"""What may be wrong when money is paid out."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError


class OrderNotFound(NotFound):
    """No such order, or not visible to this actor: one answer for both."""

    code = "payment.not_found"


class OrderStale(Conflict):
    """The order does not stand where this step begins, or the page is older than the order."""

    code = "payment.stale"


class SamePerson(NotAllowed):
    """Maker, approver and payer must be three people."""

    code = "payment.same_person"


class PaymentInvalid(Invalid):
    """An amount, an account or a reason that cannot be used; data["fields"] says which."""

    code = "payment.invalid"


class PayeeEnded(Conflict):
    """The payee has died or no longer exists."""

    code = "payment.payee_ended"


class BankUnavailable(ServiceError):
    """The bank gave no answer that can be relied on; the same number may be sent again."""

    code = "bank.unavailable"
    status = 503


class BudgetLineNotFound(NotFound):
    """No such budget line in that year, or not visible to this actor."""

    code = "budget.not_found"


class BudgetShort(Conflict):
    """The line has less left than is asked; data["balance"] says how much."""

    code = "budget.short"


class BudgetMoveNotPossible(Conflict):
    """More is moved than the thing holds in that part, or a key returns with another content."""

    code = "budget.not_possible"


class BudgetChangeNotPossible(Conflict):
    """The change of a line's total does not stand where this step begins."""

    code = "budget.change_not_possible"


class BatchNotFound(NotFound):
    """No such batch, or not visible to this actor."""

    code = "batch.not_found"


class BatchStale(Conflict):
    """The batch does not stand where this step begins, or no longer holds what was signed."""

    code = "batch.stale"


class BatchFileUnsound(Invalid):
    """A file that is cut off, changed, or not about this batch; nothing of it was taken."""

    code = "batch.file_unsound"


class RecoveryNotFound(NotFound):
    """No such recovery, or not visible to this actor."""

    code = "recovery.not_found"


class RecoveryNotPossible(Conflict):
    """The recovery, or the payment it is about, does not stand where this step begins."""

    code = "recovery.not_possible"
