"""The extractive answer in a model's words, sentence by sentence; what fails becomes the extractive answer again."""

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from yueban.assistant.checking.facts import unsupported
from yueban.assistant.checking.intrusions import strip_instructions
from yueban.assistant.checking.names import NO_NAMES, Vocabulary
from yueban.assistant.checking.plain_text import INVISIBLE, evened, pairs_of
from yueban.assistant.speaking.client import Budget, ChatModel, stream, without_limit
from yueban.assistant.speaking.prompting import is_leak, messages_for
from yueban.assistant.speaking.sentences import Cutter
from yueban.model_endpoints.connecting import NoAnswer

LEAST_SHARED = 0.45
MOST_FAILURES = 3
ODD = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "So"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the extractive answer, the unit it comes from and the words it stands on."""

    text: str
    unit_key: str
    quote: str


@dataclass(frozen=True, slots=True)
class SpokenSentence:
    """A sentence as it is said; ``cites`` are places in the extract, from 0."""

    text: str
    cites: tuple[int, ...]
    by_model: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said; ``reason`` is why the model was not heard to its end, empty where it was."""

    sentences: tuple[SpokenSentence, ...]
    used_model: bool
    replaced: int
    reason: str


OnSentence = Callable[[SpokenSentence], None]


def rephrase(
    question_masked: str,
    extract: Sequence[Sentence],
    model: ChatModel,
    *,
    on_sentence: OnSentence,
    vocabulary: Vocabulary = NO_NAMES,
    budget: Budget = without_limit,
) -> Spoken:
    """Every sentence is handed on when it is checked; all facts of the extract are said at the end."""
    speech = _Speech(extract, vocabulary, on_sentence)
    reason = ""
    try:
        pieces = stream(
            model,
            messages_for(question_masked, [strip_instructions(one.text) for one in extract]),
            budget=budget,
        )
        with closing(pieces):
            cutter = Cutter()
            for piece in pieces:
                for text, cites in cutter.feed(piece):
                    speech.hear(text, cites)
            for text, cites in cutter.feed("", is_end=True):
                speech.hear(text, cites)
    except NoAnswer as error:
        reason = str(error)
    speech.complete()
    said = tuple(speech.said)
    return Spoken(said, any(one.by_model for one in said), speech.replaced, reason)


@dataclass(slots=True)
class _Speech:
    """What has been said so far, and how often the model had to be corrected."""

    extract: Sequence[Sentence]
    vocabulary: Vocabulary
    on_sentence: OnSentence
    said: list[SpokenSentence] = field(default_factory=list)
    replaced: int = 0

    def hear(self, text: str, numbers: tuple[int, ...]) -> None:
        """Say the model's sentence where it stands in what it cites, the extract's in its place where not."""
        if is_leak(text):
            raise NoAnswer("模型说出了给它的指示")
        cites = tuple(number - 1 for number in numbers if 0 < number <= len(self.extract))
        if cites and len(cites) == len(numbers) and self._stands(text, cites):
            if not all(map(self._is_quoted, cites)):
                self._say(SpokenSentence(text, cites, by_model=True))
            return
        self.replaced += 1
        for place in cites:
            self._quote(place)
        if self.replaced >= MOST_FAILURES:
            raise NoAnswer("模型说的多处没有依据")

    def complete(self) -> None:
        """Quote every sentence of the extract whose facts have not all been said."""
        for place in range(len(self.extract)):
            if not self._is_covered(place):
                self._quote(place)

    def _stands(self, text: str, cites: tuple[int, ...]) -> bool:
        source = "\n".join(map(self._source, cites))
        if INVISIBLE.search(text) or any(unicodedata.category(one) in ODD for one in text):
            return False
        pairs = pairs_of(evened(text))
        shared = len(pairs & pairs_of(evened(source)))
        return shared >= LEAST_SHARED * len(pairs) and not unsupported(text, source, self.vocabulary)

    def _source(self, place: int) -> str:
        """What the model may draw on: the sentence and its quote, without what speaks to a machine."""
        return strip_instructions(f"{self.extract[place].text}\n{self.extract[place].quote}")

    def _is_covered(self, place: int) -> bool:
        said = "\n".join(one.text for one in self.said if place in one.cites)
        return bool(said) and not unsupported(self.extract[place].text, said, self.vocabulary)

    def _is_quoted(self, place: int) -> bool:
        return any(not one.by_model and place in one.cites for one in self.said)

    def _quote(self, place: int) -> None:
        if not self._is_quoted(place):
            self._say(SpokenSentence(self.extract[place].text, (place,), by_model=False))

    def _say(self, sentence: SpokenSentence) -> None:
        self.said.append(sentence)
        self.on_sentence(sentence)
