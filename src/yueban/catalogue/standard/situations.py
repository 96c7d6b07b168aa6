"""情形引导: questions, options, and where their paths end."""

from typing import Literal

from pydantic import Field, model_validator

from yueban.kernel.rows import EMPTY, ElementCode, Key, Line, Row, Text

Answer = bool | int | str
OutcomeKind = Literal["proceed", "not_needed", "not_eligible", "elsewhere"]


class Option(Row):
    """One answer: it leads to the ``next`` question or to the ``end`` outcome."""

    value: Answer
    label: Line
    label_en: str | None = None
    help: str | None = None
    next: Key | None = None
    end: Key | None = None


class SituationQuestion(Row):
    """A question whose answer becomes the fact of its element."""

    key: Key
    element: ElementCode
    text: Line
    text_en: str | None = None
    help: str | None = None
    options: tuple[Option, ...] = Field(strict=False, min_length=2)


class Outcome(Row):
    """Where a path ends: go on, no need, not eligible, or elsewhere (``item`` or ``where``)."""

    key: Key
    kind: OutcomeKind
    message: Text | None = None
    message_en: str | None = None
    basis: str | None = None
    item: Key | None = None
    where: str | None = None

    @model_validator(mode="after")
    def _says_why(self) -> "Outcome":
        if self.kind != "proceed" and not self.message:
            raise ValueError("不能继续办理的结果必须写明 message(告诉申请人为什么、怎么办)。")
        if self.kind == "elsewhere" and not (self.item or self.where):
            raise ValueError("kind 为 elsewhere 时必须写 item(另一事项的 key)或 where(去哪里办)。")
        return self


class Situation(Row):
    """All questions of an item; situations.py proves that every path ends and that none contradicts."""

    start: Key
    questions: tuple[SituationQuestion, ...] = Field(default=EMPTY, strict=False)
    outcomes: tuple[Outcome, ...] = Field(strict=False, min_length=1)


# Where a path ends that asks nothing more.
PROCEED = Outcome(key="proceed", kind="proceed")
