"""Q&A follow their sources: when one says something else, the Q&A is silent until somebody has looked at it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from yueban.assistant.choices import AnswerState
from yueban.assistant.editing.sources import bases_of, is_answer
from yueban.assistant.models import QuestionAnswer
from yueban.audit import services as audit
from yueban.audit.services import NewEvent
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference


@transaction.atomic
def follow_sources(*, units: Mapping[str, str]) -> list[str]:
    """Hold the Q&A in use against the units in use (key → digest); the keys of those to be looked at again.

    A Q&A of the city pack is signed before its units are cut: the first time it keeps what they say. Units of Q&A
    are nobody's source: each stands under its first source, and none would outlast the next.
    """
    rows = list(QuestionAnswer.objects.select_for_update().filter(state=AnswerState.APPROVED).order_by("key"))
    by_base: dict[str, dict[str, str]] = {}
    for key, digest in units.items():
        if is_answer(key):
            continue
        for base in bases_of(key):
            by_base.setdefault(base, {})[key] = digest
    changed, first = [], []
    for row in rows:
        now = {key: digest for source in row.sources for key, digest in by_base.get(source, {}).items()}
        if now and not row.source_digests and _all_there(row, by_base):
            row.source_digests = now
            first.append(row)
        elif row.source_digests != now:
            row.state, row.words = AnswerState.REVIEW, _why(row.source_digests, now)
            row.revision += 1
            changed.append(row)
    QuestionAnswer.objects.bulk_update(first, ["source_digests"])
    QuestionAnswer.objects.bulk_update(changed, ["state", "words", "revision"])
    audit.record_many([_event(row) for row in changed], actor=SYSTEM)
    return [row.key for row in changed]


def _all_there(row: QuestionAnswer, by_base: Mapping[str, object]) -> bool:
    """Whether everything that it rests on is published; one of the elements named may have nothing to say."""
    return all(source.partition("#")[0] in by_base for source in row.sources)


def _why(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    gone = sorted(before.keys() - now.keys())
    other = sorted(key for key in now if before.get(key) != now[key])
    told = [*(f"{key} 已不再公布" for key in gone), *(f"{key} 的内容有变化" for key in other)]
    return f"{'；'.join(told[:5]) or '依据还没有公布'}。"


def _event(row: QuestionAnswer) -> NewEvent:
    data = {"question": row.question, "words": row.words}
    return NewEvent(Reference("answer", row.key), "answer_sources_changed", data, row.division_code)
