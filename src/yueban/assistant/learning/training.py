"""Learning from questions with known answers; says on questions it has not seen whether it helps.

The frozen questions are never among them: a set that names itself so is refused (tests/consult/frozen/README.md).
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from yueban.assistant.answering.understanding import Memory, is_short, vectors
from yueban.assistant.evaluation.comparing import holds_all
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.learning.weights import Classifier, Weights, features, fit_classifier, fit_ranker
from yueban.assistant.retrieval import features as subject_rows
from yueban.assistant.retrieval import pieces as piece_rows
from yueban.assistant.retrieval.documents import ASKED
from yueban.assistant.retrieval.features import Asked, Scores, scores_of, subject_features
from yueban.assistant.retrieval.lens import CLOSED, Lens, fit_lens
from yueban.assistant.retrieval.library import Library
from yueban.assistant.retrieval.pieces import Aspects, aspects, piece_features, pieces_of
from yueban.assistant.retrieval.trust import NONE, fit_trust, rank, signs_of

FOLDS: Final = 5
PARTS: Final = 3
WITH_SUBJECT: Final = frozenset({"two_readings", "place", "expired"})
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
            text=whole,
            widened=library.lexicon.widened(whole),
            vector=vector,
            audience=row["audience"] or "",
            place=named or row["place"] or "",
            # What an earlier turn was answered from: the same, as a rule.
            remembered=row["about"][0] if row["turns"] and row["about"] else "",
        )
        found.append(Prepared(row, asked, own, scores_of(library, CLOSED, asked)))
    return found


def fold_of(row: Row) -> int:
    """A need and all its styles are in one fold, so that what is tested was not seen in another dress."""
    return zlib.crc32((row["core"] or row["id"]).encode()) % FOLDS


def train(library: Library, prepared: Sequence[Prepared]) -> Weights:
    """All weights from these questions; how far to trust them from questions that those used had not seen."""
    signs, answerable, meant = [], [], []
    for part in range(PARTS):
        learned = _weights(library, [one for one in prepared if _part_of(one.row) != part])
        for one in prepared:
            if _part_of(one.row) == part and (found := _judged(library, learned, one)) is not None:
                signs.append(found[0])
                answerable.append(found[1])
                meant.append(found[2])
    return replace(_weights(library, prepared), trust=fit_trust(np.stack(signs), answerable, meant))


def _part_of(row: Row) -> int:
    return zlib.crc32(f"trust {row['core'] or row['id']}".encode()) % PARTS


def _judged(library: Library, learned: Weights, one: Prepared) -> tuple[Floats, bool, bool | None] | None:
    """The signs of a question that was not learned from, whether it can be answered, and whether the best is meant."""
    seen = _seen(library, learned.lens, one)
    elements = learned.element.chances(library.lexicon.widened(one.row["question"]), seen.own)
    gates = learned.gate.chances(one.row["question"], seen.own)
    rows = subject_features(library, learned.lens, seen.asked, seen.scores, elements)
    ranked = rank(library, rows, learned.subject, seen.asked.place)
    signs = signs_of(library, seen.scores, ranked, _Read(seen.asked, elements, gates))
    is_answer = one.row["expect"] == "answer"
    if is_answer and not any(about in library.positions for about in one.row["about"]):
        return None
    is_answerable = is_answer or one.row["why"] in WITH_SUBJECT
    return signs, is_answerable, ranked.subjects[0] in one.row["about"] if is_answer else None


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a question."""

    asked: Asked
    elements: Mapping[str, float]
    gates: Mapping[str, float]


def _weights(library: Library, prepared: Sequence[Prepared]) -> Weights:
    lens = _lens(library, prepared)
    prepared = [_seen(library, lens, one) for one in prepared]
    answered = [one for one in prepared if one.row["expect"] == "answer"]
    element = _classifier(
        lens,
        [one for one in answered if one.row["element"]],
        lambda one: str(one.row["element"]),
        widen=library.lexicon.widened,
        balance=0.0,
    )
    gate = _classifier(lens, prepared, _gate_label, balance=0.5)
    asked_for = aspects(library, element, lens)
    subject = fit_ranker(
        [group for one in answered if (group := _subject_group(library, lens, one, element))]
    )
    piece = fit_ranker(
        [group for one in answered if (group := _piece_group(library, one, element, asked_for))]
    )
    return Weights(subject, piece, element, gate, lens, NONE, subject_rows.COLUMNS, piece_rows.COLUMNS)


def _lens(library: Library, prepared: Sequence[Prepared]) -> Lens:
    """From the styles of each need, and the ways of asking each Q&A."""
    known = [one.own for one in prepared if one.own is not None]
    if not known:
        return CLOSED
    needs: dict[str, list[Floats]] = defaultdict(list)
    for one in prepared:
        if one.row["core"] and one.own is not None:
            needs[one.row["core"]].append(one.own)
    answers: dict[str, list[Floats]] = defaultdict(list)
    for document in library.index.ids:
        vector = library.vector_of(document) if document.startswith(ASKED) else None
        if vector is not None:
            answers[document.split("|")[1]].append(vector)
    centre = np.mean(np.stack(known), axis=0).astype(np.float32)
    return fit_lens(
        centre, [np.stack(own) for own in needs.values()], [np.stack(own) for own in answers.values()]
    )


def _seen(library: Library, lens: Lens, one: Prepared) -> Prepared:
    """The question through the lens, and what the index says of it then."""
    if one.own is None or one.asked.vector is None:
        return one
    vector = lens.of_question(one.asked.vector)
    seen = lens.of_documents(library)
    scores = Scores(one.scores.words, seen @ vector if seen is not None else None)
    return Prepared(one.row, replace(one.asked, vector=vector), lens.of_question(one.own), scores)


def _classifier(
    lens: Lens, prepared: Sequence[Prepared], label: Any, *, balance: float, widen: Any = str
) -> Classifier:
    labels = [label(one) for one in prepared]
    classes = tuple(sorted(set(labels)))
    rows = np.stack([features(widen(one.row["question"]), one.own, len(lens.centre)) for one in prepared])
    return Classifier(
        classes,
        fit_classifier(rows, [classes.index(one) for one in labels], len(classes), balance=balance),
    )


def _gate_label(one: Prepared) -> str:
    why = one.row["why"] or "answer"
    return "answer" if why in {"expired", "place", "two_readings", "unknown"} else str(why)


def _subject_group(
    library: Library, lens: Lens, one: Prepared, element: Classifier
) -> tuple[Floats, Floats] | None:
    right = np.array([subject in one.row["about"] for subject in library.subjects], np.float32)
    if not right.any():
        return None
    chances = element.chances(library.lexicon.widened(one.row["question"]), one.own)
    rows = subject_features(library, lens, one.asked, one.scores, chances)
    # Of the many that nothing speaks for only the strongest teach anything.
    keep = np.union1d(np.argsort(-rows.sum(1))[:60], np.flatnonzero(right))
    return rows[keep], right[keep]


def _piece_group(
    library: Library, one: Prepared, element: Classifier, asked_for: Aspects
) -> tuple[Floats, Floats] | None:
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
    return piece_features(library, one.scores, pieces, chances, asked_for), right


def memory_of(row: Row) -> Memory:
    """What a conversation of these earlier turns remembers, the subject aside."""
    return Memory(question=row["turns"][-1] if row["turns"] else "")
