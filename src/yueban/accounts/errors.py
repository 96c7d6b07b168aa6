"""What may be wrong with an account."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError


class UsernameTaken(Conflict):
    """Two people with one name to sign in by."""

    code = "account.username_taken"


class PasswordWeak(Invalid):
    """A password that is too short, too common or typed differently the second time."""

    code = "account.password_weak"


class FirstPasswordSpent(Invalid):
    """A first password that has opened once, or that nobody used in time."""

    code = "account.first_password_spent"


class AccountNotFound(NotFound):
    """No account of this name."""

    code = "account.not_found"


class ApiKeyRefused(ServiceError):
    """No key, a wrong one, or one that serves no more: one answer for all, but for the hint."""

    code = "api.key_refused"
    status = 401


class ScopeMissing(NotAllowed):
    """The key was not given for this."""

    code = "api.scope_missing"


class TooManyCalls(ServiceError):
    """More calls in a minute than a key has; data["retry_after"] says how many seconds to wait."""

    code = "api.too_many_calls"
    status = 429


class ApiKeyNotFound(NotFound):
    """No such key, or not one this administrator looks after: one answer for both."""

    code = "api_key.not_found"


class ApiKeyInvalid(Invalid):
    """A new key that lacks something; data["fields"] says what."""

    code = "api_key.invalid"


class KeyRequestNotFound(NotFound):
    """No such request, or not one this administrator looks after: one answer for both."""

    code = "api_key_request.not_found"


class KeyRequestSettled(Conflict):
    """The request has gone on meanwhile: decided, withdrawn, or its key was taken."""

    code = "api_key_request.settled"


class IdempotencyKeyReused(Conflict):
    """The same idempotency key came with another content."""

    code = "api.idempotency_key_reused"
