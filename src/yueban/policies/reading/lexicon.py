"""The words of policies and what they mean as facts; a city's own data, read once."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    """Strict: a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(Row):
    """A figure of an enterprise that a threshold is set for."""

    fact: str
    words: tuple[str, ...]
    unit: Literal["money", "percent", "people", "years", "pieces", "area"]
    peak: str = ""
    """The highest it was in earlier years: 首次突破 asks that it was lower."""


class Honour(Row):
    """Something an enterprise is recognised as; levels are those that may stand before or after its name."""

    key: str
    words: tuple[str, ...]
    levels: tuple[str, ...] = ()


class Phrase(Row):
    """Words that are a whole condition by themselves."""

    words: tuple[str, ...]
    rule: Mapping[str, Any]


class Industry(Row):
    """What people call a group of industries, and the codes (GB/T 4754) that it means here."""

    words: tuple[str, ...]
    codes: tuple[str, ...]


class Lexicon(Row):
    """What the reader knows."""

    honours_fact: str
    measures: tuple[Measure, ...]
    honours: tuple[Honour, ...]
    phrases: tuple[Phrase, ...]
    industry_fact: str = "enterprise.industry"
    industries: tuple[Industry, ...] = ()
    levels: Mapping[str, tuple[str, ...]]
    beneficiaries: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...] = Field(default=())


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon of a city pack."""
    return Lexicon.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def longest_first(words: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """So that 省级智能工厂 is found before 智能工厂."""
    return sorted(words, key=lambda pair: -len(pair[0]))
