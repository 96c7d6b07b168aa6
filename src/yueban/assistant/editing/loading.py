"""The Q&A and the lexicon of a city pack; what editors changed meanwhile is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from yueban.assistant.choices import AnswerState, TermKind
from yueban.assistant.models import QuestionAnswer, Term
from yueban.kernel import clock
from yueban.kernel.changes import Changes

ORIGIN = "city pack"


class QuestionRow(BaseModel):
    """A line of ``questions.csv``: written by one person, approved by another; a draft without the second."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    key: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,63}$")
    question: str = Field(min_length=2, max_length=300)
    variants: str = ""
    answer: str = Field(min_length=2, max_length=2000)
    sources: str = Field(min_length=3)
    audience: str = Field(pattern="^(person|enterprise|)$", default="")
    division: str = Field(pattern="^([0-9]{12}|)$", default="")
    owner: str = Field(min_length=2, max_length=80)
    review_on: date | None = None
    drafted_by: str = Field(min_length=1, max_length=100)
    approved_by: str = ""

    @property
    def source_keys(self) -> list[str]:
        """The units it rests on."""
        return [one.strip() for one in self.sources.split(";") if one.strip()]

    @property
    def asked(self) -> list[str]:
        """The other ways of asking it."""
        return [one.strip() for one in self.variants.split("｜") if one.strip()]


class TermRow(BaseModel):
    """An entry of ``synonyms.yaml``: several words people say, and the word of the standard."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: tuple[str, ...] = Field(min_length=1)
    means: str = Field(min_length=1, max_length=60)
    kind: TermKind


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: str
    fields: dict[str, Any]


def save_answers(*, rows: Sequence[QuestionRow]) -> Changes:
    """Make the pack's Q&A as it says; rows that an editor has changed or withdrawn are left alone."""
    stored = {row.key: row for row in QuestionAnswer.objects.filter(key__in=[row.key for row in rows])}
    changes, new = Changes(), []
    for row in rows:
        wanted, found = _fields(row), stored.get(row.key)
        if found is None:
            new.append(_new(row.key, wanted))
            changes += Changes(created=1)
        elif found.origin != ORIGIN or found.author_id is not None or _is_same(found, wanted):
            changes += Changes(unchanged=1)
        else:
            _renew(found, wanted)
            changes += Changes(changed=1)
    QuestionAnswer.objects.bulk_create(new)
    return changes


def _fields(row: QuestionRow) -> dict[str, Any]:
    return {
        "question": row.question.strip(),
        "variants": row.asked,
        "answer": row.answer.strip(),
        "sources": row.source_keys,
        "audience": row.audience,
        "division_code": row.division,
        "owner": row.owner,
        "author_name": row.drafted_by,
        "signed_name": row.approved_by,
        "review_on": row.review_on,
    }


def _is_same(found: QuestionAnswer, wanted: dict[str, Any]) -> bool:
    """Whose day of review or signature is an editor's by now keeps it."""
    mine = {"review_on", "signed_name"} if found.signed_by_id is not None else set()
    return all(getattr(found, name) == value for name, value in wanted.items() if name not in mine)


def _new(key: str, wanted: dict[str, Any]) -> QuestionAnswer:
    return QuestionAnswer(key=key, origin=ORIGIN, written_at=clock.now(), **wanted, **_standing(wanted))


def _standing(wanted: dict[str, Any]) -> dict[str, Any]:
    if not wanted["signed_name"]:
        return {"state": AnswerState.DRAFT, "signed_at": None}
    return {"state": AnswerState.APPROVED, "signed_at": clock.now()}


def _renew(found: QuestionAnswer, wanted: dict[str, Any]) -> None:
    """The pack says otherwise: its words, its signature, and its sources to be read anew."""
    fields = wanted | _standing(wanted)
    fields |= {"source_digests": {}, "signed_by_id": None, "written_at": clock.now(), "words": ""}
    fields |= {"revision": found.revision + 1}
    QuestionAnswer.objects.filter(pk=found.pk).update(**fields)


def save_terms(*, rows: Sequence[TermRow]) -> Changes:
    """Add the pack's words; what an editor wrote or switched off stays as he left it."""
    wanted = {say: (row.means, str(row.kind)) for row in rows for say in row.say}
    stored = {term.say: term for term in Term.objects.filter(say__in=wanted)}
    changes, new = Changes(), []
    for say, (means, kind) in wanted.items():
        found = stored.get(say)
        if found is None:
            new.append(Term(say=say, means=means, kind=kind, written_at=clock.now()))
            changes += Changes(created=1)
        elif found.author_name or (found.means, found.kind) == (means, kind):
            changes += Changes(unchanged=1)
        else:
            Term.objects.filter(pk=found.pk).update(means=means, kind=kind)
            changes += Changes(changed=1)
    Term.objects.bulk_create(new)
    return changes
