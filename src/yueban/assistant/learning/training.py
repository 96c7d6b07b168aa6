"""Learning from questions with known answers; says on questions it has not seen whether it helps.

The frozen questions are never among them: a set that names itself so is refused (tests/consult/frozen/README.md).
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from yueban.assistant.answering.understanding import Memory, is_short, vectors
from yueban.assistant.evaluation.comparing import holds_all
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.learning.weights import Classifier, Weights, features, fit_classifier, fit_ranker
from yueban.assistant.retrieval import features as subject_rows
from yueban.assistant.retrieval import pieces as piece_rows
from yueban.assistant.retrieval.features import Asked, Scores, scores_of, subject_features
from yueban.assistant.retrieval.library import Library
from yueban.assistant.retrieval.pieces import piece_features, pieces_of

FOLDS: Final = 5
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question with what is computed of it once."""

    row: Row
    asked: Asked
    own: Floats | None
    scores: Scores


def prepare(library: Library, rows: Iterable[Row]) -> list[Prepared]:
    """Vectors and places of the questions."""
    found = []
    for row in rows:
        before = row["turns"][-1] if row["turns"] else ""
        whole = f"{before} {row['question']}" if before and is_short(row["question"]) else row["question"]
        vector, own = vectors(library, [whole, row["question"]])
        named = library.places.find(row["question"]) if library.places else ""
        asked = Asked(
            whole, library.lexicon.widened(whole), vector, row["audience"] or "", named or row["place"] or ""
        )
        found.append(Prepared(row, asked, own, scores_of(library, asked)))
    return found


def fold_of(row: Row) -> int:
    """A need and all its styles are in one fold, so that what is tested was not seen in another dress."""
    return zlib.crc32((row["core"] or row["id"]).encode()) % FOLDS


def train(library: Library, prepared: Sequence[Prepared]) -> Weights:
    """All weights from these questions."""
    known = [one.own for one in prepared if one.own is not None]
    centre = np.mean(np.stack(known), axis=0).astype(np.float32) if known else np.zeros(0, np.float32)
    answered = [one for one in prepared if one.row["expect"] == "answer"]
    element = _classifier(
        centre,
        [one for one in answered if one.row["element"]],
        lambda one: str(one.row["element"]),
        widen=library.lexicon.widened,
        balance=0.0,
    )
    gate = _classifier(centre, prepared, _gate_label, balance=0.5)
    subject = fit_ranker([group for one in answered if (group := _subject_group(library, one))])
    piece = fit_ranker([group for one in answered if (group := _piece_group(library, one, element))])
    return Weights(subject, piece, element, gate, subject_rows.COLUMNS, piece_rows.COLUMNS)


def _classifier(
    centre: Floats, prepared: Sequence[Prepared], label: Any, *, balance: float, widen: Any = str
) -> Classifier:
    labels = [label(one) for one in prepared]
    classes = tuple(sorted(set(labels)))
    rows = np.stack([features(widen(one.row["question"]), one.own, centre) for one in prepared])
    return Classifier(
        classes,
        fit_classifier(rows, [classes.index(one) for one in labels], len(classes), balance=balance),
        centre,
    )


def _gate_label(one: Prepared) -> str:
    why = one.row["why"] or "answer"
    return "answer" if why in {"expired", "place", "two_readings", "unknown"} else str(why)


def _subject_group(library: Library, one: Prepared) -> tuple[Floats, Floats] | None:
    right = np.array([subject in one.row["about"] for subject in library.subjects], np.float32)
    if not right.any():
        return None
    rows = subject_features(library, one.asked, one.scores)
    # Of the many that nothing speaks for only the strongest teach anything.
    keep = np.union1d(np.argsort(-rows.sum(1))[:60], np.flatnonzero(right))
    return rows[keep], right[keep]


def _piece_group(library: Library, one: Prepared, element: Classifier) -> tuple[Floats, Floats] | None:
    subject = next((about for about in one.row["about"] if about in library.positions), None)
    if subject is None or not one.row["facts"]:
        return None
    day = date.fromisoformat(one.row["date"])
    pieces = [piece for piece in pieces_of(library, subject, one.asked.place) if piece.holds_on(day)]
    right = np.array(
        [holds_all(f"{piece.text} {' '.join(piece.sentences_en)}", one.row["facts"]) for piece in pieces],
        np.float32,
    )
    if not pieces or not right.any() or right.all():
        return None
    chances = element.chances(library.lexicon.widened(one.row["question"]), one.own)
    return piece_features(library, one.scores, pieces, chances), right


def memory_of(row: Row) -> Memory:
    """What a conversation of these earlier turns remembers, the subject aside."""
    return Memory(question=row["turns"][-1] if row["turns"] else "")
