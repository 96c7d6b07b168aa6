"""Where an item is handled, as the guide says it: what stays with its version, and what is open now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yueban.catalogue.models import ItemVersion
from yueban.flows import nearby
from yueban.flows.nearby import Done, Stand
from yueban.outlets.selectors import Hours, Opening


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


def lines_of(version: ItemVersion, division: str) -> list[Line]:
    """The places that serve a division for this item, nearest first."""
    return [_line(stand) for stand in nearby.stands_for(version, division)]


def places_of_lines(lines: Sequence[Line], openings: Sequence[Opening], division: str) -> str:
    """The places with what is open; the one to go to now is marked."""
    first = nearby.nearest_entrance([line.takes_in for line in lines], openings)
    rows = [
        {"line": line, "opening": now, "is_nearest": number == first}
        for number, (line, now) in enumerate(zip(lines, openings, strict=True))
    ]
    return render_to_string("shared/_places.html", {"rows": rows, "division": division})


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
