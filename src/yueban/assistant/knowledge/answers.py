"""Pieces of approved Q&A: each stands under the subject of its first source, found by the ways it is asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from yueban.assistant.choices import Element
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.wording import sentence


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """One approved Q&A with its placeholders filled."""

    key: str
    question: str
    variants: tuple[str, ...]
    answer: str
    sources: tuple[str, ...]
    audience: str
    division: str
    owner: str
    review_on: str
    signed_on: str
    revision: int


def answer_pieces(sources: Iterable[AnswerSource], subjects: Mapping[str, Piece]) -> Iterator[Piece]:
    """One piece a Q&A; ``subjects`` gives any piece of a subject, for its name."""
    for source in sources:
        subject = source.sources[0].partition("#")[0] if source.sources else f"answer:{source.key}"
        known = subjects.get(subject)
        yield Piece(
            subject=subject,
            element=Element.ANSWER,
            part=source.key,
            name=known.name if known else source.question,
            name_en=known.name_en if known else "",
            names=known.names if known else (),
            title=source.question,
            sentences=(sentence(source.answer),),
            asked=(source.question, *source.variants),
            audience=source.audience,
            division=source.division,
            owner=source.owner,
            review_on=source.review_on,
            valid_from=source.signed_on,
            valid_to=known.valid_to if known else "",
            version=f"第{source.revision + 1}版",
        )
