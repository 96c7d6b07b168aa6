"""A problem found in a rule before it is used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Where in the rule, which kind (stable code), what is wrong, what to do."""

    path: str
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.path}：{self.message}{self.hint}"
