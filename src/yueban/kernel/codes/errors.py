"""The error of every code: what is wrong, why, and what to do."""

from __future__ import annotations

from yueban.kernel.errors import Invalid


class CodeError(Invalid):
    """A code that breaks its standard."""

    code = "code.invalid"
