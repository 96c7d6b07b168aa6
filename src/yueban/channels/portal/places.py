"""Where an item is handled near the visitor: what stays with its version, and what is open now."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from yueban.catalogue import selectors as catalogue
from yueban.channels.shared.kept import kept
from yueban.channels.shared.places import lines_of, places_of_lines
from yueban.outlets import selectors as outlets

COOKIE = "yueban_place"
# A holiday is announced weeks ahead: what is open now may be told from the calendar of a few seconds ago.
CALENDAR_AS_OF_S = 5.0


def chosen_division(request: HttpRequest) -> str:
    """The division of the address, else the one the visitor has chosen; empty for neither."""
    for code in (request.GET.get("division", ""), request.COOKIES.get(COOKIE, "")):
        if len(code) == 12 and code.isascii() and code.isdecimal():
            return code
    return ""


def places_html(version_id: int, division: str) -> str:
    """The places near the division with what is open now, told anew for every request."""
    if not division:
        return kept(("no place",), lambda: render_to_string("shared/_places.html", {}))
    lines = kept(
        ("lines", version_id, division), lambda: lines_of(catalogue.get_version(version_id), division)
    )
    openings = outlets.openings_by([line.hours for line in lines], as_of_s=CALENDAR_AS_OF_S)

    said = tuple((now.is_open, now.text) for now in openings)
    return kept(("places", version_id, division, said), lambda: places_of_lines(lines, openings, division))
