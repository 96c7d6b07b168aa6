"""Bringing units and index to what is published: the pieces of all sources with the approved Q&A among them.

First the Q&A are held against the sources, so that no edition has one whose source says something else by now.
"""

from datetime import date

from django.db import transaction

from yueban.assistant import shelf
from yueban.assistant.editing.following import follow_sources
from yueban.assistant.editing.reading import approved_answers
from yueban.assistant.index.store import CURRENT
from yueban.assistant.knowledge.answers import AnswerSource, answer_pieces
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.placeholders import fill
from yueban.assistant.knowledge.published_facts import resolver_for
from yueban.assistant.knowledge.sources import all_pieces
from yueban.assistant.knowledge.syncing import (
    Synced,
    build_index,
    index_folder,
    newest_number,
    pieces_in,
    store_units,
    wait_for_others,
)


@transaction.atomic
def sync(*, on: date) -> Synced:
    """Write what is published on a day as units, and silence Q&A that rest on changes; again changes nothing."""
    wait_for_others()
    pieces = all_pieces(on)
    follow_sources(units={piece.key: piece.digest for piece in pieces})
    subjects: dict[str, Piece] = {}
    for piece in pieces:
        subjects.setdefault(piece.subject, piece)
    return store_units([*pieces, *answer_pieces(_answers(), subjects)])


def renew_index() -> None:
    """Make the index of the newest edition: by words at once where there is none, then with vectors."""
    number = newest_number()
    if number == 0:
        return
    pieces = pieces_in(number)
    maker = shelf.embedder()
    if maker is not None and not (index_folder() / CURRENT).exists():
        build_index(pieces, None)
    build_index(pieces, maker)


def _answers() -> list[AnswerSource]:
    """Those whose every placeholder is published: an unfilled one would be read aloud."""
    rows = approved_answers()
    resolve = resolver_for(row.answer for row in rows)
    found = []
    for row in rows:
        filled = fill(row.answer, resolve)
        if filled.missing:
            continue
        found.append(
            AnswerSource(
                key=row.key,
                question=row.question,
                variants=tuple(row.variants),
                answer=filled.text,
                sources=tuple(row.sources),
                audience=row.audience,
                division=row.division_code,
                owner=row.owner,
                review_on=row.review_on.isoformat() if row.review_on else "",
                signed_on=row.signed_at.date().isoformat() if row.signed_at else "",
                revision=row.revision,
            )
        )
    return found
