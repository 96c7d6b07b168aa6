"""The learned weights and how they are applied; small arrays in one file, without a library of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from yueban.assistant.index.e5_file import Floats
from yueban.assistant.language.cues import cues_in, patterns
from yueban.assistant.language.normal import HASHES, hashed, plain
from yueban.assistant.retrieval.lens import Lens
from yueban.assistant.retrieval.trust import Trust

FORMAT: Final = 1
WORDS, MEANING, CUES = 4.0, 8.0, 3.0
SHIPPED: Final = Path(__file__).with_name("weights.npz")
PLAIN: Final = Path(__file__).with_name("weights-plain.npz")


@dataclass(frozen=True)
class Classifier:
    """Softmax regression over hashed n-grams, the signs of elements and, where there is one, the question's vector."""

    classes: tuple[str, ...]
    weights: Floats

    @property
    def meaning(self) -> int:
        """The width of the vectors it was trained with; 0 for none."""
        return len(self.weights) - HASHES - len(patterns()) - 1

    def chances(self, text: str, vector: Floats | None) -> dict[str, float]:
        """Class → probability."""
        scores = features(text, vector, self.meaning) @ self.weights
        scores = np.exp(scores - scores.max())
        return dict(zip(self.classes, (scores / scores.sum()).tolist(), strict=True))


@dataclass(frozen=True)
class Weights:
    """Everything learned. ``subject`` and ``piece`` weigh columns of features in the order of their names."""

    subject: Floats
    piece: Floats
    element: Classifier
    gate: Classifier
    lens: Lens
    trust: Trust
    subject_columns: tuple[str, ...]
    piece_columns: tuple[str, ...]

    def save(self, path: Path) -> None:
        """One compressed file; halves of floats are exact enough for scores."""
        np.savez_compressed(
            path,
            subject=self.subject,
            piece=self.piece,
            element=self.element.weights.astype(np.float16),
            gate=self.gate.weights.astype(np.float16),
            centre=self.lens.centre.astype(np.float32),
            lens=self.lens.matrix.astype(np.float16),
            answerable=self.trust.answerable,
            meant=self.trust.meant,
            element_classes=np.array(self.element.classes),
            gate_classes=np.array(self.gate.classes),
            subject_columns=np.array(self.subject_columns),
            piece_columns=np.array(self.piece_columns),
        )


def read(path: Path) -> Weights:
    """From the file."""
    with np.load(path, allow_pickle=False) as stored:
        lens = Lens(stored["centre"], stored["lens"].astype(np.float32))

        def classifier(name: str) -> Classifier:
            classes = tuple(stored[f"{name}_classes"].tolist())
            return Classifier(classes, stored[name].astype(np.float32))

        return Weights(
            subject=stored["subject"],
            piece=stored["piece"],
            element=classifier("element"),
            gate=classifier("gate"),
            lens=lens,
            trust=Trust(stored["answerable"], stored["meant"]),
            subject_columns=tuple(stored["subject_columns"].tolist()),
            piece_columns=tuple(stored["piece_columns"].tolist()),
        )


def features(text: str, vector: Floats | None, width: int) -> Floats:
    """What a classifier looks at: words, signs, and the vector as the lens shows it; no vectors have width 0."""
    meaning = vector * MEANING if vector is not None else np.zeros(width, np.float32)
    one = np.ones(1, np.float32)
    found = np.concatenate([hashed(text) * WORDS, cues_in(plain(text)) * CUES, meaning[:width], one])
    return found.astype(np.float32)


def fit_classifier(rows: Floats, labels: Sequence[int], count: int, *, balance: float = 0.5) -> Floats:
    """Softmax regression by Adam with a little decay; rarer classes weigh more by ``balance``."""
    wanted = np.eye(count, dtype=np.float32)[np.asarray(labels)]
    sizes = np.maximum(wanted.sum(0), 1)
    weight = ((len(rows) / count) / sizes) ** balance
    each = (wanted @ weight)[:, None]
    each /= each.mean()
    weights = np.zeros((rows.shape[1], count), np.float32)
    step = _Adam(weights.shape)
    for _ in range(250):
        scores = rows @ weights
        scores = np.exp(scores - scores.max(1, keepdims=True))
        scores /= scores.sum(1, keepdims=True)
        weights -= step(rows.T @ ((scores - wanted) * each) / len(rows) + 3e-4 * weights, 0.03)
    return weights


def fit_ranker(groups: Sequence[tuple[Floats, Floats]], *, decay: float = 1e-3) -> Floats:
    """Weights of columns such that in each group (candidates × columns, right ones) a right one comes first."""
    weights = np.zeros(groups[0][0].shape[1], np.float32)
    step = _Adam(weights.shape)
    for _ in range(300):
        total = np.zeros_like(weights)
        for rows, right in groups:
            scores = rows @ weights
            scores = np.exp(scores - scores.max())
            chosen = scores * right
            total += rows.T @ (scores / scores.sum() - chosen / chosen.sum())
        weights -= step(total / len(groups) + decay * weights, 0.1)
    return weights


class _Adam:
    """The step of each weight, smoothed over the rounds."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._mean, self._square, self._round = np.zeros(shape, np.float32), np.zeros(shape, np.float32), 0

    def __call__(self, slope: Floats, rate: float) -> Floats:
        self._round += 1
        self._mean = 0.9 * self._mean + 0.1 * slope
        self._square = 0.99 * self._square + 0.01 * slope * slope
        mean = self._mean / (1 - 0.9**self._round)
        square = self._square / (1 - 0.99**self._round)
        found: Floats = rate * mean / (np.sqrt(square) + 1e-8)
        return found
