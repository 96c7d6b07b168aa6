"""How great a number and how late a date may be, as an element or one field of a form states it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

NUMBERS = frozenset({"integer", "decimal", "money"})


class Bounds(BaseModel):
    """Limits of a value; ``above`` excludes the limit itself, ``too_low`` is said instead of the plain words."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    above: Decimal | None = Field(default=None, strict=False)
    minimum: Decimal | None = Field(default=None, strict=False)
    maximum: Decimal | None = Field(default=None, strict=False)
    not_before: Literal["today"] | None = None
    not_after: Literal["today"] | None = None
    too_low: str | None = Field(default=None, max_length=200)

    def suits(self, element_type: str) -> bool:
        """Whether these limits mean something for the type: numbers have amounts, dates have days."""
        amounts = (self.above, self.minimum, self.maximum) != (None, None, None)
        days = (self.not_before, self.not_after) != (None, None)
        return (not amounts or element_type in NUMBERS) and (not days or element_type == "date")

    def narrowed(self, other: Bounds | None) -> Bounds:
        """Both together: a form may ask for less than the element allows, never for more."""
        if other is None:
            return self
        return Bounds(
            above=_greatest((self.above, other.above)),
            minimum=_greatest((self.minimum, other.minimum)),
            maximum=min((n for n in (self.maximum, other.maximum) if n is not None), default=None),
            not_before=self.not_before or other.not_before,
            not_after=self.not_after or other.not_after,
            too_low=other.too_low or self.too_low,
        )


def _greatest(numbers: Iterable[Decimal | None]) -> Decimal | None:
    return max((number for number in numbers if number is not None), default=None)
