"""Compiled bundles that this process has read before: a published version never changes."""

from typing import TYPE_CHECKING, Final

from yueban.catalogue.bundles.compiled import CompiledBundle

if TYPE_CHECKING:
    from yueban.catalogue.models import BundleVersion

_KEPT: Final = 100
_known: dict[str, CompiledBundle] = {}


def compiled_of(version: "BundleVersion") -> CompiledBundle:
    """The compiled bundle of a version, read once a process by its hash."""
    found = _known.get(version.content_hash)
    if found is None:
        if len(_known) >= _KEPT:
            _known.clear()
        found = _known[version.content_hash] = CompiledBundle.of_json(version.compiled_json)
    return found
