"""Where an item is handled near the visitor: what stays with its version, and what is open now."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yueban.catalogue import selectors as catalogue
from yueban.channels.shared.kept import kept
from yueban.flows import nearby
from yueban.flows.nearby import Done, Stand
from yueban.outlets import selectors as outlets
from yueban.outlets.selectors import Hours

COOKIE = "yueban_place"
# A holiday is announced weeks ahead: what is open now may be told from the calendar of a few seconds ago.
CALENDAR_AS_OF_S = 5.0


@dataclass(frozen=True, slots=True)
class Line:
    """One place as the page shows it, whatever the hour."""

    name: str
    address: str
    phone: str
    is_demo: bool
    does: str
    takes_in: bool
    hours: Hours


def chosen_division(request: HttpRequest) -> str:
    """The division of the address, else the one the visitor has chosen; empty for neither."""
    for code in (request.GET.get("division", ""), request.COOKIES.get(COOKIE, "")):
        if len(code) == 12 and code.isascii() and code.isdecimal():
            return code
    return ""


def places_html(version_id: int, division: str) -> str:
    """The places near the division with what is open now, told anew for every request."""
    if not division:
        return kept(("no place",), lambda: render_to_string("portal/_places.html", {}))
    lines = kept(("lines", version_id, division), lambda: _lines(version_id, division))
    openings = outlets.openings_by([line.hours for line in lines], as_of_s=CALENDAR_AS_OF_S)

    def render() -> str:
        first = nearby.nearest_entrance([line.takes_in for line in lines], openings)
        rows = [
            {"line": line, "opening": now, "is_nearest": number == first}
            for number, (line, now) in enumerate(zip(lines, openings, strict=True))
        ]
        return render_to_string("portal/_places.html", {"rows": rows, "division": division})

    said = tuple((now.is_open, now.text) for now in openings)
    return kept(("places", version_id, division, said), render)


def _lines(version_id: int, division: str) -> list[Line]:
    stands = nearby.stands_for(catalogue.get_version(version_id), division)
    return [_line(stand) for stand in stands]


def _line(stand: Stand) -> Line:
    outlet = stand.outlet
    return Line(
        name=outlet.name,
        address=outlet.address,
        phone=outlet.phone,
        is_demo=outlet.is_demo,
        does=done_words(stand.does),
        takes_in=stand.takes_in,
        hours=Hours.of_outlet(outlet),
    )


def done_words(does: Iterable[Done]) -> str:
    """受理；初审: what is done, with its condition and note."""
    return _("；").join(_said(done) for done in does)


def _said(done: Done) -> str:
    words = {"intake": _("受理"), "pre_check": _("初审"), "decide": _("办结")}
    said = words[done.act]
    if done.condition:
        said = _("%(act)s（%(condition)s的）") % {"act": said, "condition": done.condition}
    return f"{said}，{done.note}" if done.note else said
