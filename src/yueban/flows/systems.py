"""运行系统: provincial and national systems in which some items run, as the city pack describes them.

A file a system in ``systems/``: its screens in their order, how it writes a value, what its numbers look like,
its words for where a case stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yueban.cases.choices import RelayOutcome

FOLDER = "systems"
Format = Literal["text", "upper", "digits", "iso_date", "compact_date", "month"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldMap(_Row):
    """One of our elements and what the system calls it and how it wants it written."""

    element: str
    label: str
    format: Format = "text"


class Screen(_Row):
    """One screen of the system; ``repeat`` = a section of our form that is filled several times."""

    title: str
    repeat: str = ""
    fields: tuple[FieldMap, ...]


class Receipt(_Row):
    """The number that the system gives."""

    label: str
    pattern: str
    example: str


class Status(_Row):
    """A word of the system and what it comes to."""

    word: str
    outcome: RelayOutcome


class RunningSystem(_Row):
    """One system."""

    key: str = Field(pattern="^[a-z0-9-]+$")
    name: str
    level: str
    note: str = ""
    receipt: Receipt
    statuses: tuple[Status, ...]
    items: dict[str, tuple[Screen, ...]]

    def is_number(self, text: str) -> bool:
        """Whether a number is written as this system writes its own."""
        return re.fullmatch(self.receipt.pattern, text) is not None

    def outcome_of(self, word: str) -> RelayOutcome | None:
        """What a word of the system comes to; None for a word it does not use."""
        return next((status.outcome for status in self.statuses if status.word == word), None)


def systems() -> tuple[RunningSystem, ...]:
    """The systems of this instance's city, read again when a file has changed."""
    folder = settings.CITY_DIR / FOLDER
    files = tuple(sorted(folder.glob("*.yaml"))) if folder.is_dir() else ()
    return _read(files, tuple(file.stat().st_mtime for file in files))


@lru_cache(maxsize=4)
def _read(files: tuple[Path, ...], _changed_at: tuple[float, ...]) -> tuple[RunningSystem, ...]:
    return tuple(RunningSystem.model_validate(yaml.safe_load(file.read_text("utf-8"))) for file in files)


def find_system(key: str) -> RunningSystem | None:
    """The system of this key."""
    return next((system for system in systems() if system.key == key), None)


def system_of(item_key: str) -> RunningSystem | None:
    """The system in which an item runs; None where it is decided here."""
    return next((system for system in systems() if item_key in system.items), None)


def check_systems(folder: Path, elements: Mapping[str, Iterable[str]]) -> list[str]:
    """What is wrong with the files: ``elements`` are those of each item's form, by item."""
    problems: list[str] = []
    seen: dict[str, str] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            system = RunningSystem.model_validate(yaml.safe_load(file.read_text("utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            problems.append(f"{file.name}：读不懂：{error}")
            continue
        problems += [f"{file.name}：{said}" for said in _problems(system, elements, seen)]
    return problems


def _problems(
    system: RunningSystem, elements: Mapping[str, Iterable[str]], seen: dict[str, str]
) -> Iterator[str]:
    if not system.is_number(system.receipt.example):
        yield "编号的例子不合编号的格式。"
    finals = {status.outcome for status in system.statuses}
    if not {RelayOutcome.PENDING, RelayOutcome.GRANTED, RelayOutcome.REFUSED} <= finals:
        yield "状态里要有办理中、已办成和未办成的词。"
    for item, screens in system.items.items():
        if seen.setdefault(item, system.key) != system.key:
            yield f"事项“{item}”已经在“{seen[item]}”里。"
        known = set(elements.get(item, ()))
        if not known:
            yield f"没有事项“{item}”。"
        for screen in screens:
            for field in screen.fields:
                if known and field.element not in known:
                    yield f"事项“{item}”的表单里没有“{field.element}”。"


def written(value: Any, form: Format) -> str:
    """A value as the system wants it."""
    text = "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
    match form:
        case "upper":
            return text.upper()
        case "digits":
            return re.sub(r"[^0-9.]", "", text)
        case "compact_date":
            return text.replace("-", "")
        case "month":
            return text.replace("-", "")[:6]
    return text
