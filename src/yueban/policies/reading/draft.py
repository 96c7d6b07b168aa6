"""What the reader makes of a clause: drafts that a person signs, never live by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yueban.policies.reading.benefits import Benefit
from yueban.policies.reading.text import Span


@dataclass(frozen=True)
class Told:
    """A value of the draft with the words it was read from."""

    value: str
    span: Span


@dataclass(frozen=True)
class Condition:
    """One condition as a rule of the language, with its words."""

    rule: Mapping[str, Any]
    span: Span


@dataclass(frozen=True)
class Step:
    """One step of what is given: what must hold beside the common conditions, and what is given then."""

    benefit: Benefit
    conditions: tuple[Condition, ...] = ()


@dataclass
class DraftOffer:
    """One offer read from a clause; what was not understood stands in `unresolved`, word for word."""

    span: Span
    conditions: list[Condition] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    beneficiary: Told | None = None
    department: Told | None = None
    exclusivity: Told | None = None
    first_time: Told | None = None
    current_year: Told | None = None
    unresolved: list[Told] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """From 0 to 1: how much of what carries meaning was understood; a person decides, whatever it says."""
        understood = len(self.conditions) + sum(1 + len(step.conditions) for step in self.steps)
        if not self.steps:
            return 0.0
        return round(understood / (understood + len(self.unresolved)), 2)
