"""Writes of electronic supervision: entries are raised by rules and worked off step by step."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yueban.accounts.models import User
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.oversight.choices import EntryState, Level, Rule
from yueban.oversight.errors import EntryMoved, EntryNotFound
from yueban.oversight.models import Entry
from yueban.oversight.rules import run as run_rules
from yueban.oversight.sampling import draw as draw
from yueban.oversight.sampling import write_down as write_down
from yueban.oversight.visibility import entries_visible_to

__all__ = ["run_rules"]


@dataclass(frozen=True)
class Raised:
    """What a rule has found: once for each thing and occurrence, however often it looks."""

    rule: Rule
    level: Level
    reference: Reference
    title: str
    agency_id: int
    division_code: str
    occurrence: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def raise_entries(rows: Iterable[Raised]) -> int:
    """Write the occurrences that are not known yet, in one statement; how many were new."""
    now = clock.now()
    entries = [
        Entry(
            number=f"JC{clock.today():%Y%m%d}{secrets.token_hex(5)}",
            rule=row.rule,
            level=row.level,
            reference_kind=row.reference.kind,
            reference_number=row.reference.number,
            occurrence=row.occurrence,
            title=row.title,
            agency_id=row.agency_id,
            division_code=row.division_code,
            opened_at=now,
            detail=dict(row.detail),
        )
        for row in rows
    ]
    if not entries:
        return 0
    Entry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=1000)
    # An occurrence that was known keeps its number; ours are those that were written.
    return Entry.objects.filter(number__in=[entry.number for entry in entries]).count()


def lock_entry(*, number: str, actor: Actor) -> Entry:
    """The entry, locked until the transaction ends; EntryNotFound also for one the actor does not see."""
    visible = entries_visible_to(actor).filter(number=number).values("pk")
    entry = (
        Entry.objects.select_for_update(of=["self"]).select_related("agency").filter(pk__in=visible).first()
    )
    if entry is None:
        raise EntryNotFound("没有找到这条监察记录。", hint="请从监察列表进入；只能看到本人监督范围内的记录。")
    return entry


def ask(*, entry: Entry, actor: Actor, question: str, due_on: date | None) -> None:
    """督办: the agency is asked in words."""
    _move(entry, (EntryState.OPEN,), EntryState.ASKED)
    entry.question, entry.due_on = question, due_on
    entry.asked_at, entry.asked_by = clock.now(), _person(actor)
    entry.save()


def answer(*, entry: Entry, actor: Actor, text: str) -> None:
    """反馈: what the agency found and did."""
    _move(entry, (EntryState.ASKED,), EntryState.ANSWERED)
    entry.answer, entry.answered_at, entry.answered_by = text, clock.now(), _person(actor)
    entry.save()


def close(*, entry: Entry, actor: Actor, words: str) -> None:
    """销号: struck off, with the reason; an entry that needs no answer may be struck off at once."""
    _move(entry, (EntryState.OPEN, EntryState.ANSWERED), EntryState.CLOSED)
    entry.closing, entry.closed_at, entry.closed_by = words, clock.now(), _person(actor)
    entry.save()


def ask_again(*, entry: Entry, actor: Actor, question: str, due_on: date | None) -> None:
    """The answer is not enough: the agency is asked once more."""
    _move(entry, (EntryState.ANSWERED,), EntryState.ASKED)
    entry.question, entry.due_on = question, due_on
    entry.asked_at, entry.asked_by = clock.now(), _person(actor)
    entry.save()


def _move(entry: Entry, allowed: tuple[EntryState, ...], to: EntryState) -> None:
    if entry.state not in allowed:
        raise EntryMoved(
            f"这条监察记录现在是“{EntryState(entry.state).label}”，不能进行这一步。",
            hint="请刷新页面，看清最新状态后再操作。",
        )
    entry.state, entry.revision = to, entry.revision + 1


def _person(actor: Actor) -> User | None:
    return User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None
