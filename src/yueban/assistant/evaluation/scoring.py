"""Figures over a question set: what was answered rightly, refused rightly, asked back, handed over; and how fast.

Definitions of docs: accuracy = right ÷ answered; coverage = answered ÷ questions that have an answer; a refusal is
correct when nothing of the matter is told and the facts that must stand do (119 in a fire). A critical hallucination
is a number, a sum, a time or a material in a sentence that its citation does not hold.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, Final

from yueban.assistant.answering.answer import Answer
from yueban.assistant.choices import Gate
from yueban.assistant.evaluation.comparing import holds, holds_all

Row = dict[str, Any]
Unsupported = Callable[[str, str], Sequence[Any]]
EXPECTED: Final = {"answer": Gate.ANSWER, "clarify": Gate.CLARIFY, "handover": Gate.PERSON}


@dataclass(frozen=True, slots=True)
class Graded:
    """One question with what became of it."""

    row: Row
    answer: Answer
    is_right: bool
    ms: float
    cited: int
    supported: int
    critical: int

    @property
    def is_answered(self) -> bool:
        """Whether an answer was given at all."""
        return self.answer.gate == Gate.ANSWER


def grade(row: Row, answer: Answer, ms: float, unsupported: Unsupported) -> Graded:
    """Whether it is right, and whether every sentence stands in what it cites."""
    cited = [one for one in answer.sentences if one.citation is not None]
    wrong = [unsupported(one.text, answer.citations[one.citation or 0].quote) for one in cited]
    return Graded(
        row=row,
        answer=answer,
        is_right=is_right(row, answer),
        ms=ms,
        cited=len(cited),
        supported=sum(not found for found in wrong),
        critical=sum(bool(found) for found in wrong),
    )


def is_right(row: Row, answer: Answer) -> bool:
    """As the README of the question set says for each kind of question."""
    expect = row["expect"]
    if expect == "refuse":
        return _is_refused_rightly(row, answer)
    if answer.gate != EXPECTED[expect]:
        return False
    if expect == "clarify":
        return len(answer.choices) > 0
    if expect == "handover":
        return True
    subjects = {_subject(unit.unit) for unit in answer.citations}
    if not subjects & set(row["about"]):
        return False
    return holds_all(answer.text, row["facts"]) and not any(
        holds(_body(answer), one) for one in row["forbidden"]
    )


def _is_refused_rightly(row: Row, answer: Answer) -> bool:
    is_refusal = answer.gate in {Gate.REFUSE, Gate.PERSON}
    if row["why"] == "verdict" and answer.gate == Gate.ANSWER:
        return False
    return (
        is_refusal
        and holds_all(answer.text, row["facts"])
        and not any(holds(answer.text, one) for one in row["forbidden"])
    )


def _subject(unit: str) -> str:
    return unit.partition("#")[0]


def _body(answer: Answer) -> str:
    return "".join(one.text for one in answer.sentences)


def figures(graded: Sequence[Graded]) -> dict[str, Any]:
    """The contract of `assistant score`."""
    asked = [one for one in graded if one.row["expect"] == "answer"]
    answered = [one for one in asked if one.is_answered]
    refused = [one for one in graded if one.row["expect"] == "refuse"]
    times = sorted(one.ms for one in graded)
    cited = sum(one.cited for one in graded)
    return {
        "questions": len(graded),
        "answered": len(answered),
        "accuracy": _share(answered, right=True),
        "coverage": round(len(answered) / len(asked), 4) if asked else None,
        "citation_support": round(sum(one.supported for one in graded) / cited, 4) if cited else None,
        "hallucination_critical": sum(one.critical for one in graded),
        "refusal_accuracy": _share(refused, right=True),
        "false_refusal": round(
            sum(one.answer.gate in {Gate.REFUSE, Gate.PERSON} for one in asked) / len(asked), 4
        )
        if asked
        else None,
        "clarify_accuracy": _share([one for one in graded if one.row["expect"] == "clarify"], right=True),
        "handover_accuracy": _share([one for one in graded if one.row["expect"] == "handover"], right=True),
        "by_style": _by(asked, "style"),
        "by_why": _by([one for one in graded if one.row["expect"] != "answer"], "why"),
        "p50_ms": round(times[len(times) // 2], 1) if times else None,
        "p95_ms": round(quantiles(times, n=20)[-1], 1) if len(times) > 1 else None,
    }


def _share(graded: Sequence[Graded], *, right: bool) -> float | None:
    return round(sum(one.is_right is right for one in graded) / len(graded), 4) if graded else None


def _by(graded: Iterable[Graded], field: str) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Graded]] = defaultdict(list)
    for one in graded:
        groups[str(one.row[field])].append(one)
    return {
        name: {
            "questions": len(own),
            "accuracy": _share(
                [one for one in own if one.is_answered or one.row["expect"] != "answer"], right=True
            ),
            "coverage": round(sum(one.is_answered for one in own) / len(own), 4),
            "right": round(sum(one.is_right for one in own) / len(own), 4),
        }
        for name, own in sorted(groups.items())
    }
