"""A turn of a consultation as every channel shows it: sentences with their citations, and what one can do next."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from yueban.assistant.choices import Gate
from yueban.assistant.selectors import Action, Answer, Citation
from yueban.channels.shared.cited import AT, CITE, LONGEST, VERSION
from yueban.flows.ask import Asked

Address = Callable[[str], str]
POSTED = frozenset({"ask", "person"})


@dataclass(frozen=True)
class Addresses:
    """Where a channel leads: pages of sources by kind, actions by kind; what it has no page for has no link."""

    sources: Mapping[str, Address]
    actions: Mapping[str, Address]


@dataclass(frozen=True)
class ShownCitation:
    """One source, with the number that stands behind its sentences."""

    number: int
    title: str
    version: str
    effective_on: str
    quote: str
    href: str


@dataclass(frozen=True)
class ShownSentence:
    """One sentence, with its source if it states a fact."""

    text: str
    citation: ShownCitation | None
    by_model: bool


@dataclass(frozen=True)
class ShownAction:
    """A button: an address, or a question to be asked, or the way to a person."""

    kind: str
    label: str
    href: str = ""
    question: str = ""


@dataclass(frozen=True)
class ShownTurn:
    """One question with its answer."""

    number: int
    question: str
    answer: Answer
    sentences: tuple[ShownSentence, ...]
    citations: tuple[ShownCitation, ...]
    actions: tuple[ShownAction, ...]
    choices: tuple[tuple[str, str], ...]
    ticket: str
    heading: str
    label: str

    @property
    def is_chinese(self) -> bool:
        """Whether the answer itself is Chinese."""
        return self.answer.language != "en"

    @property
    def kind(self) -> str:
        """The gate as a word of the style sheet."""
        return str(self.answer.gate)

    @property
    def may_be_rated(self) -> bool:
        """Whether it says something that may be useful or wrong."""
        return self.answer.gate in (Gate.ANSWER, Gate.REFUSE)


def shown_turns(turns: Sequence[Asked], addresses: Addresses) -> list[ShownTurn]:
    """The turns of a conversation."""
    return [shown_turn(turn, addresses) for turn in turns]


def shown_turn(asked: Asked, addresses: Addresses) -> ShownTurn:
    """One turn for a template."""
    answer = asked.answer
    citations = tuple(
        _citation(number, one, answer, addresses) for number, one in enumerate(answer.citations, 1)
    )
    return ShownTurn(
        number=asked.turn,
        question=asked.question,
        answer=answer,
        sentences=tuple(
            ShownSentence(one.text, _cited(citations, one.citation), one.by_model) for one in answer.sentences
        ),
        citations=citations,
        actions=tuple(shown for one in answer.actions if (shown := _action(one, addresses))),
        choices=answer.choices,
        ticket=asked.ticket,
        heading=_heading(answer),
        label=_made_label(asked) if answer.by_model else "",
    )


def _cited(citations: tuple[ShownCitation, ...], number: int | None) -> ShownCitation | None:
    return citations[number] if number is not None and 0 <= number < len(citations) else None


def _heading(answer: Answer) -> str:
    return {
        Gate.CLARIFY: _("您指的是哪一种？"),
        Gate.REFUSE: _("这个问题没有直接回答"),
        Gate.PERSON: _("转人工"),
    }.get(Gate(answer.gate), "")


def _citation(number: int, one: Citation, answer: Answer, addresses: Addresses) -> ShownCitation:
    kind, key, _part = one.source
    page = addresses.sources.get(kind)
    href = cited_address(page(key), one, answer.place) if page and key else ""
    return ShownCitation(number, one.title, one.version, one.effective_on or "", one.quote, href)


def cited_address(page: str, one: Citation, place: str = "") -> str:
    """The page of a source with the very words marked (channels.shared.cited)."""
    query = {AT: one.source[2], VERSION: one.version, CITE: one.quote[:LONGEST]} | (
        {"division": place} if place else {}
    )
    return f"{page}?{urlencode(query)}#cited"


def _action(one: Action, addresses: Addresses) -> ShownAction | None:
    if one.kind in POSTED:
        return ShownAction(one.kind, one.label, question=one.target)
    address = addresses.actions.get(one.kind)
    return ShownAction(one.kind, one.label, href=address(one.target)) if address else None


def _made_label(asked: Asked) -> str:
    """The hidden label that GB 45438 asks of text made by a model: who made it, and which piece it is."""
    made = {
        "Label": "1",
        "ContentProducer": settings.YUEBAN_PUBLIC_URL,
        "ProduceID": f"{asked.conversation}-{asked.turn}",
    }
    return json.dumps({"AIGC": made}, ensure_ascii=False)


def with_answers(address: Address, target: str) -> str:
    """An address whose target carries the answers so far: ``key?question=answer``."""
    key, _mark, query = target.partition("?")
    return f"{address(key)}?{query}" if query else address(key)
