"""What may be wrong with an account."""

from yueban.kernel.errors import Conflict, Invalid, NotFound


class UsernameTaken(Conflict):
    """Two people with one name to sign in by."""

    code = "account.username_taken"


class PasswordWeak(Invalid):
    """A password that is too short, too common or typed differently the second time."""

    code = "account.password_weak"


class AccountNotFound(NotFound):
    """No account of this name."""

    code = "account.not_found"
