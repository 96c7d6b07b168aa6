"""Text to token numbers as multilingual-e5-small reads it: the most likely way to cut it into known pieces."""

import re
from collections import defaultdict
from typing import Final

from yueban.assistant.index.e5_file import Pieces

SPACE: Final = "▁"
SPACES: Final = re.compile(" {2,}")
# What a character that no piece holds costs more than the least likely piece.
UNKNOWN_COSTS: Final = 10.0


class Tokenizer:
    """Cuts texts; built once from the wheel's table."""

    def __init__(self, pieces: Pieces) -> None:
        self._plain = pieces.plain
        self._unknown = pieces.unknown
        self._ids: dict[str, int] = {}
        self._scores = pieces.scores
        self._unknown_score = min(pieces.scores) - UNKNOWN_COSTS
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(pieces.texts):
            if text and number != pieces.unknown:
                self._ids.setdefault(text, number)
                lengths[text[0]].add(len(text))
        self._lengths = {first: sorted(known) for first, known in lengths.items()}

    def tokens(self, text: str) -> list[int]:
        """The numbers of the pieces, without the marks of beginning and end."""
        plain = SPACES.sub(" ", text.translate(self._plain))
        plain = plain.replace(" ", SPACE)
        if not plain.startswith(SPACE):
            plain = SPACE + plain
        return self._cut(plain)

    def _cut(self, text: str) -> list[int]:
        """Viterbi over the pieces; `best[i]` is the score of the best cut of the first i characters."""
        size = len(text)
        best = [float("-inf")] * (size + 1)
        best[0] = 0.0
        came: list[tuple[int, int]] = [(0, self._unknown)] * (size + 1)
        for start in range(size):
            here = best[start]
            if here + self._unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = here + self._unknown_score, (start, self._unknown)
            for length in self._lengths.get(text[start], ()):
                stop = start + length
                if stop > size:
                    break
                number = self._ids.get(text[start:stop])
                if number is not None and here + self._scores[number] > best[stop]:
                    best[stop], came[stop] = here + self._scores[number], (start, number)
        return _walk_back(came, size)


def _walk_back(came: list[tuple[int, int]], size: int) -> list[int]:
    found: list[int] = []
    while size:
        size, number = came[size]
        found.append(number)
    return found[::-1]
