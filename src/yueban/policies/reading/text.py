"""The text of a clause as the reader sees it: the same length as written, so that every place stays a place."""

import unicodedata
from typing import Self

SAME = str.maketrans(
    {
        "，": ",",
        "；": ";",
        "：": ":",
        "（": "(",
        "）": ")",
        "％": "%",
        "﹪": "%",
        "〇": "零",
        "两": "二",
        "\u3000": " ",
    }
)


def even(text: str) -> str:
    """Full-width letters and digits, brackets and commas as plain ones; one character for one character."""
    return "".join(_plain(character) for character in text).translate(SAME)


def _plain(character: str) -> str:
    if character in "。、":
        return character
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


class Span(tuple[int, int]):
    """Where in the clause something is said: first character, and the one after the last."""

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Self:
        """From two places."""
        return super().__new__(cls, (start, end))

    @property
    def start(self) -> int:
        """The first character."""
        return self[0]

    @property
    def end(self) -> int:
        """The one after the last."""
        return self[1]
