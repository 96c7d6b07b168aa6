"""What the vault refuses."""

from __future__ import annotations

from yueban.kernel.errors import Invalid, ServiceError


class Undecipherable(ServiceError):
    """A cipher that was altered, or whose key this installation does not hold."""

    code = "vault.undecipherable"
    status = 500


class PurposeMissing(Invalid):
    """Somebody wants to see personal data without saying what for."""

    code = "vault.purpose_missing"
