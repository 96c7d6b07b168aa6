"""How structured values are said in a sentence, in Chinese and in English."""

from yueban.catalogue.selectors import ItemStandard
from yueban.kernel.periods import Limit, Unit

ENDS = "。！？.!?"
ENGLISH = {
    Unit.WORKDAY: "working day",
    Unit.DAY: "calendar day",
    Unit.HOUR: "hour",
    Unit.MINUTE: "minute",
    Unit.MONTH: "month",
    Unit.YEAR: "year",
}


def sentence(words: str) -> str:
    """The words with one full stop at their end."""
    stripped = words.strip()
    return stripped if stripped.endswith(tuple(ENDS)) else f"{stripped.rstrip('；;，,')}。"


def limit_words(limit: Limit) -> str:
    """5个工作日; zero is 当场办结（即办）."""
    return "当场办结（即办）" if limit.amount == 0 else str(limit)


def english_limit(limit: Limit) -> str:
    """5 working days."""
    if limit.amount == 0:
        return "on the spot"
    word = ENGLISH[limit.unit]
    return f"{limit.amount} {word}{'s' if limit.amount != 1 else ''}"


def steps_words(standard: ItemStandard) -> str:
    """申请 → 受理 → … → 发给 …, with the days of each."""
    route = sorted(standard.route, key=lambda one: one.stage)
    named = (f"{step.name}（{step.days}天内）" if step.days else step.name for step in route)
    return " → ".join(["申请", "受理", *named, f"发给{standard.result.name}"])
