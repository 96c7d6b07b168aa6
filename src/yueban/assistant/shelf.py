"""The library of this process: opened when first asked, anew when a newer edition or a newer index is there.

A damaged or missing index never stops the service: words are then searched in a makeshift of this process alone, and
a rebuild is asked for. A question never writes where the index lies, so that it neither replaces an edition that it
has not read nor waits for one that is being built.
"""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import Final
from weakref import finalize

from django.conf import settings

from yueban.assistant.editing.reading import terms
from yueban.assistant.index.embeddings import Embedder, make_embedder
from yueban.assistant.index.endpoint import Endpoint
from yueban.assistant.index.errors import EmbedderFailed, IndexDamaged
from yueban.assistant.index.searching import Index, open_index
from yueban.assistant.index.store import build, find_current
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.syncing import index_folder, newest_number, pieces_in
from yueban.assistant.language.lexicon import Lexicon
from yueban.assistant.learning.weights import PLAIN, SHIPPED, Weights, read
from yueban.assistant.retrieval.documents import documents_of
from yueban.assistant.retrieval.library import Library, Places
from yueban.divisions import selectors as divisions

# How long a process answers from what it has before it looks whether there is something newer.
PATIENCE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """The opened library with its weights and the marks of what it was opened from.

    ``edition`` is empty where none can be read; a makeshift was made for this process alone.
    """

    library: Library
    weights: Weights
    number: int
    edition: str
    is_makeshift: bool = False


_lock = threading.Lock()
_held: Shelf | None = None
_is_damaged = False
_looked_at = 0.0


def shelf() -> Shelf | None:
    """The library in use; None while nothing has been published yet. Cheap when nothing has changed."""
    global _held, _looked_at
    if _held is not None and monotonic() - _looked_at < PATIENCE_S:
        return _held
    with _lock:
        number = newest_number()
        if number == 0:
            return None
        edition = _edition()
        if _held is None or (_held.number, _held.edition) != (number, edition):
            _held = _open(number, edition)
        _looked_at = monotonic()
        return _held


def look_again() -> None:
    """Look with the next question whether there is something newer, however short the time since the last look."""
    global _looked_at
    _looked_at = 0.0


def forget() -> None:
    """Open anew with the next question: after a load, and in tests."""
    global _held, _looked_at
    _held, _looked_at = None, 0.0


def take_damage() -> bool:
    """Whether the index has been found damaged, or without the vectors it should have; told once."""
    global _is_damaged
    found, _is_damaged = _is_damaged, False
    return found


def has_vectors() -> bool:
    """Whether the index in use was built with vectors, or needs none as nobody makes them."""
    try:
        _, manifest = find_current(index_folder())
    except IndexDamaged:
        return False
    return bool(manifest.embedder) or embedder() is None


def _edition() -> str:
    try:
        folder, _ = find_current(index_folder())
    except IndexDamaged:
        return ""
    return folder.name


def _open(number: int, edition: str) -> Shelf:
    """What is newer than ``edition``, should it come meanwhile, is found with the next look."""
    global _is_damaged
    pieces = pieces_in(number)
    is_makeshift = False
    try:
        index = open_index(index_folder(), falling_back=True)
    except IndexDamaged:
        is_makeshift, index = True, _makeshift(pieces)
    if is_makeshift or index.fallen or (not index.is_dense and embedder() is not None):
        _is_damaged = True
    maker = embedder() if index.is_dense else None
    library = Library(number, pieces, index, _lexicon(), maker, _places())
    return Shelf(library, weights(is_dense=index.is_dense), number, edition, is_makeshift)


def _makeshift(pieces: list[Piece]) -> Index:
    """An index by words alone, in files of this process that go with it."""
    place = Path(mkdtemp(prefix="yueban-consultation-"))
    build(place, list(documents_of(pieces)), None)
    index = open_index(place)
    finalize(index, shutil.rmtree, place, ignore_errors=True)
    return index


def _lexicon() -> Lexicon:
    return Lexicon.of((term.say, term.means) for term in terms())


def _places() -> Places:
    return Places(divisions.names_for_questions())


@cache
def weights(*, is_dense: bool) -> Weights:
    """What was trained on this instance, or else what is shipped; those without vectors are their own."""
    name = SHIPPED if is_dense else PLAIN
    own = index_folder() / name.name
    return read(own if own.exists() else name)


@cache
def embedder() -> Embedder | None:
    """Who makes vectors here; None where nobody does, nobody shall, or the maker cannot start."""
    if not settings.YUEBAN_VECTORS:
        return None
    endpoint = Endpoint(
        settings.YUEBAN_EMBEDDING_URL, settings.YUEBAN_EMBEDDING_NAME, settings.YUEBAN_EMBEDDING_KEY
    )
    try:
        return make_embedder(models=Path(settings.DATA_DIR) / "models", endpoint=endpoint)
    except EmbedderFailed:
        return None
