"""Compiled standards that this process has read before: a published version never changes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from yueban.catalogue.compiled import Compiled

if TYPE_CHECKING:
    from yueban.catalogue.models import ItemVersion

_KEPT: Final = 400
_known: dict[str, Compiled] = {}


def compiled_of(version: "ItemVersion") -> Compiled:
    """The compiled standard of a version; one that was published is read once a process, by its hash.

    The stored form may be deferred: it is asked for only where it has to be read.
    """
    if version.published_at is None:
        return Compiled.of_json(version.compiled_json)
    return _known.get(version.content_hash) or remember(version.content_hash, version.compiled_json)


def unknown(versions: Iterable["ItemVersion"]) -> list["ItemVersion"]:
    """Those published versions whose compiled standard this process would have to read."""
    return [one for one in versions if one.published_at is not None and one.content_hash not in _known]


def remember(content_hash: str, stored: dict[str, Any]) -> Compiled:
    """Keep the compiled standard of a published version."""
    if len(_known) >= _KEPT:
        _known.clear()
    found = _known[content_hash] = Compiled.of_json(stored)
    return found
