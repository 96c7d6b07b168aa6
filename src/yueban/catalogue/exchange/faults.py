"""What is wrong with something handed in: sheet, row, cell, what, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


class CellFault(Exception):
    """One cell cannot be read."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: ``table`` and ``column`` as headings say, ``row`` where it stands (0 = the whole)."""

    table: str
    row: int
    column: str
    message: str
    hint: str = ""
    record: str = ""
    item: str = ""
