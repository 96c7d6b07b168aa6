"""Compiled standards that this process has read before: a published version never changes."""

from typing import TYPE_CHECKING, Final

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
    found = _known.get(version.content_hash)
    if found is None:
        found = Compiled.of_json(version.compiled_json)
        if len(_known) >= _KEPT:
            _known.clear()
        _known[version.content_hash] = found
    return found
