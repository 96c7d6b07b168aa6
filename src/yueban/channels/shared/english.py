"""Which of two names a page shows."""

from collections.abc import Iterable

from django.utils.translation import get_language

from yueban.catalogue import listing
from yueban.channels.shared.kept import kept


def is_english() -> bool:
    """Whether this page is in English."""
    return (get_language() or "").startswith("en")


def named(chinese: str, english: str | None) -> str:
    """The English name on an English page where there is one."""
    return english if english and is_english() else chinese


def listed(words: Iterable[str]) -> str:
    """Words one after another, with the mark that stands between them in the language of the page."""
    return (", " if is_english() else "、").join(words)


def item_name(name: str) -> str:
    """The name of an item by its Chinese name, as cases and drafts carry it."""
    if not is_english():
        return name
    names = kept(("names",), lambda: {one.name: one.name_en for one in listing.listed_items()})
    return names.get(name) or name
