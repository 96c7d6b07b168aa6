"""What one process knows: the pieces of an edition, its index and the lexicon, opened together."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from yueban.assistant.index.e5_file import Floats
from yueban.assistant.index.embeddings import Embedder
from yueban.assistant.index.searching import Index
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.language.lexicon import Lexicon
from yueban.assistant.language.normal import pairs_of, plain
from yueban.assistant.retrieval.documents import ASKED, NAME, PIECE, SUBJECT, is_indexed
from yueban.divisions.selectors import is_within

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass
class Library:
    """The pieces by key and by subject; positions of subjects are those of all arrays over subjects."""

    number: int
    pieces: Sequence[Piece]
    index: Index
    lexicon: Lexicon
    embedder: Embedder | None = None
    places: "Places | None" = None
    # Computed once for the weights in use: who reads, and what each piece was asked for (retrieval/pieces.py).
    aspects: "tuple[object, Mapping[str, Mapping[str, float]]] | None" = None
    # And the vectors of the documents as they are compared (retrieval/lens.py).
    seen: tuple[object, Floats] | None = None
    middles: tuple[object, Floats] | None = None
    by_key: dict[str, Piece] = field(init=False)
    by_subject: dict[str, list[Piece]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {piece.key: piece for piece in self.pieces}
        self.by_subject = defaultdict(list)
        for piece in self.pieces:
            self.by_subject[piece.subject].append(piece)

    @cached_property
    def subjects(self) -> list[str]:
        """Everything that may be asked about, outlets aside."""
        return sorted(subject for subject, own in self.by_subject.items() if is_indexed(own[0]))

    @cached_property
    def positions(self) -> dict[str, int]:
        """Subject → its position."""
        return {subject: position for position, subject in enumerate(self.subjects)}

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each subject."""
        return [subject.partition(":")[0] for subject in self.subjects]

    @cached_property
    def subject_of(self) -> dict[str, int]:
        """Document → position of its subject."""
        stems = {piece.key.partition("@")[0]: piece.subject for piece in self.pieces}
        found = {}
        for document in self.index.ids:
            kind, key = document.split("|")[:2]
            subject = key if kind in {NAME, SUBJECT} else stems.get(key.partition("@")[0], "")
            if subject in self.positions:
                found[document] = self.positions[subject]
        return found

    @cached_property
    def document_subjects(self) -> Numbers:
        """The position of the subject of each document; -1 where it is no longer known."""
        return np.array([self.subject_of.get(one, -1) for one in self.index.ids], np.intp)

    @cached_property
    def masks(self) -> dict[str, Numbers]:
        """The documents of each kind whose subject is known, by number."""
        kinds = np.array([one[0] for one in self.index.ids])
        known = self.document_subjects >= 0
        return {kind: np.flatnonzero((kinds == kind) & known) for kind in (NAME, SUBJECT, PIECE, ASKED)}

    @cached_property
    def documents_of_piece(self) -> dict[str, tuple[list[int], list[int]]]:
        """Piece without its place → numbers of its own document and of its questions."""
        found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for number, document in enumerate(self.index.ids):
            kind, key = document.split("|")[:2]
            if kind in {PIECE, ASKED}:
                found[key.partition("@")[0]][kind == ASKED].append(number)
        return dict(found)

    @cached_property
    def plain_names(self) -> list[tuple[str, ...]]:
        """The names of each subject as they are compared, of two characters or more."""
        found = []
        for subject in self.subjects:
            names = {plain(name) for name in self.names_of(subject)}
            found.append(tuple(name for name in names if len(name) > 1))
        return found

    @cached_property
    def pair_weights(self) -> dict[str, float]:
        """How much each pair of characters of a name says: the rarer among the subjects, the more."""
        counts: Counter[str] = Counter()
        for names in self.plain_names:
            counts.update(frozenset().union(*(pairs_of(name) for name in names)))
        return {pair: math.log(1 + len(self.subjects) / count) for pair, count in counts.items()}

    @cached_property
    def name_pairs(self) -> list[list[tuple[frozenset[str], float]]]:
        """Of each subject the pairs of each of its names, with their weight together."""
        found = []
        for names in self.plain_names:
            each = [pairs_of(name) for name in names]
            found.append([(one, sum(self.pair_weights[pair] for pair in one)) for one in each if one])
        return found

    @cached_property
    def told_pairs(self) -> list[frozenset[str]]:
        """The pairs of characters that stand anywhere in what is said of each subject, or in how it is asked for."""
        found = []
        for subject in self.subjects:
            own: set[str] = set()
            for name in self.names_of(subject):
                own |= pairs_of(plain(name))
            for piece in self.by_subject[subject]:
                own |= pairs_of(plain(" ".join((piece.text, *piece.sentences_en, *piece.asked))))
            found.append(frozenset(own))
        return found

    @cached_property
    def told_weights(self) -> dict[str, float]:
        """How rare each of those pairs is among the subjects."""
        counts: Counter[str] = Counter()
        for own in self.told_pairs:
            counts.update(own)
        return {pair: math.log((1 + len(self.subjects)) / count) for pair, count in counts.items()}

    @cached_property
    def element_names(self) -> list[str]:
        """The elements that any subject speaks of."""
        return sorted({piece.element for piece in self.pieces})

    @cached_property
    def has_elements(self) -> Floats:
        """Subjects × elements: one where it speaks of it."""
        found = np.zeros((len(self.subjects), len(self.element_names)), np.float32)
        for subject, position in self.positions.items():
            for piece in self.by_subject[subject]:
                found[position, self.element_names.index(piece.element)] = 1
        return found

    @cached_property
    def audiences(self) -> list[str]:
        """For whom each subject is; empty for everybody."""
        return [self.by_subject[subject][0].audience for subject in self.subjects]

    @cached_property
    def divisions(self) -> list[frozenset[str]]:
        """Where each subject holds; an item is known everywhere."""
        return [
            frozenset({""})
            if subject.startswith("item:")
            else frozenset(piece.division for piece in self.by_subject[subject])
            for subject in self.subjects
        ]

    @cached_property
    def outlets(self) -> dict[str, str]:
        """The division's own outlet."""
        return {
            piece.division: piece.subject.partition(":")[2]
            for piece in self.pieces
            if piece.subject.startswith("outlet:")
        }

    def vector_of(self, document: str) -> Floats | None:
        """The vector of a document; None without vectors or without the document."""
        return self.index.vector_of(document) if document in self.subject_of else None

    def is_name(self, words: str) -> bool:
        """Whether any subject is called so, or by a name in which these words stand."""
        return any(words in name for names in self.plain_names for name in names)

    def is_told(self, subject: str, words: str) -> bool:
        """Whether these words stand anywhere in what is said of a subject, or in how it is asked for."""
        return any(
            words in plain(" ".join((piece.text, *piece.sentences_en, *piece.asked)))
            for piece in self.by_subject[subject]
        )

    def name_of(self, subject: str) -> str:
        """Its first name; empty for an unknown subject."""
        own = self.by_subject.get(subject)
        return own[0].name if own else ""

    def names_of(self, subject: str) -> list[str]:
        """What people call it."""
        first = self.by_subject[subject][0]
        return [name for name in (first.name, first.name_en, *first.names) if name]

    def is_in_force(self, subject: str, day: date) -> bool:
        """Whether anything of it holds on a day."""
        return any(piece.holds_on(day) for piece in self.by_subject[subject])


