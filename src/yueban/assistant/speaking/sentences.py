"""A stream of pieces cut into sentences, each with the numbers of the passages it cites."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yueban.model_endpoints.connecting import NoAnswer

CITED = re.compile(
    r"(?P<text>.*?)(?P<cites>(?:\s*[\[【［]\s*\d{1,2}(?:\s*[,，、]\s*\d{1,2})*\s*[\]】］])+)", re.DOTALL
)
NUMBER = re.compile(r"\d{1,2}")
STOPS = "。！？!?；;，,、.\n\r\t "
LONGEST = 500


@dataclass(slots=True)
class Cutter:
    """Holds what has come of a sentence until its citation is there."""

    held: str = ""
    cut: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)

    def feed(self, piece: str, *, is_end: bool = False) -> list[tuple[str, tuple[int, ...]]]:
        """The sentences that are whole now; what has no citation is none."""
        self.held += piece
        done: list[tuple[str, tuple[int, ...]]] = []
        while (found := CITED.match(self.held)) and (
            is_end or self.held[found.end() :].strip(STOPS + "[【［")
        ):
            text, cites = (
                found["text"].strip(STOPS),
                tuple(int(one) for one in NUMBER.findall(found["cites"])),
            )
            self.held = self.held[found.end() :]
            if text:
                done.append((f"{text}。", tuple(dict.fromkeys(cites))))
        if len(self.held) > LONGEST:
            raise NoAnswer("模型没有写明出处")
        return done


def cut(pieces: Iterable[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every sentence of a stream with its numbers, once it is whole."""
    cutter = Cutter()
    for piece in pieces:
        yield from cutter.feed(piece)
    yield from cutter.feed("", is_end=True)
