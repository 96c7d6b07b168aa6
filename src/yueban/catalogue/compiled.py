"""The compiled item: guide, form, situations, materials, route and clocks, self-contained and typed.

It carries the facts (elements with their codes) it speaks of, so that a running case stays on the words
of its version whatever is loaded later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from yueban.catalogue.standard.basis import Basis, SpecialProcedure, TimeLimit, Validity
from yueban.catalogue.standard.forms import Repeat
from yueban.catalogue.standard.intake import IntakePeriod
from yueban.catalogue.standard.item import ClockSetKind
from yueban.catalogue.standard.materials import Way
from yueban.catalogue.standard.payment import Payment
from yueban.catalogue.standard.routes import Step
from yueban.catalogue.standard.service import (
    Act,
    Contact,
    Delegation,
    Fee,
    Intermediary,
    Level,
    Online,
    Question,
    Remedies,
    RunningSystem,
    Visits,
    Window,
)
from yueban.catalogue.standard.situations import PROCEED, Answer, Outcome, SituationQuestion
from yueban.elements.selectors import Bounds
from yueban.expressions import FactType, Vocabulary
from yueban.kernel.rows import EMPTY, Row, Rule, without_empty

FORMAT = 1
NOTICE_PROCEDURE = "公示"  # the special procedure that says whether notice days count


class Fact(Row):
    """An element as the rules and the form of this version know it."""

    code: str
    name: str
    name_en: str
    type: str
    unit: str | None
    codes: dict[str, str] | None
    source: str
    sensitivity: str

    @cached_property
    def as_type(self) -> FactType:
        """The same as the rule language knows it."""
        return FactType(
            code=self.code,
            name=self.name,
            name_en=self.name_en,
            type=self.type,
            unit=self.unit,
            codes=self.codes,
            source=self.source,
            sensitivity=self.sensitivity,
        )


class AgencyFacts(Row):
    """The adopting agency as the guide shows it."""

    code: str
    name: str
    short_name: str
    kind: str
    division: str
    division_name: str
    uscc: str
    is_uscc_demo: bool
    level: str
    phone: str
    address: str


class Named(Row):
    """A code with its name."""

    code: str
    name: str


class GuideResult(Row):
    """审批结果 with the name of its type."""

    type: Named
    name: str
    name_en: str | None
    certificate_type: str | None
    validity: Validity | None
    sample: str | None
    no_sample_reason: str | None = None

    @model_serializer(mode="wrap")
    def _stored(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As in the standard: without a reason nothing is said of one."""
        return without_empty(plain(self), "no_sample_reason")


class GuideStep(Row):
    """One step as the applicant sees it: 申请与受理, 审查与决定, 颁证与送达."""

    phase: str
    name: str
    who: str
    days: int | None


class Guide(Row):
    """What people read before they apply."""

    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    aliases: tuple[str, ...] = Field(strict=False)
    catalog_code: str
    task_code: str
    type: Named
    agency: AgencyFacts
    agency_nature: Named
    entrusted_by: str | None
    co_agencies: tuple[str, ...] = Field(strict=False)
    power_source: Named
    level: Named
    division_of_power: str | None
    basis: tuple[Basis, ...] = Field(strict=False)
    targets: tuple[Named, ...] = Field(strict=False)
    applicants: tuple[str, ...] = Field(default=EMPTY, strict=False)
    audiences: tuple[str, ...] = Field(strict=False)
    topics: tuple[Named, ...] = Field(strict=False)
    life_stages: tuple[str, ...] = Field(strict=False)
    handling: Named
    review_mode: str
    statutory: TimeLimit
    statutory_text: str
    promised: TimeLimit
    promised_text: str
    conditions: tuple[str, ...] = Field(strict=False)
    condition_text: str | None
    special_procedures: tuple[SpecialProcedure, ...] = Field(strict=False)
    handling_forms: tuple[Named, ...] = Field(strict=False)
    visits: Visits
    online: Online
    runs_in: RunningSystem | None
    reach: tuple[str, ...] = Field(strict=False)
    windows: tuple[Window, ...] = Field(strict=False)
    fee: Fee
    quantity_limit: str | None
    intermediary: Intermediary | None
    result: GuideResult
    promise_system: bool
    steps: tuple[GuideStep, ...] = Field(strict=False)
    rights: tuple[str, ...] = Field(strict=False)
    duties: tuple[str, ...] = Field(strict=False)
    remedies: Remedies
    consult: Contact
    supervise: Contact
    delivery: tuple[str, ...] = Field(strict=False)
    faq: tuple[Question, ...] = Field(strict=False)
    unverified: dict[str, str]


class Choice(Row):
    """One option of a field."""

    value: str
    label: str
    label_en: str


