"""The compiled bundle: one set of questions, one form, one set of materials, and how its children hang together.

It is asked, filled and checked by the same functions as a compiled item (``walk``, ``validate``, ``plan``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import Field

from yueban.catalogue.bundles import need
from yueban.catalogue.bundles.standard import (
    Baseline,
    Edge,
    Figures,
    JointIssue,
    NationalEntry,
    Need,
    OnRefusal,
)
from yueban.catalogue.compiled import (
    AgencyFacts,
    CompiledForm,
    CompiledMaterial,
    CompiledSituations,
    Fact,
    vocabulary_of,
)
from yueban.catalogue.standard.basis import TimeLimit
from yueban.catalogue.standard.intake import IntakePeriod
from yueban.catalogue.standard.item import ClockSetKind
from yueban.catalogue.standard.service import Question
from yueban.catalogue.standard.situations import Answer, Outcome
from yueban.expressions import Vocabulary
from yueban.kernel.rows import EMPTY, Doubt, Row, Rule

FORMAT = 1
NEEDS = "bundle.needs_"


def need_fact(child: str) -> str:
    """The fact that says whether a child is needed: true or false once its questions are answered."""
    return NEEDS + child.replace("-", "_")


class ChildSection(Row):
    """One section of a child's own form: where in the merged form its values stand.

    ``merged`` = key of the repeated section of the merged form, None where the values stand by element;
    ``elements`` = own element → element of the merged form.
    """

    key: str
    merged: str | None
    elements: dict[str, str]


class CompiledChild(Row):
    """One item within the bundle, with what splitting and the case need to know of it.

    ``questions`` = own question → question of the bundle that answers it (the others are settled by ``answers``),
    ``start`` = the first of them, ``outcomes`` = own outcome → outcome of the bundle;
    ``materials`` = own material → material of the bundle; ``supplied`` = own material → child that issues it.
    ``may_fall_out`` = there are answers with which it is not needed; ``rests_on_form`` = only the form tells;
    ``choice`` = the question whether to take it.
    """

    key: str
    item: str
    version_hash: str
    name: str
    name_en: str
    agency: AgencyFacts
    need: Need
    when: Rule | None
    when_text: str | None
    repeat: str | None
    on_refusal: OnRefusal
    answers: dict[str, Answer]
    settles: dict[str, str]
    fills: dict[str, str]
    promised: TimeLimit
    promised_text: str
    statutory: TimeLimit
    clock_kind: ClockSetKind
    result_name: str
    certificate_type: str | None
    may_fall_out: bool
    rests_on_form: bool
    start: str | None
    choice: str | None
    questions: dict[str, str]
    outcomes: dict[str, str]
    sections: tuple[ChildSection, ...] = Field(strict=False)
    materials: dict[str, str]
    supplied: dict[str, str]

    @property
    def need_fact(self) -> str:
        """The fact that says whether it is needed."""
        return need_fact(self.key)


class Asker(Row):
    """Who asks for a field: a child, the section of its own form it stands in, and whether it must be filled."""

    child: str
    section: str
    required: bool


class Origin(Row):
    """Who asks for a material: a child, under which key of its own."""

    child: str
    material: str


class CompiledBundle(Row):
    """Everything the channels and the cases need of one version of a bundle."""

    format: int = FORMAT
    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    aliases: tuple[str, ...] = Field(strict=False)
    national: NationalEntry | None
    life_stages: tuple[str, ...] = Field(strict=False)
    lead_agency_kind: str
    audiences: tuple[str, ...] = Field(strict=False)
    targets: tuple[str, ...] = Field(strict=False)
    promised: TimeLimit
    promised_text: str
    own_start: str | None
    own_outcomes: tuple[str, ...] = Field(strict=False)
    situations: CompiledSituations
    condition_rule: Rule | None
    form: CompiledForm
    materials: tuple[CompiledMaterial, ...] = Field(strict=False)
    intake_periods: tuple[IntakePeriod, ...] = Field(default=EMPTY, strict=False)
    facts: dict[str, Fact]
    children: tuple[CompiledChild, ...] = Field(strict=False)
    edges: tuple[Edge, ...] = Field(strict=False)
    stages: tuple[tuple[str, ...], ...] = Field(strict=False)
    critical_path: tuple[str, ...] = Field(strict=False)
    joint_issue: JointIssue | None
    field_lineage: dict[str, tuple[Asker, ...]] = Field(strict=False)
    material_lineage: dict[str, tuple[Origin, ...]] = Field(strict=False)
    usual: dict[str, Answer]
    predicted: Figures
    parts: Figures
    baseline: Baseline | None
    unverified: tuple[Doubt, ...] = Field(strict=False)
    faq: tuple[Question, ...] = Field(strict=False)
    content_hash: str = ""

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> CompiledBundle:
        """Read what was stored."""
        return cls.model_validate_json(json.dumps(data))

    def to_json(self) -> dict[str, Any]:
        """What is stored."""
        return self.model_dump(mode="json")

    def follow(self, end: str | None, facts: Mapping[str, object]) -> str | Outcome:
        """The first question, or what comes after an outcome: the next child's questions, or the last word."""
        return need.follow(self, end, facts)

    def settle(self, facts: Mapping[str, object]) -> Mapping[str, Answer]:
        """Which children are needed, as far as the answers tell."""
        return need.settle(self, facts)

    @cached_property
    def speaks_of_needs(self) -> bool:
        """Whether the condition of a child rests on whether another is needed."""
        return any(NEEDS in json.dumps(child.when) for child in self.children if child.when is not None)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The facts of this version for the rule language, those among them that say which child is needed."""
        return vocabulary_of(self.facts)

    @cached_property
    def child_by_key(self) -> dict[str, CompiledChild]:
        """The children by key."""
        return {child.key: child for child in self.children}

    @cached_property
    def child_of_outcome(self) -> dict[str, int]:
        """Which child's questions end in an outcome, by its place; the bundle's own end in none."""
        return {key: place for place, child in enumerate(self.children) for key in child.outcomes.values()}
