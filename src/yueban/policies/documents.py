"""The standard of a policy document as a city pack writes it: what it is, from whom, for how long."""

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from yueban.kernel.rows import EMPTY, Doubt, Key, Line, Row


class ParameterRow(Row):
    """A named figure from a day on; an offer says ``{parameter: name}`` where it is meant."""

    name: Key
    starts_on: date
    value: Any
    source: Line | None = None


class PolicyStandard(Row):
    """What is known of a policy beside its words. ``expires_on`` is the last day; ``source`` where it can be read."""

    key: Key
    title: Line
    document_number: Line | None = None
    issuers: tuple[Line, ...] = Field(strict=False, min_length=1)
    level: Literal["national", "provincial", "municipal", "county"]
    division: str = Field(pattern="^[0-9]{12}$")
    agency: Key | None = None
    theme: Line | None = None
    written_on: date | None = None
    published_on: date | None = None
    effective_on: date
    expires_on: date | None = None
    supersedes: tuple[Key, ...] = Field(default=EMPTY, strict=False)
    source: Line
    parameters: tuple[ParameterRow, ...] = Field(default=EMPTY, strict=False)
    unverified: tuple[Doubt, ...] = Field(default=EMPTY, strict=False)

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> "PolicyStandard":
        if self.expires_on is not None and self.expires_on < self.effective_on:
            raise ValueError("失效日期不能早于施行日期。")
        return self
