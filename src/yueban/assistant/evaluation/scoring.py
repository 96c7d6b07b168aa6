"""Figures over a question set: what was answered rightly, refused rightly, asked back, handed over; and how fast.

Definitions of docs: accuracy = right ÷ answered; coverage = answered ÷ questions that have an answer; a refusal is
correct when nothing of the matter is told and the facts that must stand do (119 in a fire). A critical hallucination
is a number, a sum, a time or a material in a sentence that its citation does not hold; a sentence that cites nothing
may say no sum, time or material that stands nowhere in what the answer cites, names or offers to choose.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, Final

from yueban.assistant.answering.answer import Answer, Citation
from yueban.assistant.choices import Gate
from yueban.assistant.evaluation.comparing import holds, holds_all, plain_name
from yueban.assistant.evaluation.questions import NEEDED

Row = dict[str, Any]
Unsupported = Callable[[str, str], Sequence[Any]]
EXPECTED: Final = {"answer": Gate.ANSWER, "clarify": Gate.CLARIFY, "handover": Gate.PERSON}
# Facts that nobody may be told without a source; numbers count where they are of time.
CRITICAL: Final = frozenset({"money", "date", "time", "percent", "material"})
OF_TIME: Final = re.compile(
    r"(日|天|周|星期|礼拜|月|年|季度|小时|钟头|分钟|days?|weeks?|months?|years?|hours?)$"
)
# A unit that is no one element says of itself what it is about.
SAYS: Final = {
    "materials": re.compile("材料|带上|提交|身份证|申请表|原件|复印件"),
    "time": re.compile(r"\d+个?(工作日|天|日)|当场|即办|马上"),
    "fee": re.compile("收费|免费|费用|不要钱"),
    "where": re.compile("窗口|大厅|中心|路\\d+号|地址"),
    "conditions": re.compile("条件|符合|年满|可以申请"),
    "online": re.compile("网上|线上|浙里办"),
    "deadline": re.compile("截止|为止|之前|申报时间"),
    "steps": re.compile("申请|提交|办理"),
    "validity": re.compile("有效期|长期有效"),
    "amount": re.compile(r"元|%|％"),
    "cap": re.compile("最高|不超过|上限"),
}
OF_SEVERAL: Final = frozenset({"answer", "faq", "clause", "situation"})
NAMED: Final = re.compile("《([^》]+)》")


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
        critical=sum(bool(found) for found in wrong) + _uncited_facts(answer, unsupported),
    )


def _uncited_facts(answer: Answer, unsupported: Unsupported) -> int:
    """How many sentences without a citation say a sum, a time or a material that stands nowhere in the answer."""
    known = [text for one in answer.citations for text in (one.title, one.quote)]
    stands = "。".join([*known, *(label for label, _ in answer.choices), answer.place_name])
    uncited = [one.text for one in answer.sentences if one.citation is None]
    return sum(any(map(_is_critical, unsupported(text, stands))) for text in uncited)


def _is_critical(fact: Any) -> bool:
    return fact.kind in CRITICAL or (fact.kind == "number" and OF_TIME.search(fact.text) is not None)


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
    if not _is_about(row, answer) or not all(_is_told(answer, one) for one in row["needed"]):
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


def _is_about(row: Row, answer: Answer) -> bool:
    """Whether a right source is cited; or, by keywords, one whose name has any of them."""
    if row["gold"]:
        names = [plain_name(name) for one in answer.citations for name in _names(one)]
        return any(plain_name(word) in name for word in row["gold"] for name in names)
    return bool({_subject(unit.unit) for unit in answer.citations} & set(row["about"]))


def _names(citation: Citation) -> list[str]:
    """The item, offer or policy that is cited, and the policies that it says it rests on."""
    return [citation.title.split(" · ")[0], *NAMED.findall(citation.quote)]


def _is_told(answer: Answer, needed: str) -> bool:
    """Whether a unit of the element is cited, or one of several elements that speaks of it."""
    return any(_tells(one, element) for one in answer.citations for element in NEEDED[needed])


def _tells(citation: Citation, element: str) -> bool:
    own = re.split(r"[.@]", citation.unit.partition("#")[2])[0]
    if own in OF_SEVERAL and element in SAYS:
        return SAYS[element].search(citation.quote) is not None
    return own == element


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
