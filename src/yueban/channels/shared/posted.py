"""Reading what a page posts."""

from django.http import HttpRequest

DIGITS_OF_A_BIGINT = 18


def whole_number(request: HttpRequest, name: str) -> int | None:
    """A posted number; None when it is missing or no number."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS_OF_A_BIGINT else None
