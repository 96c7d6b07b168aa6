"""What an applicant is led through: a compiled item, or the compiled bundle of several."""

from collections.abc import Mapping
from typing import Protocol

from yueban.catalogue.compiled import CompiledForm, CompiledMaterial, CompiledSituations
from yueban.catalogue.standard.intake import IntakePeriod
from yueban.catalogue.standard.situations import Answer, Outcome
from yueban.expressions import Vocabulary


class Applicable(Protocol):
    """What asking, filling, checking and planning need to know; neither of them knows more."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def situations(self) -> CompiledSituations:
        """All questions and outcomes by key."""

    @property
    def form(self) -> CompiledForm:
        """The form."""

    @property
    def materials(self) -> tuple[CompiledMaterial, ...]:
        """The materials."""

    @property
    def intake_periods(self) -> tuple[IntakePeriod, ...]:
        """When applications are taken."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts its rules speak of."""

    def follow(self, end: str | None, facts: Mapping[str, object]) -> str | Outcome:
        """The first question (``end`` None), or what comes after an outcome: another question, or the last word."""

    def settle(self, facts: Mapping[str, object]) -> Mapping[str, Answer]:
        """The facts that follow from these."""
