"""The materials and places that the library names: what a model says of them must stand in what it cites."""

import re
from collections.abc import Iterator
from typing import Final

from yueban.assistant.checking.names import Vocabulary
from yueban.assistant.choices import Element
from yueban.assistant.retrieval.library import Library

LISTED: Final = re.compile(r"\d+\. ([^；（。]{2,40})")
_held: tuple[Library, Vocabulary] | None = None


def names_of(library: Library) -> Vocabulary:
    """The vocabulary of a library; made once for the library in use."""
    global _held
    if _held is None or _held[0] is not library:
        _held = (library, Vocabulary(frozenset(_materials(library)), frozenset(_places(library))))
    return _held[1]


def _materials(library: Library) -> Iterator[str]:
    for piece in library.pieces:
        if piece.element == Element.MATERIALS:
            yield from LISTED.findall(piece.text)


def _places(library: Library) -> Iterator[str]:
    if library.places is not None:
        yield from (place.name for place in library.places.by_code.values())
    yield from (piece.name for piece in library.pieces if piece.subject.startswith("outlet:"))
