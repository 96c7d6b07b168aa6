"""One piece of knowledge before it is stored as a unit: what may be said of one element of one subject."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Piece:
    """``subject`` is kind:key of what it is about; ``sentences`` may be quoted as they stand, the first answers.

    ``names`` are what people call the subject; ``asked`` are more words by which the piece is found and never said.
    ``sentences_en`` say the structured part in English; ``division`` empty = the whole city.
    """

    subject: str
    element: str
    name: str
    title: str
    sentences: tuple[str, ...]
    version: str
    owner: str
    names: tuple[str, ...] = ()
    name_en: str = ""
    sentences_en: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    division: str = ""
    audience: str = ""
    valid_from: str = ""
    valid_to: str = ""
    review_on: str = ""
    part: str = ""

    @property
    def key(self) -> str:
        """What names it for good: subject, element, part and division."""
        parts = [self.subject, "#", self.element]
        if self.part:
            parts += [".", self.part]
        if self.division:
            parts += ["@", self.division]
        return "".join(parts)

    @property
    def text(self) -> str:
        """Everything it says."""
        return "".join(self.sentences)

    @property
    def digest(self) -> str:
        """Hash of all of it; one that changes is another piece."""
        stored = json.dumps(self.stored(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(stored.encode()).hexdigest()

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day; bounds are inclusive."""
        written = day.isoformat()
        return (not self.valid_from or self.valid_from <= written) and (
            not self.valid_to or written <= self.valid_to
        )

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """From JSON."""
        tuples = ("sentences", "names", "sentences_en", "asked")
        known = {one.name: stored[one.name] for one in fields(cls) if one.name in stored}
        return cls(**known | {name: tuple(known[name]) for name in tuples if name in known})