@dataclass(frozen=True, slots=True)
class Place:
    """A division by the names people use."""

    code: str
    name: str


class Places:
    """The divisions that questions name: counties by their short names too, towns and villages by whole names."""

    def __init__(self, divisions: Iterable[tuple[str, str, str]]) -> None:
        """``divisions`` are code, name and English or pinyin name."""
        self.by_code: dict[str, Place] = {}
        self._names: list[tuple[str, str]] = []
        for code, name, latin in divisions:
            self.by_code[code] = Place(code, name)
            for one in _called(code, name, latin):
                self._names.append((one, code))
        self._names.sort(key=lambda pair: (-len(pair[0]), pair[1]))

    def find(self, text: str) -> str:
        """The code of the place that the text names: the longest name first; empty for none."""
        for name, code in self._names:
            if name in text:
                return code
        return ""

    def name_of(self, code: str) -> str:
        """Its name; empty for an unknown code."""
        place = self.by_code.get(code)
        return place.name if place else ""

    @property
    def counties(self) -> list[Place]:
        """The areas at county level, by code."""
        return [place for code, place in sorted(self.by_code.items()) if is_county(code)]


def is_county(code: str) -> bool:
    """Whether a code is that of an area at county level."""
    return code.endswith("000000") and code[4:6] != "00"


def county_of(code: str) -> str:
    """The area at county level in which a place lies; empty for the city or above."""
    county = f"{code[:6]}000000"
    return county if code and is_county(county) else ""


def serves(division: str, place: str) -> bool:
    """Whether what holds in a division holds at a place."""
    return not division or (bool(place) and is_within(place, division))


def _called(code: str, name: str, latin: str) -> list[str]:
    if is_county(code):
        short = name.rstrip("区县市") if len(name) > 2 else name
        return [name, short, *([latin.split(maxsplit=1)[0].casefold()] if latin else [])]
    return [name]
