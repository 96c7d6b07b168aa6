"""An opened index: by words, by meaning, both raw; how they are joined is the caller's."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from yueban.assistant.index import documents as document_file
from yueban.assistant.index.documents import Document
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.index.errors import IndexDamaged
from yueban.assistant.index.files import opening
from yueban.assistant.index.lexical import Lexical, Mask, Tantivy, has_tantivy
from yueban.assistant.index.lexical_numpy import Plain
from yueban.assistant.index.store import (
    DOCUMENTS,
    OPENING,
    VECTORS,
    WORDS,
    Manifest,
    find_current,
    find_damaged,
)

# Of fewer allowed documents the vectors are picked; of more all are compared, which reads in order.
FEW: Final = 0.2


@dataclass(frozen=True)
class Hit:
    """A document with its raw scores: BM25 (0: no word in common) and cosine (None: no vectors)."""

    id: str
    lexical: float
    dense: float | None


def open_index(folder: Path, *, falling_back: bool = False) -> "Index":
    """The edition in use. A file that is missing, cut short or altered raises IndexDamaged with its name.

    With `falling_back`, damage to the words' or the vectors' files leaves an index that searches without them, and
    `fallen` names them; without the documents nothing is left to search.
    """
    with opening(folder / OPENING):
        edition, manifest = find_current(folder)
        try:
            return Index(edition, manifest, falling_back=falling_back)
        except (OSError, ValueError) as wrong:
            raise IndexDamaged(edition.name, "打不开") from wrong


class Index:
    """One edition, opened; never changes, and may be searched from several threads."""

    def __init__(self, edition: Path, manifest: Manifest, *, falling_back: bool = False) -> None:
        wrong = find_damaged(edition, manifest)
        bad = [name for name in wrong if not falling_back or name == DOCUMENTS]
        if bad:
            raise IndexDamaged(bad[0], wrong[bad[0]])
        self.manifest, self.fallen = manifest, sorted(wrong)
        documents = document_file.read(edition / DOCUMENTS)
        self.ids = [one.id for one in documents]
        self.digests = {one.id: one.digest for one in documents}
        self._numbers = {key: number for number, key in enumerate(self.ids)}
        self._vectors = self._open_vectors(edition)
        self._words = self._open_words(edition, documents)

    @property
    def is_dense(self) -> bool:
        """Whether it can be searched by meaning."""
        return self._vectors is not None

    def search(
        self,
        query_text: str,
        *,
        allowed: Mask | Collection[str] | None = None,
        vector: Floats | None = None,
        limit: int = 50,
    ) -> list[Hit]:
        """The best `limit` allowed by words and, with the question's vector, the best `limit` by meaning, each once.

        Every hit has both scores. First come those found by words, best first, then the others by meaning.
        """
        mask = self._mask(allowed)
        found = dict(self._words.search(query_text, allowed=mask, limit=limit))
        if vector is None or self._vectors is None:
            return [Hit(self.ids[number], score, None) for number, score in found.items()]
        near, cosines = self._near(vector, mask, limit)
        others = [number for number in near if number not in found]
        if others:
            only = np.zeros(len(self.ids), np.bool_)
            only[others] = True
            scores = dict(self._words.search(query_text, allowed=only, limit=len(others)))
            found |= {number: scores.get(number, 0.0) for number in others}
        return [
            Hit(self.ids[number], score, self._cosine(number, vector, cosines))
            for number, score in found.items()
        ]

    def similar(
        self, vector: Floats, *, allowed: Mask | Collection[str] | None = None, limit: int = 10
    ) -> list[tuple[str, float]]:
        """Documents and cosines, nearest first; nothing without vectors."""
        if self._vectors is None:
            return []
        near, cosines = self._near(vector, self._mask(allowed), limit)
        return [(self.ids[number], cosines[number]) for number in near]

    def word_scores(self, text: str, limit: int) -> Floats:
        """The raw scores of all documents by words; zero for those that are not among the best `limit`."""
        found = np.zeros(len(self.ids), np.float32)
        for number, score in self._words.search(text, allowed=None, limit=limit):
            found[number] = score
        return found

    @property
    def vectors(self) -> Floats | None:
        """The vectors of all documents, in the order of ``ids``; None without vectors."""
        return self._vectors

    def cosines(self, vector: Floats) -> Floats | None:
        """The cosines of all documents; None without vectors."""
        return None if self._vectors is None else np.asarray(self._vectors @ vector)

    def mask(self, ids: Collection[str]) -> Mask:
        """The set of these documents, to be given as `allowed` again and again; unknown ids are not in it."""
        found = np.zeros(len(self.ids), np.bool_)
        found[[self._numbers[key] for key in ids if key in self._numbers]] = True
        return found

    def vector_of(self, key: str) -> Floats | None:
        """A document's own vector."""
        return None if self._vectors is None else np.array(self._vectors[self._numbers[key]])

    def _mask(self, allowed: Mask | Collection[str] | None) -> Mask | None:
        if allowed is None:
            return None
        mask = allowed if isinstance(allowed, np.ndarray) else self.mask(allowed)
        if mask.shape != (len(self.ids),) or mask.dtype != np.bool_:
            raise ValueError("允许的范围和索引不是同一版。请用这个索引的 mask() 重新生成。")
        return None if mask.all() else mask

    def _near(self, vector: Floats, mask: Mask | None, limit: int) -> tuple[list[int], dict[int, float]]:
        """Numbers of the nearest, nearest first, and their cosines."""
        assert self._vectors is not None
        numbers = np.arange(len(self.ids)) if mask is None else np.flatnonzero(mask)
        if mask is None or len(numbers) > FEW * len(self.ids):
            cosines = (self._vectors @ vector)[numbers]
        else:
            cosines = self._vectors[numbers] @ vector
        size = min(max(limit, 0), len(numbers))
        best = np.argpartition(-cosines, size - 1)[:size] if size else np.empty(0, np.intp)
        best = best[np.lexsort((numbers[best], -cosines[best]))]
        near = numbers[best].tolist()
        return near, dict(zip(near, cosines[best].tolist(), strict=True))

    def _cosine(self, number: int, vector: Floats, known: dict[int, float]) -> float:
        assert self._vectors is not None
        return known[number] if number in known else float(self._vectors[number] @ vector)

    def _open_vectors(self, edition: Path) -> Floats | None:
        """Mapped, so that processes share them."""
        if VECTORS not in self.manifest.files or VECTORS in self.fallen:
            return None
        found: Floats = np.load(edition / VECTORS, mmap_mode="r", allow_pickle=False)
        return found if len(self.ids) else None

    def _open_words(self, edition: Path, documents: list[Document]) -> Lexical:
        is_whole = not any(name.startswith(f"{WORDS}/") for name in self.fallen)
        if self.manifest.has_words and is_whole and has_tantivy():
            return Tantivy(edition / WORDS)
        return Plain(documents)
