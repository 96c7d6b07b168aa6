"""身边网点: the list by place with what is open now, and the page of one outlet."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.channels.portal.places import chosen_division
from yueban.channels.shared.cited import shows_cited
from yueban.channels.shared.english import listed
from yueban.channels.shared.fields import Option
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.places import done_words
from yueban.channels.shared.qr import qr_drawing
from yueban.divisions import selectors as divisions
from yueban.divisions.models import Division
from yueban.flows import nearby
from yueban.kernel import clock
from yueban.outlets import selectors as outlets
from yueban.outlets.choices import Accessibility, Equipment, HoursKind
from yueban.outlets.models import Outlet
from yueban.outlets.selectors import DayHours, Opening

NEAREST_AT_HOME = 3


@dataclass(frozen=True)
class Row:
    """One outlet of a list with its opening."""

    outlet: Outlet
    name: str
    kind: str
    opening: Opening


@require_safe
def outlet_list(request: HttpRequest) -> HttpResponse:
    """Every outlet by county and town, by words, and by what is open now; the nearest ones first of all."""
    place = chosen_place(request)
    counties = list(divisions.counties())
    county = _among(request.GET.get("county"), counties)
    towns = list(divisions.children_of(county.code)) if county else []
    town = _among(request.GET.get("town"), towns)
    text = request.GET.get("q", "").strip()[:50]
    is_open = request.GET.get("open") == "1"
    found = outlets.found_outlets(division=_code(town or county), text=text)
    if is_open:
        found = outlets.open_ones(found)
    page = page_of(request, found)
    context = {
        "place": place,
        "nearest": _rows(outlets.nearest(place.code)) if place else [],
        "counties": _options(counties),
        "towns": _options(towns),
        "county": _code(county),
        "town": _code(town),
        "q": text,
        "is_open": is_open,
        "page": page,
        "rows": _rows(page.object_list),
        "query": query_without_page(request),
    }
    return render(request, "portal/outlets.html", context)


def _among(code: str | None, rows: Iterable[Division]) -> Division | None:
    return next((row for row in rows if row.code == code), None)


def _code(division: Division | None) -> str:
    return division.code if division else ""


def _options(rows: Iterable[Division]) -> list[Option]:
    return [Option(row.code, place_name(row)) for row in rows]


def _rows(found: Iterable[Outlet]) -> list[Row]:
    listed = list(found)
    openings = outlets.openings(listed)
    return [Row(one, outlet_name(one), _(one.get_kind_display()), openings[one.pk]) for one in listed]


def nearest_rows(request: HttpRequest) -> list[Row]:
    """The strip of the home page: the outlets nearest to the chosen place."""
    place = chosen_division(request)
    return _rows(outlets.nearest(place)[:NEAREST_AT_HOME]) if place else []


def chosen_place(request: HttpRequest) -> Division | None:
    """The division the visitor has chosen, as it stands today."""
    code = chosen_division(request)
    return divisions.find_current(code) if code else None


def outlet_name(outlet: Outlet) -> str:
    """The name in the language of the page."""
    return outlet.name_en if _is_english() and outlet.name_en else outlet.name


def place_name(division: Division) -> str:
    """The same of a division; the statistical suffix of a village (村委会, 居委会) is left away."""
    if _is_english() and division.name_en:
        return division.name_en
    return divisions.plain_name(division.name)


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@shows_cited
@require_safe
def outlet(request: HttpRequest, code: str) -> HttpResponse:
    """What is done here, when it is open, what helps people to come; made to be printed."""
    found = outlets.get_outlet(code)
    address = request.build_absolute_uri(reverse("portal:outlet", args=[found.code]))
    items = nearby.items_at(found)
    context = {
        "outlet": found,
        "name": outlet_name(found),
        "kind": _(found.get_kind_display()),
        "opening": outlets.open_now(found),
        "week": [_day(day) for day in outlets.week_hours(found)],
        "groups": _groups(items),
        "item_count": len(items),
        "equipment": _labels(found.equipment, Equipment),
        "accessibility": _labels(found.accessibility, Accessibility),
        "address": address,
        "qr": qr_drawing(address),
        "trail": [(_("身边网点"), reverse("portal:outlets"))],
    }
    return render(request, "portal/outlet.html", context)


def _day(day: DayHours) -> dict[str, Any]:
    """When the doors are open, and which part of it is a special service."""
    names = {
        HoursKind.NOON: _("午间值班"),
        HoursKind.EXTENDED: _("延时服务"),
        HoursKind.SATURDAY: _("周六服务"),
    }
    special = [
        f"{names[HoursKind(span.kind)]} {span.text}" if len(day.spans) > 1 else names[HoursKind(span.kind)]
        for span in day.spans
        if span.kind in names
    ]
    return {
        "date": _("%(month)s月%(day)s日") % {"month": day.day.month, "day": day.day.day},
        "weekday": outlets.weekday_name(day.day),
        "whole": [span.text for span in day.whole],
        "special": special,
        "note": day.note or ("" if day.spans else _("休息")),
        "is_today": day.day == clock.today(),
    }


def _groups(items: list[nearby.OutletItem]) -> list[dict[str, Any]]:
    """Items by what is done for them here: those that end here first."""
    titles: Mapping[str, Callable[[], str]] = {
        "decide": lambda: _("在这里能办结"),
        "pre_check": lambda: _("在这里初审，由上级办结"),
        "intake": lambda: _("在这里受理，在别处办结"),
    }
    groups = []
    for act, title in titles.items():
        rows = [item for item in items if _furthest(item) == act]
        links = [
            {
                "name": item.name_en if _is_english() and item.name_en else item.name,
                "href": reverse("portal:guide", args=[item.key]),
                "does": done_words(item.does),
            }
            for item in rows
        ]
        if links:
            groups.append({"title": title(), "links": links})
    return groups


def _furthest(item: nearby.OutletItem) -> str:
    acts = {done.act for done in item.does}
    return next(act for act in reversed(nearby.ACTS) if act in acts)


def _labels(codes: Iterable[str], choices: type[Equipment | Accessibility]) -> str:
    words = {value: str(label) for value, label in choices.choices}
    return listed(_(words[code]) for code in codes if code in words)
