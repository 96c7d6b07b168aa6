"""What a consultation takes and answers with over the API: the contract of ``assistant ask``."""

from ninja import Field, Schema

from yueban.catalogue.choices import Audience
from yueban.flows.ask import Asked

LONGEST = (
    20_000  # beyond what is taken as a question: that is refused with a sentence, not as a wrong parameter
)


class QuestionIn(Schema):
    """One question; `conversation` goes on with an earlier one."""

    question: str = Field(max_length=LONGEST)
    division: str | None = Field(None, pattern="^[0-9]{12}$", description="12位区划代码")
    audience: Audience | None = Field(None, description="person 个人，enterprise 企业")
    conversation: str | None = Field(None, max_length=24, description="上一个回答里的 conversation")
    secret: str = Field("", max_length=100, description="上一个回答里的 secret")
    language: str = Field("zh", pattern="^(zh|en)$")


class PersonIn(Schema):
    """To a person."""

    secret: str = Field("", max_length=100)
    phone: str = Field("", max_length=20, description="回电用，可不填")


class CitationOut(Schema):
    """Where a sentence stands."""

    unit: str
    title: str
    version: str
    quote: str


class UnitOut(Schema):
    """A unit that was considered, and how near it was."""

    id: str
    score: float


class ChoiceOut(Schema):
    """One of the readings of a question that was asked back."""

    label: str
    question: str


class SentenceOut(Schema):
    """One sentence; `citation` counts from 0, null for words without a fact."""

    text: str
    citation: int | None
    by_model: bool


class ConsultationOut(Schema):
    """The answer with its citations, what was decided before anything was said, and how long it took."""

    conversation: str
    secret: str
    turn: int
    answer: str
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    gate: str = Field(description="answer 回答，clarify 反问，refuse 不能回答，person 转人工")
    why: str | None
    choices: list[ChoiceOut]
    units: list[UnitOut]
    items: list[str]
    timing_ms: dict[str, float]
    model: str
    is_made_by_model: bool = Field(description="true 时须标明“AI生成，仅供参考”")
    ticket: str


def consultation_out(asked: Asked) -> ConsultationOut:
    """One turn as the API tells it."""
    answer = asked.answer
    return ConsultationOut(
        conversation=asked.conversation,
        secret=asked.secret,
        turn=asked.turn,
        answer=answer.text,
        sentences=[
            SentenceOut(text=one.text, citation=one.citation, by_model=one.by_model)
            for one in answer.sentences
        ],
        citations=[
            CitationOut(unit=one.unit, title=one.title, version=one.version, quote=one.quote)
            for one in answer.citations
        ],
        gate=str(answer.gate),
        why=str(answer.why) if answer.why else None,
        choices=[ChoiceOut(label=label, question=question) for label, question in answer.choices],
        units=[UnitOut(id=unit, score=score) for unit, score in answer.units],
        items=list(dict.fromkeys(one.title.partition(" · ")[0] for one in answer.citations)),
        timing_ms=answer.timing_ms,
        model=answer.model,
        is_made_by_model=answer.by_model,
        ticket=asked.ticket,
    )
