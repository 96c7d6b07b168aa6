"""The log of consultation for those who watch over it: what was asked (masked), what was decided and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from yueban.assistant.editing.rights import turns_visible_to
from yueban.assistant.models import Turn
from yueban.kernel import clock
from yueban.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the log is narrowed to; both days count."""

    text: str = ""
    gate: str = ""
    why: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return any((self.text, self.gate, self.why, self.since, self.until))


def turns_found(actor: Actor, wanted: Wanted) -> QuerySet[Turn]:
    """The turns of his divisions, the newest first."""
    rows = turns_visible_to(actor)
    if wanted.text:
        rows = rows.filter(question__icontains=wanted.text)
    if wanted.gate:
        rows = rows.filter(gate=wanted.gate)
    if wanted.why:
        rows = rows.filter(why=wanted.why)
    if wanted.since:
        rows = rows.filter(asked_at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(asked_at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows.order_by("-asked_at", "-pk")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)
