"""The extractive answer in a model's words, sentence by sentence; what fails becomes the extractive answer again."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise

from yueban.assistant.checking.facts import unsupported
from yueban.assistant.checking.intrusions import strip_instructions
from yueban.assistant.checking.names import NO_NAMES, Vocabulary
from yueban.assistant.checking.plain_text import INVISIBLE, evened, pairs_of
from yueban.assistant.speaking.client import Budget, ChatModel, stream, without_limit
from yueban.assistant.speaking.prompting import is_leak, messages_for
from yueban.assistant.speaking.sentences import cut
from yueban.assistant.speaking.steps import finished
from yueban.kernel.masking import STAR
from yueban.model_endpoints.connecting import NoAnswer

LEAST_SHARED = 0.45
# Of each part of a sentence so much must have been said, and every word that denies: no condition is dropped.
LEAST_TOLD = 0.7
PART = re.compile(r"[^，。；、：:;()（）“”\n→]+")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# What counts the entries of a list and is no fact: 1. … ；2. …
ENTRY = re.compile(r"(?<=[：；:;])\s*\d{1,2}\. ?(?=\D)")
DENIAL = re.compile("[不无没未非免除禁勿别仅只][\u4e00-\u9fff]")
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
    with closing(speak(question_masked, extract, model, vocabulary=vocabulary, budget=budget)) as steps:
        return finished(steps, on_sentence)


def speak(
    question_masked: str,
    extract: Sequence[Sentence],
    model: ChatModel,
    *,
    vocabulary: Vocabulary = NO_NAMES,
    budget: Budget = without_limit,
) -> Generator[SpokenSentence, None, Spoken]:
    """The same step by step: whoever takes the sentences may stop."""
    speech = _Speech(extract, vocabulary)
    reason = ""
    try:
        texts = [strip_instructions(one.text) for one in extract]
        with closing(stream(model, messages_for(question_masked, texts), budget=budget)) as pieces:
            for text, cites in cut(pieces):
                speech.hear(text, cites)
                yield from speech.news()
    except NoAnswer as error:
        reason = str(error)
    speech.complete()
    yield from speech.news()
    said = tuple(speech.said)
    return Spoken(said, any(one.by_model for one in said), speech.replaced, reason)


@dataclass(slots=True)
class _Speech:
    """What has been said so far, and how often the model had to be corrected."""

    extract: Sequence[Sentence]
    vocabulary: Vocabulary
    said: list[SpokenSentence] = field(default_factory=list)
    held: list[SpokenSentence] = field(default_factory=list)
    replaced: int = 0
    told: int = 0

    def news(self) -> list[SpokenSentence]:
        """What has been said since this was last asked."""
        found, self.told = self.said[self.told :], len(self.said)
        return found

    def hear(self, text: str, numbers: tuple[int, ...]) -> None:
        """Take the model's sentence where it stands in what it cites, say the extract's in its place where not."""
        if is_leak(text):
            raise NoAnswer("模型说出了给它的指示")
        cites = tuple(number - 1 for number in numbers if 0 < number <= len(self.extract))
        home = self._home(text, cites) if len(cites) == len(numbers) else ()
        if home:
            self._take(SpokenSentence(text, home, by_model=True))
            return
        self.replaced += 1
        for place in cites:
            self._quote(place)
        if self.replaced >= MOST_FAILURES:
            raise NoAnswer("模型说的多处没有依据")

    def complete(self) -> None:
        """Quote every sentence of the extract that has not been said whole; what was said of it by half is dropped."""
        for place in range(len(self.extract)):
            if not self._is_told(place, self.said):
                self._quote(place)

    def _take(self, sentence: SpokenSentence) -> None:
        """Say it once it and those before it have said all that the sentences they cite say."""
        self.held.append(sentence)
        group = [one for one in self.held if set(one.cites) & set(sentence.cites)]
        places = {place for one in group for place in one.cites}
        if all(self._is_quoted(place) for place in places):
            return
        if all(self._is_told(place, [*self.said, *group]) for place in places):
            self.held = [one for one in self.held if one not in group]
            self.said += group

    def _home(self, text: str, cites: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the places cited that are of one unit in which the text stands whole: its one citation."""
        if INVISIBLE.search(text) or any(unicodedata.category(one) in ODD or one == STAR for one in text):
            return ()
        units = dict.fromkeys(self.extract[place].unit_key for place in cites)
        homes = (tuple(place for place in cites if self.extract[place].unit_key == unit) for unit in units)
        return next((home for home in homes if self._stands(text, home)), ())

    def _stands(self, text: str, cites: tuple[int, ...]) -> bool:
        source = "\n".join(map(self._source, cites))
        pairs = pairs_of(evened(text))
        shared = len(pairs & pairs_of(evened(source)))
        quote = strip_instructions(self.extract[cites[0]].quote)
        return (
            shared >= LEAST_SHARED * len(pairs)
            and not unsupported(text, source, self.vocabulary)
            and not unsupported(text, quote, self.vocabulary)
        )

    def _source(self, place: int) -> str:
        """What the model may draw on: the sentence and its quote, without what speaks to a machine."""
        return strip_instructions(f"{self.extract[place].text}\n{self.extract[place].quote}")

    def _is_told(self, place: int, sentences: Sequence[SpokenSentence]) -> bool:
        """Whether these sentences say something of every clause of a sentence, and all its facts."""
        said = "\n".join(one.text for one in sentences if place in one.cites)
        text = ENTRY.sub("", self.extract[place].text)
        return bool(said) and _is_whole(text, said) and not unsupported(text, said, self.vocabulary)

    def _is_quoted(self, place: int) -> bool:
        return any(not one.by_model and place in one.cites for one in self.said)

    def _quote(self, place: int) -> None:
        if not self._is_quoted(place):
            self.said.append(SpokenSentence(self.extract[place].text, (place,), by_model=False))


def _is_whole(text: str, said: str) -> bool:
    """Whether most words of a text and of every part of it have been said, all that deny and all numbers."""
    even, told = evened(text), evened(said)
    pairs, told_pairs = _counted(even), _counted(told)
    if not set(DENIAL.findall(even)) <= set(told_pairs) or not set(NUMBER.findall(even)) <= set(
        NUMBER.findall(told)
    ):
        return False
    parts = map(pairs_of, PART.findall(even))
    return (pairs & told_pairs).total() >= LEAST_TOLD * pairs.total() and all(
        sum(pair in told_pairs for pair in part) >= LEAST_TOLD * len(part) for part in parts
    )


def _counted(even: str) -> Counter[str]:
    """Neighbouring characters, as often as they stand there."""
    bare = "".join(one for one in even if one.isalpha())
    return Counter(map("".join, pairwise(bare)))
