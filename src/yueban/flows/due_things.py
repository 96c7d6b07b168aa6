"""到期和该办的事: rules of the city over people's facts and certificates, evaluated for a whole division at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict

from yueban.cases import selectors as cases_read
from yueban.catalogue import selectors as catalogue
from yueban.certificates import selectors as certificates_read
from yueban.divisions.selectors import prefix_of
from yueban.elements import selectors as elements
from yueban.expressions import ABSENT, FactType, Node, Truth, Vocabulary, check, evaluate, parse
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.parties import selectors as parties
from yueban.parties.models import Party

FILE = "reminders.yaml"
CERTIFICATE = "certificate."
BORN_ON = "person.born_on"


class Reminder(BaseModel):
    """One rule: for whom, which item, the sentence he is told, and by when."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    key: str
    item: str
    when: dict[str, Any]
    sentence: str
    by_fact: str = ""
    """A date fact by which it must be done, such as the last day of a certificate."""
    years_after: int = 0
    within_days: int = 0
    """Days from today, where no fact gives the day."""


@dataclass(frozen=True)
class Rule:
    """A reminder with its rule parsed."""

    reminder: Reminder
    node: Node


@dataclass(frozen=True)
class DueThing:
    """What one person should do, why, and by when."""

    key: str
    item: str
    item_name: str
    sentence: str
    by: date | None
    party: Party


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a city pack; none where it has no such file."""
    if not path.exists():
        return ()
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    found = [Reminder.model_validate(row) for row in content.get("reminders", [])]
    return tuple(Rule(one, parse(one.when)) for one in found)


def check_rules(rules: Sequence[Rule], known: Vocabulary, certificate_types: Iterable[str]) -> list[str]:
    """What is wrong with the rules, in words."""
    vocabulary = vocabulary_of(known, certificate_types)
    problems = [
        f"{FILE}：{rule.reminder.key}：{problem.message}"
        for rule in rules
        for problem in check(rule.node, vocabulary)
    ]
    return problems + [
        f"{FILE}：{rule.reminder.key}：没有数据元“{rule.reminder.by_fact}”。"
        for rule in rules
        if rule.reminder.by_fact and rule.reminder.by_fact not in vocabulary
    ]


def vocabulary_of(known: Vocabulary, certificate_types: Iterable[str]) -> Vocabulary:
    """The city's elements, the day of birth, and for each certificate type whether and until when it is held."""
    own = {BORN_ON: FactType(BORN_ON, "出生日期", type="date", sensitivity="personal")}
    for key in certificate_types:
        held, until = f"{CERTIFICATE}{key}.held", f"{CERTIFICATE}{key}.valid_until"
        own[held] = FactType(held, f"持有{key}", type="boolean")
        own[until] = FactType(until, f"{key}有效期至", type="date")
    return Vocabulary({**own, **known})


@lru_cache(maxsize=4)
def _rules(path: Path, _changed_at: float) -> tuple[Rule, ...]:
    return read_rules(path)


def rules() -> tuple[Rule, ...]:
    """The rules of this instance's city, read again when the file has changed."""
    path = settings.CITY_DIR / FILE
    return _rules(path, path.stat().st_mtime) if path.exists() else ()


def due_for(party: Party) -> list[DueThing]:
    """What is due for one person."""
    return _due([party])


def due_in(actor: Actor, division: str) -> list[DueThing]:
    """What is due in a division of the actor's own, by person; the questions asked do not grow with the people."""
    if not any(division.startswith(prefix_of(post.division)) for post in actor.posts):
        return []
    return _due(parties.villagers_of(prefix_of(division)))


def _due(people: Sequence[Party]) -> list[DueThing]:
    stated = rules()
    if not stated or not people:
        return []
    today, ids = clock.today(), [party.pk for party in people]
    known = parties.facts_of_many(ids)
    held = certificates_read.valid_by_type(ids)
    types = [row.key for row in certificates_read.certificate_types()]
    vocabulary = vocabulary_of(elements.vocabulary(), types)
    busy = cases_read.items_under_way(ids)
    names = catalogue.item_names({rule.reminder.item for rule in stated})
    found = []
    for party in people:
        facts = _facts(party, known[party.pk], held[party.pk], types)
        for rule in stated:
            item = rule.reminder.item
            if item not in names or (party.pk, item) in busy:
                continue
            if evaluate(rule.node, facts, on=today, vocabulary=vocabulary).value is Truth.TRUE:
                by = _by(rule.reminder, facts, today)
                found.append(
                    DueThing(rule.reminder.key, item, names[item], rule.reminder.sentence, by, party)
                )
    return sorted(
        found, key=lambda thing: (thing.by or date.max, thing.party.name, thing.party.pk, thing.key)
    )


def _facts(
    party: Party, known: Mapping[str, object], held: Mapping[str, Any], types: Iterable[str]
) -> dict[str, object]:
    facts: dict[str, object] = dict(known)
    if party.born_on is not None:
        facts[BORN_ON] = party.born_on
    for key in types:
        certificate = held.get(key)
        facts[f"{CERTIFICATE}{key}.held"] = certificate is not None
        until = certificate.valid_until if certificate is not None else None
        facts[f"{CERTIFICATE}{key}.valid_until"] = until or ABSENT
    return facts


def _by(reminder: Reminder, facts: Mapping[str, object], today: date) -> date | None:
    if reminder.by_fact:
        stated = facts.get(reminder.by_fact)
        day = date.fromisoformat(stated) if isinstance(stated, str) and stated else stated
        if not isinstance(day, date):
            return None
        year = day.year + reminder.years_after
        last = day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)
        # A day long past is no day to name: it can be done now.
        return last if last >= today else None
    return today + timedelta(days=reminder.within_days) if reminder.within_days else None
