"""The standard of a bundle (一件事) as a city pack writes it: its items, how they hang together, what it promises."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yueban.catalogue.choices import Audience
from yueban.catalogue.standard.basis import TimeLimit
from yueban.catalogue.standard.item import PERSON_TARGET, LifeStage
from yueban.catalogue.standard.service import Question
from yueban.catalogue.standard.situations import Answer, Situation
from yueban.kernel.rows import EMPTY, Doubt, ElementCode, Key, Line, Row, Rule

Need = Literal["mandatory", "optional", "conditional"]
OnRefusal = Literal["block_all", "only_this", "can_redo"]
EdgeKind = Literal["result_input", "approve_start", "start_start", "all_finish", "same_visit"]
NUMBER = "number"
# The certificate's own number, or one of the fields of its type.
ResultField = Annotated[str, Field(pattern=r"^(number|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+)$", max_length=100)]


class NationalEntry(Row):
    """Its place in the national list of 高效办成一件事; ``name`` None = not confirmed (待核)."""

    batch: Key
    number: int | None = Field(default=None, ge=1)
    name: Line | None = None


class BundleChild(Row):
    """One item within the bundle.

    ``answers`` are answers of its own questions that the bundle settles once and for all (question key → value),
    ``settles`` those that follow an element the bundle has asked before (question key → element), ``fills`` the
    elements of its form that are taken from another element of the merged form (its own → the bundle's),
    ``issued_by`` its materials that are the result of another child (own material → that child; where the material
    is that child's certificate this need not be said).
    ``repeat`` is the key of a repeated section of the merged form: one case for each of its rows. ``promised`` is
    what is promised within the bundle where that is less than the item alone promises.
    """

    key: Key
    item: Key
    need: Need = "mandatory"
    when: Rule | None = None
    repeat: Key | None = None
    answers: dict[Key, Answer] = {}
    settles: dict[Key, ElementCode] = {}
    fills: dict[ElementCode, ElementCode] = {}
    issued_by: dict[Key, Key] = {}
    on_refusal: OnRefusal = "only_this"
    promised: TimeLimit | None = None


class Edge(Row):
    """How ``target`` hangs on ``source``.

    ``result_input``: what ``source`` issues flows into ``element`` of the target's form, either its ``number`` or one
    of its fields (``result_field``);
    ``approve_start``: it begins once ``source`` is granted; ``start_start``: both begin together; ``all_finish``:
    it begins when ``source`` has ended, whatever came of it; ``same_visit``: one visit serves both.
    """

    kind: EdgeKind
    source: Key
    target: Key
    element: ElementCode | None = None
    result_field: ResultField | None = None

    @model_validator(mode="after")
    def _says_what_flows(self) -> "Edge":
        flows = self.element is not None and self.result_field is not None
        if (self.kind == "result_input") != flows:
            raise ValueError("result_input 要写明 element 和 result_field，别的关系都不写。")
        return self


class JointIssue(Row):
    """同步发证: what these children issue is handed over together, held no longer than ``hold``."""

    children: tuple[Key, ...] = Field(strict=False, min_length=1)
    hold: TimeLimit


class Figures(Row):
    """What a person goes through: working days, visits, materials (``uploads``: by himself), fields, forms.

    None = not known.
    """

    days: Decimal | None = Field(default=None, ge=0, strict=False)
    visits: int | None = Field(default=None, ge=0)
    materials: int | None = Field(default=None, ge=0)
    uploads: int | None = Field(default=None, ge=0)
    fields: int | None = Field(default=None, ge=0)
    forms: int | None = Field(default=None, ge=0)


class Baseline(Row):
    """How it was before, as somebody published it; never computed and never guessed."""

    figures: Figures
    source: Line
    dated: date | None = None
    note: Line | None = None


class BundleStandard(Row):
    """One bundle whole.

    ``usual`` answers (element → value) name the situation for which the figures are predicted; what it leaves open
    takes the first option that goes on.
    """

    key: Key
    name: Line
    name_en: str | None = None
    summary: Line
    summary_en: str | None = None
    aliases: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    national: NationalEntry | None = None
    life_stage: LifeStage = LifeStage()
    lead_agency_kind: Key
    targets: tuple[str, ...] = Field(strict=False, min_length=1)
    promised: TimeLimit
    situation: Situation | None = None
    children: tuple[BundleChild, ...] = Field(strict=False, min_length=1)
    edges: tuple[Edge, ...] = Field(default=EMPTY, strict=False)
    joint_issue: JointIssue | None = None
    usual: dict[ElementCode, Answer] = {}
    baseline: Baseline | None = None
    unverified: tuple[Doubt, ...] = Field(default=EMPTY, strict=False)
    faq: tuple[Question, ...] = Field(default=EMPTY, strict=False)

    @property
    def audiences(self) -> frozenset[Audience]:
        """Who may apply, as an item says it."""
        person = {Audience.PERSON} if PERSON_TARGET in self.targets else set()
        return frozenset(person | ({Audience.ENTERPRISE} if set(self.targets) - {PERSON_TARGET} else set()))
