"""An answer in the model's words: its cited sentences rephrased and checked, everything else as it was."""

import logging
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from time import perf_counter

from yueban.assistant.answering.answer import Answer, Citation, Sentence
from yueban.assistant.choices import Gate
from yueban.assistant.retrieval.library import Library
from yueban.assistant.shelf import shelf
from yueban.assistant.speaking import rephrase as speech
from yueban.assistant.speaking.budget import spend
from yueban.assistant.speaking.client import Budget, ChatModel, without_limit
from yueban.assistant.speaking.configured import chat_model_at, find_chat_model
from yueban.assistant.speaking.known_names import names_of
from yueban.assistant.speaking.rephrase import Spoken, SpokenSentence, speak
from yueban.assistant.speaking.steps import finished, mapped

Telling = Generator[Sentence, None, Answer]
"""The sentences as they are said, and the whole answer at the end."""
logger = logging.getLogger(__name__)


def in_own_words(*, question_masked: str, answer: Answer) -> Telling:
    """The answer as the installation's model says it, within the day's budget; as it was where there is none."""
    model, held = find_chat_model(), shelf()
    if model is None or held is None:
        return answer
    return (
        yield from telling(model, held.library, question_masked=question_masked, answer=answer, budget=spend)
    )


def speaker(url: str = "") -> Callable[[str, Answer], Answer] | None:
    """Who says answers in the words of the model at an address (empty = the installation's), beyond any budget."""
    model, held = chat_model_at(url), shelf()
    if model is None or held is None:
        return None
    return lambda question, answer: finished(
        telling(model, held.library, question_masked=question, answer=answer)
    )


def telling(
    model: ChatModel,
    library: Library,
    *,
    question_masked: str,
    answer: Answer,
    budget: Budget = without_limit,
) -> Telling:
    """The answer as this model says it. English ones are quoted: what they rest on is Chinese, as are the checks."""
    cited = [(one, one.citation) for one in answer.sentences if one.citation is not None]
    if answer.gate != Gate.ANSWER or answer.language == "en" or not cited:
        return answer
    began = perf_counter()

    def sentence_of(one: SpokenSentence) -> Sentence:
        return Sentence(one.text, cited[one.cites[0]][1], by_model=one.by_model)

    before, after = _around(answer)
    yield from before
    steps = speak(
        question_masked,
        [_passage(one, answer.citations[place]) for one, place in cited],
        model,
        vocabulary=names_of(library),
        budget=budget,
    )
    with closing(steps):
        spoken = yield from mapped(steps, sentence_of)
    _note(spoken)
    timing = answer.timing_ms | {"model": round((perf_counter() - began) * 1000, 2)}
    if not spoken.used_model:
        return replace(answer, timing_ms=timing)
    said = (*before, *map(sentence_of, spoken.sentences), *after)
    return replace(answer, sentences=said, by_model=True, model=model.name, timing_ms=timing)


def _passage(sentence: Sentence, citation: Citation) -> speech.Sentence:
    return speech.Sentence(sentence.text, citation.unit, citation.quote)


def _around(answer: Answer) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """The words without a fact that stand before and after the cited sentences."""
    cites = [one.citation is not None for one in answer.sentences]
    first, last = cites.index(True), len(cites) - cites[::-1].index(True)
    return answer.sentences[:first], answer.sentences[last:]


def _note(spoken: Spoken) -> None:
    if spoken.reason:
        logger.warning("model not heard to its end: %s", spoken.reason)
    if spoken.replaced:
        logger.info("sentences of the model replaced: %d", spoken.replaced)
