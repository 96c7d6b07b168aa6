"""Reading what a page sends."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest

DIGITS_OF_A_BIGINT = 18


def whole_number(request: HttpRequest, name: str) -> int | None:
    """A posted number; None when it is missing or no number."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS_OF_A_BIGINT else None


def posted_answers(request: HttpRequest, questions: Iterable[str]) -> dict[str, str]:
    """The answers that the page sends to these questions."""
    return {name: request.POST[name] for name in questions if name in request.POST}


def read_day(text: str) -> date | None:
    """A day as a form sends it; None when it is missing, no day, or so far away that reckoning with it ends."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
