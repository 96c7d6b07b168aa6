"""What is indexed of the pieces: names, summaries, the pieces themselves, and the questions they answer.

Four kinds of documents, told apart by the first letter of their id, so that each is searched by itself: a question is
compared with names as names and with questions as questions.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from yueban.assistant.choices import Element
from yueban.assistant.index.documents import Document
from yueban.assistant.knowledge.piece import Piece

NAME, SUBJECT, PIECE, ASKED = "n", "s", "p", "a"
MOST_NAMES: Final = 14
LONGEST_NAME: Final = 60
LONGEST_PIECE: Final = 200
# Places differ in these; one of a subject stands for all of them in the index.
OF_PLACE: Final = frozenset({Element.WHERE, Element.HOURS, Element.PHONE, Element.DEPARTMENT})


def is_indexed(piece: Piece) -> bool:
    """Outlets are found by their names and places, not by words."""
    return not piece.subject.startswith("outlet:")


def documents_of(pieces: Sequence[Piece]) -> Iterator[Document]:
    """All documents of the pieces."""
    found = [piece for piece in pieces if is_indexed(piece)]
    by_subject: dict[str, list[Piece]] = {}
    for piece in found:
        by_subject.setdefault(piece.subject, []).append(piece)
    for subject, own in by_subject.items():
        yield from _subject(subject, own)
    seen: set[str] = set()
    for piece in found:
        stem = piece.key.partition("@")[0]
        if piece.element in OF_PLACE and stem in seen:
            continue
        seen.add(stem)
        yield from _piece(piece)


def _subject(subject: str, pieces: Sequence[Piece]) -> Iterator[Document]:
    first = pieces[0]
    names = [one for one in dict.fromkeys((first.name, first.name_en, *first.names)) if one][:MOST_NAMES]
    for number, name in enumerate(names):
        yield Document(f"{NAME}|{subject}|{number}", name[:LONGEST_NAME], "", "")
    summary = " ".join(_summaries(pieces))
    yield Document(f"{SUBJECT}|{subject}", first.name, " ".join(names[1:]), summary)


def _summaries(pieces: Iterable[Piece]) -> Iterator[str]:
    for piece in pieces:
        if piece.element == Element.SUMMARY:
            yield from piece.sentences
            yield from piece.sentences_en


def _piece(piece: Piece) -> Iterator[Document]:
    text = f"{''.join(piece.asked[:2])}{piece.text}{' '.join(piece.sentences_en)}"[:LONGEST_PIECE]
    yield Document(f"{PIECE}|{piece.key}", piece.name, "", text, piece.digest)
    for number, question in enumerate(piece.asked):
        yield Document(f"{ASKED}|{piece.key}|{number}", question[:LONGEST_PIECE], "", "")
