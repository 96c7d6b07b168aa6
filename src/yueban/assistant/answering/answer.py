"""What an answer is: sentences with their citations, what one can do next, and how it came about."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from yueban.assistant.choices import Gate, Why


@dataclass(frozen=True, slots=True)
class Citation:
    """The place where a sentence stands: the unit, its title and version, and the very words.

    ``link`` = kind and key of the source with the anchor of the part (``item``, ``old-age-allowance``, ``fee``); the
    channel makes an address of it.
    """

    unit: str
    title: str
    version: str
    quote: str
    effective_on: str | None = None
    source: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``citation`` counts from 0 in the answer's citations, None for words without a fact."""

    text: str
    citation: int | None = None
    by_model: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What one can do next.

    ``kind``: open_item, start_item, open_offer, open_policy, open_bundle, near, sign_in, matters, person, call, ask;
    ``target`` is the key, code, number or question it is about.
    """

    kind: str
    label: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is shown, stored and printed by `assistant ask`."""

    gate: Gate
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...] = ()
    actions: tuple[Action, ...] = ()
    why: Why | None = None
    # For a question back: what can be chosen, as label and the question that a click asks.
    choices: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    element: str = ""
    place: str = ""
    place_name: str = ""
    language: str = "zh"
    by_model: bool = False
    model: str = ""
    index_number: int = 0
    units: tuple[tuple[str, float], ...] = ()
    timing_ms: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole answer as one text."""
        return "".join(sentence.text for sentence in self.sentences)

    def stored(self) -> dict[str, Any]:
        """As JSON, for the turn's row and the interface."""
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """The answer as it was stored."""
        return cls(
            **{
                **stored,
                "gate": Gate(stored["gate"]),
                "why": Why(stored["why"]) if stored["why"] else None,
                "sentences": tuple(Sentence(**one) for one in stored["sentences"]),
                "citations": tuple(
                    Citation(**{**one, "source": tuple(one["source"])}) for one in stored["citations"]
                ),
                "actions": tuple(Action(**one) for one in stored["actions"]),
                "choices": tuple((label, question) for label, question in stored["choices"]),
                "units": tuple((unit, score) for unit, score in stored["units"]),
            }
        )
