"""The rules of rating as data: what is asked, days of the follow-up, limits of the detectors."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    """An unknown or mistyped field is a mistake of the writer."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Aspect(Row):
    """One thing that may be praised or blamed."""

    key: str = Field(pattern="^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1, max_length=40)
    where: Literal["online", "offline"]


class RectifyDays(Row):
    """Working days by weight."""

    simple: int = Field(ge=0, le=365)
    general: int = Field(ge=0, le=365)
    complex: int = Field(ge=0, le=365)


class Scheme(Row):
    """``ratings.yaml`` of a city pack."""

    version: int = Field(ge=1)
    aspects: tuple[Aspect, ...] = Field(strict=False, min_length=1)
    verify_days: int = Field(ge=1, le=30)
    rectify_days: RectifyDays
    contact_attempts: int = Field(ge=1, le=20)
    soon_seconds: int = Field(ge=0, le=3600)
    device_per_day: int = Field(ge=1, le=1000)
    hidden_below: int = Field(ge=0, le=100)

    def aspects_for(self, *, is_offline: bool) -> tuple[Aspect, ...]:
        """What is asked at a counter, or of a matter handled on line."""
        where = "offline" if is_offline else "online"
        return tuple(aspect for aspect in self.aspects if aspect.where == where)
