"""How far what was found may be trusted: what speaks for the best subject, set against what speaks for the next.

Two chances come of it: that the question can be answered from what is published at all, and that the best subject is
the one meant. Below the first the answer is that nothing reliable was found; below the second one is asked back.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from yueban.assistant.index.e5_file import Floats
from yueban.assistant.language.normal import pairs_of, plain
from yueban.assistant.retrieval.documents import ASKED, NAME, PIECE, SUBJECT
from yueban.assistant.retrieval.features import COLUMNS, Asked, Scores, allowed_subjects
from yueban.assistant.retrieval.library import Library

SIGNS: Final = (
    "chance",
    "lead",
    "near_name",
    "near_subject",
    "near_piece",
    "near_asked",
    "nearest",
    "words_piece",
    "words_asked",
    "words_name",
    "name_cover",
    "has_element",
    "told",
    "told_anywhere",
    "of_answer",
    "element",
    "length",
    "one",
)
SMALL: Final = 1e-4
HOLD: Final = 2.0


class Readings(Protocol):
    """A question as it was read."""

    @property
    def asked(self) -> Asked:
        """As it is searched."""

    @property
    def gates(self) -> Mapping[str, float]:
        """Why it may not be answerable."""

    @property
    def elements(self) -> Mapping[str, float]:
        """What it asks for."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Subjects with their chances, best first; ``totals`` and ``rows`` are those of all subjects."""

    subjects: list[str]
    chances: list[float]
    totals: Floats
    rows: Floats


@dataclass(frozen=True)
class Trust:
    """Logistic weights of the signs: for being answerable, and for being the one meant."""

    answerable: Floats
    meant: Floats

    def of(self, signs: Floats) -> tuple[float, float]:
        """Both chances."""
        return _logistic(float(signs @ self.answerable)), _logistic(float(signs @ self.meant))


NONE: Final = Trust(np.zeros(len(SIGNS), np.float32), np.zeros(len(SIGNS), np.float32))


def rank(library: Library, rows: Floats, weights: Floats, place: str) -> Ranked:
    """Subjects by what speaks for them, those of other places left out before the ranking."""
    totals = rows @ weights
    totals[~allowed_subjects(library, place)] = -np.inf
    chances = np.exp(totals - totals.max())
    chances /= chances.sum()
    order = np.argsort(-chances, kind="stable")[:8]
    return Ranked([library.subjects[one] for one in order], chances[order].tolist(), totals, rows)


def signs_of(
    library: Library,
    scores: Scores,
    ranked: Ranked,
    read: Readings,
) -> Floats:
    """What speaks for the best subject."""
    best = library.positions[ranked.subjects[0]]
    first, second = (*ranked.chances[:2], 0.0)[:2]
    own = ranked.rows[best]
    gates, elements, text = read.gates, read.elements, read.asked.text
    near = [_nearest(library, scores, kind, best) for kind in (NAME, SUBJECT, PIECE, ASKED)]
    nearest = float(scores.meaning.max()) if scores.meaning is not None else 0.0
    of_answer = gates.get("answer", 0.0)
    found = [
        np.log(first + SMALL),
        np.log((first + SMALL) / (second + SMALL)),
        *(10 * one for one in near),
        10 * nearest,
        *(float(own[COLUMNS.index(name)]) for name in ("words_piece", "words_asked", "words_name")),
        5 * float(own[COLUMNS.index("name_cover")]),
        5 * float(own[COLUMNS.index("has_element")]),
        *_told(library, best, read.asked.widened),
        np.log((of_answer + SMALL) / (1 - of_answer + SMALL)),
        5 * max(elements.values(), default=0.0),
        np.log(1 + len(text)),
        1.0,
    ]
    return np.array(found, np.float32)


def fit_trust(signs: Floats, answerable: Sequence[bool], meant: Sequence[bool | None]) -> Trust:
    """From questions not used for the other weights; ``meant`` is None where there is nothing to be meant."""
    known = np.array([one is not None for one in meant])
    return Trust(
        _fit(signs, np.array(answerable, np.float64)),
        _fit(signs[known], np.array([one for one in meant if one is not None], np.float64)),
    )


def _fit(signs: Floats, wanted: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Floats:
    """Logistic regression by Newton's steps, a little held back; the signs are scaled while it is sought."""
    middle, spread = signs.mean(0), signs.std(0) + 1e-6
    middle[-1], spread[-1] = 0.0, 1.0
    rows = (signs - middle).astype(np.float64) / spread
    weights = np.zeros(rows.shape[1])
    hold = HOLD * np.eye(rows.shape[1])
    for _ in range(30):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (chances - wanted) + hold @ weights
        curve = (rows * (chances * (1 - chances))[:, None]).T @ rows + hold
        weights -= np.linalg.solve(curve, slope)
    scaled = weights / spread
    scaled[-1] -= float((scaled * middle)[:-1].sum())
    found: Floats = scaled.astype(np.float32)
    return found


def _told(library: Library, subject: int, text: str) -> tuple[float, float]:
    """How much of the question's words stand in what is said of the subject, and of anything: by rareness."""
    weights, rarest = library.told_weights, math.log(1 + len(library.subjects))
    pairs = pairs_of(plain(text))
    total = sum(weights.get(pair, rarest) for pair in pairs) + SMALL
    own = sum(weights[pair] for pair in pairs & library.told_pairs[subject])
    known = sum(weights[pair] for pair in pairs if pair in weights)
    return 5 * own / total, 5 * known / total


def _nearest(library: Library, scores: Scores, kind: str, subject: int) -> float:
    if scores.meaning is None:
        return 0.0
    numbers = library.masks[kind]
    own = numbers[library.document_subjects[numbers] == subject]
    return float(scores.meaning[own].max()) if len(own) else 0.0


def _logistic(value: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(value, -30, 30))))
