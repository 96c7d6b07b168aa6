"""Finding cases among millions: by number, by item, by the applicant's name."""

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from yueban.cases.models import Case
from yueban.catalogue import selectors as catalogue

HIGHEST = "\U0010ffff"


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
