"""The lexicon of the editors at work: words that people say, with the words of the standard added beside them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from yueban.assistant.language.normal import plain


class Entry(Protocol):
    """One row of the lexicon."""

    say: str
    means: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Longest words first, so that the longer one speaks for the shorter within it."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, entries: Iterable[tuple[str, str]]) -> "Lexicon":
        """From pairs of what is said and what it means."""
        known = {plain(say): means for say, means in entries}
        return cls(tuple(sorted(known.items(), key=lambda pair: (-len(pair[0]), pair[0]))))

    def added(self, text: str) -> list[str]:
        """The words of the standard that the text means, each once."""
        found: list[str] = []
        left = plain(text)
        for say, means in self.pairs:
            if say not in left:
                continue
            if say.isascii():
                place = re.search(rf"(?<![a-z]){re.escape(say)}(?![a-z])", left)
                if place is None:
                    continue
            left = left.replace(say, "\x00" * len(say))
            found.append(means)
        return list(dict.fromkeys(found))

    def widened(self, text: str) -> str:
        """The text with those words behind it."""
        more = self.added(text)
        return f"{text} {' '.join(more)}" if more else text
