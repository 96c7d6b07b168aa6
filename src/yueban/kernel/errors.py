"""Errors that tell a citizen or a clerk what is wrong, why, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ServiceError(Exception):
    """A refusal with a stable code; ``status`` is the HTTP status a channel answers with.

    ``message`` says what is wrong and why, ``hint`` what to do, ``data`` holds facts for programs.
    """

    code = "service.error"
    status = 400

    def __init__(self, message: str, *, hint: str = "", data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.data: dict[str, Any] = dict(data or {})

    def __str__(self) -> str:
        return f"{self.message}{self.hint}"


class NotFound(ServiceError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "service.not_found"
    status = 404


class NotAllowed(ServiceError):
    """The actor may see the thing but not do this to it."""

    code = "service.not_allowed"
    status = 403


class Conflict(ServiceError):
    """Somebody else was first, or the page is stale."""

    code = "service.conflict"
    status = 409


class Invalid(ServiceError):
    """Input that cannot be taken; ``data["fields"]`` maps a field to its sentence."""

    code = "service.invalid"
    status = 422

    @classmethod
    def of_fields(cls, fields: Mapping[str, str], message: str = "有填写项需要修改。") -> Invalid:
        """One error for a whole form: each field with its own sentence."""
        return cls(message, hint="请按各项下方的提示修改后再提交。", data={"fields": dict(fields)})

    @property
    def fields(self) -> dict[str, str]:
        """The sentence of each field at fault; empty when the error concerns no single field."""
        found = self.data.get("fields", {})
        return dict(found) if isinstance(found, Mapping) else {}