class CompiledField(Row):
    """A field with everything its element says."""

    element: str
    label: str
    label_en: str
    type: str
    format: str
    unit: str
    sensitivity: str
    source: str
    required: bool
    prefill: bool
    help: str | None
    help_en: str | None
    max_length: int | None
    bounds: Bounds | None = None
    choices: tuple[Choice, ...] = Field(default=EMPTY, strict=False)
    when: Rule | None = None
    when_text: str | None = None


class CompiledSection(Row):
    """A section; ``repeat`` None = filled once."""

    key: str
    title: str
    title_en: str
    help: str | None
    repeat: Repeat | None
    when: Rule | None
    when_text: str | None
    fields: tuple[CompiledField, ...] = Field(strict=False)


class CompiledForm(Row):
    """The layout (sections in order) and the JSON Schema of the data."""

    sections: tuple[CompiledSection, ...] = Field(strict=False)
    json_schema: dict[str, Any]


class CompiledSituations(Row):
    """Questions and outcomes by key; ``start`` None = nothing is asked."""

    start: str | None
    questions: dict[str, SituationQuestion]
    outcomes: dict[str, Outcome]


class CompiledMaterial(Row):
    """A material with the names of its codes."""

    key: str
    canonical: str
    name: str
    name_en: str
    type: Named
    format: Named
    necessity: Named
    source: Named
    issuer: str | None
    originals: int
    copies: int
    page_format: str | None
    basis: str | None
    notes: str | None
    acceptance: tuple[str, ...] = Field(strict=False)
    when: Rule | None
    when_text: str | None
    satisfy: tuple[Way, ...] = Field(strict=False)
    deferral_days: int | None
    no_exemption_reason: str | None
    blank_form: str | None
    example: str | None
    material_class: Literal["holding", "proof", "application", "other"]


class Route(Row):
    """Steps after acceptance, in the order of stages."""

    steps: tuple[Step, ...] = Field(strict=False)

    @property
    def stages(self) -> tuple[tuple[Step, ...], ...]:
        """Steps grouped: those of one stage run in parallel."""
        numbers = sorted({step.stage for step in self.steps})
        return tuple(tuple(step for step in self.steps if step.stage == number) for number in numbers)


class CompiledOffering(Row):
    """What the outlets of a level do for this item; ``when`` None = always."""

    level: Level
    does: Act
    when: Rule | None
    when_text: str | None
    within: tuple[str, ...] = Field(strict=False)
    note: str | None
    delegation: Delegation | None = None


class ClockSet(Row):
    """Which legal clocks an item has; None = the basis knows no such clock."""

    kind: ClockSetKind
    statutory: TimeLimit
    promised: TimeLimit
    notice: TimeLimit
    is_deemed_accepted: bool
    extension: TimeLimit | None
    delivery: TimeLimit | None
    has_decision: bool

    @property
    def notice_basis(self) -> str:
        """By what the five days of the notice are owed."""
        return self.notice.note or "参照行政许可法第三十二条"


class Compiled(Row):
    """Everything the channels, the cases and the clocks need of one version."""

    format: int = FORMAT
    key: str
    name: str
    name_en: str
    guide: Guide
    situations: CompiledSituations
    condition_rule: Rule | None
    form: CompiledForm
    materials: tuple[CompiledMaterial, ...] = Field(strict=False)
    route: Route
    offerings: tuple[CompiledOffering, ...] = Field(default=EMPTY, strict=False)
    clocks: ClockSet
    payment: Payment | None = None
    intake_periods: tuple[IntakePeriod, ...] = Field(default=EMPTY, strict=False)
    facts: dict[str, Fact]

    @property
    def pauses_for_notice(self) -> str | None:
        """Why the clocks stand still during the public notice; None where its days count."""
        found = next((row for row in self.guide.special_procedures if row.name == NOTICE_PROCEDURE), None)
        if found is None or found.counted:
            return None
        return found.basis or "办事指南列明公示时间不计入办理时限"

    def follow(self, end: str | None, facts: Mapping[str, object]) -> str | Outcome:  # noqa: ARG002 - as a bundle
        """The first question, or the outcome itself: after an item's questions nothing more is asked."""
        return self.situations.outcomes[end] if end is not None else self.situations.start or PROCEED

    def settle(self, facts: Mapping[str, object]) -> Mapping[str, Answer]:  # noqa: ARG002 - as a bundle
        """Nothing: an item's answers speak for themselves."""
        return {}

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Compiled:
        """Read what was stored."""
        return cls.model_validate_json(json.dumps(data))

    def to_json(self) -> dict[str, Any]:
        """What is stored."""
        return self.model_dump(mode="json")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The facts of this version for the rule language."""
        return vocabulary_of(self.facts)


def vocabulary_of(facts: Mapping[str, Fact]) -> Vocabulary:
    """The facts of a version as the rule language knows them."""
    return Vocabulary(fact.as_type for fact in facts.values())
