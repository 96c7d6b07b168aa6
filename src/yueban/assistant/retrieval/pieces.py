"""Which piece of a subject answers: the element asked, the words, the meaning, the questions it has answered."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from yueban.assistant.choices import Element
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.retrieval.documents import ASKED
from yueban.assistant.retrieval.features import Scores
from yueban.assistant.retrieval.lens import Lens
from yueban.assistant.retrieval.library import Library, serves

COLUMNS: Final = (
    "element",
    "element_log",
    "aspect",
    "words_piece",
    "meaning_piece",
    "words_asked",
    "meaning_asked",
    "is_faq",
    "is_situation",
    "is_answer",
    "is_clause",
)
FREE: Final = frozenset({Element.FAQ, Element.SITUATION, Element.ANSWER, Element.CLAUSE})


def pieces_of(library: Library, subject: str, place: str) -> list[Piece]:
    """What may be said of a subject at a place: what holds in the whole city, and there."""
    return [piece for piece in library.by_subject[subject] if serves(piece.division, place)]


Aspects = Mapping[str, Mapping[str, float]]


class Reader(Protocol):
    """Says which element a question asks for."""

    def chances(self, text: str, vector: Floats | None) -> dict[str, float]:
        """Element → probability."""


def aspects(library: Library, reader: Reader, lens: Lens) -> Aspects:
    """What each piece that answers a question was asked for, by its key without place; kept for the same reader."""
    if library.aspects is None or library.aspects[0] is not reader:
        library.aspects = (reader, _read_aspects(library, reader, lens))
    return library.aspects[1]


def _read_aspects(library: Library, reader: Reader, lens: Lens) -> Aspects:
    found: dict[str, dict[str, float]] = {}
    for piece in library.pieces:
        stem = piece.key.partition("@")[0]
        if piece.element in FREE and piece.asked and stem not in found:
            question = piece.asked[0]
            vector = library.vector_of(f"{ASKED}|{piece.key}|0")
            seen = lens.of_question(vector) if vector is not None and lens.is_open else None
            found[stem] = reader.chances(library.lexicon.widened(question), seen)
    return found


def piece_features(
    library: Library,
    scores: Scores,
    pieces: Sequence[Piece],
    elements: Mapping[str, float],
    asked_for: Aspects,
) -> Floats:
    """Pieces × COLUMNS."""
    found = np.zeros((len(pieces), 4), np.float32)
    found[:, 1::2] = np.nan
    for row, piece in enumerate(pieces):
        for way, numbers in enumerate(library.documents_of_piece.get(piece.key.partition("@")[0], ())):
            if numbers:
                found[row, 2 * way] = scores.words[numbers].max()
                if scores.meaning is not None:
                    found[row, 2 * way + 1] = scores.meaning[numbers].max()
    return np.stack(
        [
            *_element_columns(pieces, elements),
            _aspect_column(pieces, elements, asked_for),
            _scaled(found[:, 0]),
            _near(found[:, 1]),
            _scaled(found[:, 2]),
            _near(found[:, 3]),
            *(
                np.array([piece.element == element for piece in pieces], np.float32)
                for element in (Element.FAQ, Element.SITUATION, Element.ANSWER, Element.CLAUSE)
            ),
        ],
        axis=1,
    ).astype(np.float32)


def _element_columns(pieces: Sequence[Piece], elements: Mapping[str, float]) -> list[Floats]:
    chances = np.array([elements.get(piece.element, 0.0) for piece in pieces], np.float32)
    logs = np.where(
        np.array([piece.element in FREE for piece in pieces]), 0.0, np.log(np.maximum(chances, 1e-3))
    )
    return [chances, logs.astype(np.float32)]


def _aspect_column(pieces: Sequence[Piece], elements: Mapping[str, float], asked_for: Aspects) -> Floats:
    """How likely a piece's own question asked for the same."""
    found = np.zeros(len(pieces), np.float32)
    for row, piece in enumerate(pieces):
        own = asked_for.get(piece.key.partition("@")[0], {})
        found[row] = sum(chance * elements.get(name, 0.0) for name, chance in own.items())
    return found


def _scaled(values: Floats) -> Floats:
    most = values.max(initial=0.0)
    return values / most if most > 0 else values


def _near(values: Floats) -> Floats:
    """Cosines above the least of them, ten-fold, as those of e5 lie close together; zero where nothing is known."""
    known = ~np.isnan(values)
    if not known.any():
        return np.zeros_like(values)
    return np.where(known, (values - values[known].min()) * 10, 0.0).astype(np.float32)
