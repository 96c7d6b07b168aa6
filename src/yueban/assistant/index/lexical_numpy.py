"""Search by words without tantivy: BM25 over the same tokens, one list of postings a field and word, in NumPy."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from yueban.assistant.index.documents import Document
from yueban.assistant.index.lexical import WEIGHTS, Mask, Ranking, asked, fields_of

K1: Final = 1.2
B: Final = 0.75

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Counts = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


class Plain:
    """The engine; reads all documents when it is made."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.count = len(documents)
        lengths = {field: np.zeros(self.count, np.float32) for field in WEIGHTS}
        gathered: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, document in enumerate(documents):
            for field, words in fields_of(document).items():
                lengths[field][number] = len(words)
                for word, times in Counter(words).items():
                    gathered[field, word].append((number, times))
        self._scores = {
            key: _postings(rows, lengths[key[0]], WEIGHTS[key[0]]) for key, rows in gathered.items()
        }

    def search(self, text: str, *, allowed: Mask | None, limit: int) -> Ranking:
        """The best `limit` of the allowed."""
        total = np.zeros(self.count, np.float32)
        for key in asked(text):
            if key in self._scores:
                numbers, scores = self._scores[key]
                total[numbers] += scores
        if allowed is not None:
            total[~allowed] = 0.0
        found = np.flatnonzero(total)
        order = found[np.argsort(-total[found], kind="stable")][: max(limit, 0)]
        return [(int(number), float(total[number])) for number in order]


def _postings(rows: list[tuple[int, int]], lengths: Counts, weight: float) -> tuple[Numbers, Counts]:
    """Which documents have the word, and what it gives each."""
    numbers = np.array([number for number, _ in rows], np.int32)
    times = np.array([count for _, count in rows], np.float32)
    rarity = np.log(1 + (len(lengths) - len(rows) + 0.5) / (len(rows) + 0.5))
    long = 1 - B + B * lengths[numbers] / max(float(lengths.mean()), 1e-9)
    return numbers, (weight * rarity * times * (K1 + 1) / (times + K1 * long)).astype(np.float32)
