"""时限提醒: who must do something hears of it before its last day, each limit once; rules stand in the city pack."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.approvals.models import Task
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.cases.services import reference_of
from yueban.clocks import selectors as clocks_read
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.clocks.models import Clock
from yueban.divisions import selectors as divisions
from yueban.flows import message_texts
from yueban.kernel import clock
from yueban.notifications import services as notifications

FILE = "reminders.yaml"
BATCH = 500
Whom = Literal["applicant", "holder"]


class ClockReminder(BaseModel):
    """One rule: which limit, how many working days before its end, whom, and in which words."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    clock: ClockKind = Field(strict=False)
    within_workdays: int = Field(ge=0, le=30)
    to: tuple[Whom, ...] = Field(strict=False, min_length=1)
    title: str = Field(max_length=100)
    sentence: str = Field(max_length=300)


def read_rules(path: Path) -> tuple[ClockReminder, ...]:
    """The rules of a city pack about limits; none where it has no such file."""
    if not path.exists():
        return ()
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return tuple(ClockReminder.model_validate(row) for row in content.get("clocks", []))


@lru_cache(maxsize=4)
def _rules(path: Path, _changed_at: float) -> tuple[ClockReminder, ...]:
    return read_rules(path)


def rules() -> tuple[ClockReminder, ...]:
    """The rules of this instance's city, read again when the file has changed."""
    path = settings.CITY_DIR / FILE
    return _rules(path, path.stat().st_mtime) if path.exists() else ()


def remind() -> int:
    """Tell everybody whose limit ends soon; how many limits. Running again changes nothing."""
    count = 0
    for rule in rules():
        until = divisions.add_workdays(clock.today(), rule.within_workdays)
        rows = list(clocks_read.ending_soon(rule.clock, until).filter(reference_kind="case"))
        for start in range(0, len(rows), BATCH):
            count += _remind_of(rule, rows[start : start + BATCH])
    return count


@transaction.atomic
def _remind_of(rule: ClockReminder, rows: Sequence[Clock]) -> int:
    numbers = [row.reference_number for row in rows]
    found = cases_read.cases_by_number(numbers)
    tasks = approvals.open_tasks_of("case", numbers) if "holder" in rule.to else {}
    holders = _holders(task for one in tasks.values() for task in one)
    messages = []
    for row in rows:
        case = found[row.reference_number]
        people = {user for task in tasks.get(case.number, []) for user in holders[task.pk]}
        if "applicant" in rule.to:
            people |= message_texts.told_of(case)
        messages += [_message(rule, row, case, user_id) for user_id in sorted(people)]
    notifications.notify_many(messages)
    return clocks.mark(rows, field="reminded_on")


def _message(rule: ClockReminder, row: Clock, case: Case, user_id: int) -> notifications.Note:
    day = f"{row.due_on.month}月{row.due_on.day}日"
    return notifications.Note(
        user_id=user_id,
        reference=reference_of(case),
        event=f"remind-{row.pk}-{row.due_on:%m%d}",
        title=rule.title,
        body=rule.sentence.format(item=case.item_name, day=day),
        needs_action=True,
    )


def _holders(tasks: Iterable[Task]) -> dict[int, set[int]]:
    """By task, who has taken it; where nobody has, everybody of its post. One query a post."""
    found: dict[int, set[int]] = {}
    posts: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for task in tasks:
        if task.taken_by_id is not None:
            found[task.pk] = {task.taken_by_id}
            continue
        post = (task.role, task.agency.code)
        if post not in posts:
            held = agencies.holders_of(*post).filter(user__is_active=True)
            posts[post] = [(row.user_id, row.division.code) for row in held]
        within = {user for user, place in posts[post] if divisions.is_within(task.division_code, place)}
        found[task.pk] = within
    return found
