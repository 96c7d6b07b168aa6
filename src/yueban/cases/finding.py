"""Finding cases among millions: by number, by item, by the applicant's name, by state, agency and light."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.cases.choices import CaseState
from yueban.cases.models import Case
from yueban.cases.overview import UNTIMED, running, with_light
from yueban.catalogue import selectors as catalogue
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import Light
from yueban.clocks.models import Clock

HIGHEST = "\U0010ffff"


def narrowed(visible: QuerySet[Case], filters: Mapping[str, str]) -> QuerySet[Case]:
    """The visible cases that match every filter set: text, kind (a state), overdue, agency, light."""
    if filters.get("text"):
        visible = matching(visible, filters["text"])
    if filters.get("kind"):
        visible = visible.filter(state=filters["kind"])
    if filters.get("overdue"):
        visible = visible.filter(number__in=clocks.looked_up(clocks.overdue_numbers("case")))
    if filters.get("agency"):
        agency = agencies.find_agency(filters["agency"])
        visible = visible.filter(agency_id=agency.pk if agency else 0)
    if filters.get("light"):
        visible = with_light(visible, filters["light"])
    return visible


def urgent_first(visible: QuerySet[Case], filters: Mapping[str, str]) -> QuerySet[Clock, str] | None:
    """Numbers of the cases that match filters of which one looks at their clocks, the most urgent first.

    Walked along the index of the clocks and no further than is asked for, however many are late. None where no
    filter looks at clocks, or where so many show the light that cases are met on the way.
    """
    light = filters.get("light", "")
    if light in clocks.RARE:
        others, rows = {**filters, "light": ""}, clocks.showing_first("case", light)
        visible = running(visible)
    elif filters.get("overdue") and not light:
        others, rows = {**filters, "overdue": ""}, clocks.overdue_first("case")
    else:
        return None
    wanted = narrowed(visible, others).order_by().filter(number=OuterRef("reference_number"))
    return rows.filter(Exists(wanted)).values_list("reference_number", flat=True)


def told(filters: Mapping[str, str]) -> str:
    """The filters in words: 状态：审查；只看超期."""
    return told_all([filters])[0]


def told_all(lists: Sequence[Mapping[str, str]]) -> list[str]:
    """The filters of many lists in words; one query however many."""
    codes = {filters["agency"] for filters in lists if filters.get("agency")}
    named = agencies.agencies_named(codes) if codes else {}
    return [_told(filters, named) for filters in lists]


def _told(filters: Mapping[str, str], named: Mapping[str, Agency]) -> str:
    if "told" in filters:  # a list of something else, which brings its own words
        return filters["told"]
    agency, light = named.get(filters.get("agency", "")), filters.get("light", "")
    words = (
        f"申请人、事项或编号：{filters['text']}" if filters.get("text") else "",
        f"状态：{CaseState(filters['kind']).label}" if filters.get("kind") else "",
        "只看超期" if filters.get("overdue") else "",
        f"办理部门：{agency.name if agency else '没有这个部门'}" if filters.get("agency") else "",
        f"时限灯：{'不在计时' if light == UNTIMED else Light(light).label}" if light else "",
    )
    return "；".join(word for word in words if word) or "全部办件"


def matching(visible: QuerySet[Case], text: str) -> QuerySet[Case]:
    """The visible cases that a text means: digits a number's beginning, words an item's name or an applicant's.

    Each way has an index. A word that stands in the name of an item means the item.
    """
    if text.isdecimal() and text.isascii():
        # Compared as a range, which row-level security lets an index answer; LIKE it does not.
        return visible.filter(number__gte=text, number__lt=text + HIGHEST)
    items = catalogue.names_containing(text)
    if items:
        return visible.filter(item_name__in=items)
    return visible.filter(pk__in=RawSQL("SELECT cases_named(%s, %s)", [text.lower(), pairs(text.lower())]))


def pairs(text: str) -> list[str]:
    """A text's neighbouring characters, two by two, as the index of names holds them; one alone stays alone."""
    return [text[at : at + 2] for at in range(len(text) - 1)] or [text]
