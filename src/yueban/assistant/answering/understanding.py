"""What a question means: its place, its element, whether it may be answered; with what the conversation remembers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yueban.assistant.answering.answer import Answer
from yueban.assistant.answering.rules import by_rule
from yueban.assistant.choices import Gate, Why
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.index.errors import EmbedderFailed
from yueban.assistant.language.normal import is_english, plain
from yueban.assistant.learning.weights import Weights
from yueban.assistant.retrieval.features import Asked
from yueban.assistant.retrieval.library import Library

# A class is believed above this; below, the question goes on to retrieval.
SURE: Final = 0.5
SHORT: Final = 12
ELLIPSIS: Final = re.compile(
    r"^(那|那么|还有|要|带|需要|多久|几天|多少|去哪|哪里|在哪|怎么|电话|材料|条件|收费|网上|and|what about|how)"
)
# What is decided by the sources and not by the form of the question.
BY_SOURCE: Final = frozenset({"answer", "expired", "place", "two_readings", "unknown"})


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation keeps: the subject spoken of, the last question, the question asked back."""

    subject: str = ""
    question: str = ""
    asked_back: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> "Memory":
        """From the conversation's row."""
        return cls(**{name: str(stored.get(name, "")) for name in cls.__slots__})


def remembered(before: Memory, question: str, answer: Answer) -> Memory:
    """What the conversation keeps after an answer; a question not answered leaves what was kept before."""
    went_on = answer.gate in {Gate.ANSWER, Gate.CLARIFY}
    return Memory(
        subject=answer.subject or before.subject,
        question=question if went_on else before.question,
        asked_back=str(answer.why) if answer.gate == Gate.CLARIFY else "",
    )


@dataclass(frozen=True, slots=True)
class Understood:
    """A question read."""

    asked: Asked
    elements: Mapping[str, float]
    gates: Mapping[str, float]
    why: Why | None
    english: bool
    place: str


def understand(
    library: Library, weights: Weights, text: str, *, place: str, audience: str, memory: Memory
) -> Understood:
    """Read a question; a short one is read together with the one before it."""
    why = by_rule(text)
    before = memory.question or library.name_of(memory.subject)
    whole = f"{before} {text}" if before and is_short(text) else text
    vector, own = (
        one if one is None else weights.lens.of_question(one) for one in vectors(library, [whole, text])
    )
    gates = weights.gate.chances(text, own)
    if why is None:
        why = believed(gates)
    named = library.places.find(plain(text)) if library.places else ""
    asked = Asked(
        text=whole,
        widened=library.lexicon.widened(whole),
        vector=vector,
        audience=audience,
        place=named or place,
        remembered=memory.subject,
    )
    widened = library.lexicon.widened(text)
    elements = weights.element.chances(widened, own)
    return Understood(asked, elements, gates, why, is_english(text), named or place)


def believed(gates: Mapping[str, float]) -> Why | None:
    """The reason not to answer that the form of the question gives: the best one, where an answer is less likely."""
    others = {name: chance for name, chance in gates.items() if name not in BY_SOURCE}
    if not others or sum(others.values()) < SURE:
        return None
    return Why(max(others, key=lambda name: others[name]))


def is_short(text: str) -> bool:
    """Whether a question cannot stand alone."""
    return len(text) <= SHORT or bool(len(text) <= 2 * SHORT and ELLIPSIS.match(plain(text)))


def vectors(library: Library, texts: list[str]) -> list[Floats | None]:
    """Vectors of the texts; none where nobody makes them or the maker fails: then words alone serve."""
    if library.embedder is None:
        return [None] * len(texts)
    distinct = list(dict.fromkeys(texts))
    try:
        made = dict(zip(distinct, library.embedder.queries(distinct), strict=True))
    except EmbedderFailed:
        return [None] * len(texts)
    return [made[text] for text in texts]
