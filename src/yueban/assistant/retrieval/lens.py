"""The vectors as they are compared: without what only tells how a question is said.

Questions that ask the same in other words — spoken, in dialect, with slips, in English — differ in some directions of
the space much more than in others. Those directions are shrunk (within-class whitening, learned from such groups), so
that what is left is what is asked for. Plain cosines of e5 lie close together; these do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yueban.assistant.index.e5_file import Floats
from yueban.assistant.retrieval.library import Library

# How much of the whole stays beside what was learned; and how much the groups of needs weigh beside those of Q&A.
REST: Final = 3.0
OF_NEEDS: Final = 0.7


@dataclass(frozen=True)
class Lens:
    """``centre`` is the mean question. Width × width; empty where nobody makes vectors."""

    centre: Floats
    matrix: Floats

    @property
    def is_open(self) -> bool:
        """Whether there is anything to see through."""
        return bool(len(self.centre))

    def of_question(self, vector: Floats) -> Floats:
        """A question's vector, of length one."""
        found = (vector - self.centre) @ self.matrix
        seen: Floats = (found / (np.linalg.norm(found) + 1e-9)).astype(np.float32)
        return seen

    def of_documents(self, library: Library) -> Floats | None:
        """The vectors of all documents; made once for each lens and library."""
        if library.seen is None or library.seen[0] is not self:
            vectors = library.index.vectors
            if vectors is None or not self.is_open:
                return None
            moved = (vectors - vectors.mean(0)) @ self.matrix
            moved /= np.linalg.norm(moved, axis=1, keepdims=True) + 1e-9
            library.seen = (self, moved.astype(np.float32))
        return library.seen[1]

    def of_subjects(self, library: Library) -> Floats | None:
        """The middle of the vectors of each subject's documents, of length one."""
        if library.middles is None or library.middles[0] is not self:
            seen = self.of_documents(library)
            if seen is None:
                return None
            known = library.document_subjects >= 0
            found = np.zeros((len(library.subjects), seen.shape[1]), np.float32)
            np.add.at(found, library.document_subjects[known], seen[known])
            found /= np.linalg.norm(found, axis=1, keepdims=True) + 1e-9
            library.middles = (self, found)
        return library.middles[1]


CLOSED: Final = Lens(np.zeros(0, np.float32), np.zeros((0, 0), np.float32))


def fit_lens(centre: Floats, needs: Sequence[Floats], answers: Sequence[Floats]) -> Lens:
    """From groups of vectors that ask the same: needs in all styles, and the ways of asking each approved Q&A."""
    if not len(centre):
        return CLOSED
    width = len(centre)
    spread = OF_NEEDS * _spread(needs, width) + (1 - OF_NEEDS) * _spread(answers, width)
    values, directions = np.linalg.eigh(spread * width + REST * np.eye(width))
    matrix = (directions * values**-0.5) @ directions.T
    return Lens(centre, matrix.astype(np.float32))


def _spread(groups: Sequence[Floats], width: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """The scatter within groups, its trace one."""
    apart = [group - group.mean(0) for group in groups if len(group) > 1]
    if not apart:
        return np.eye(width) / width
    rows = np.concatenate(apart).astype(np.float64)
    scatter = rows.T @ rows
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = scatter / max(np.trace(scatter), 1e-12)
    return found
