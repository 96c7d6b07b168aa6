"""实施清单 of one item, whole."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from yueban.catalogue.choices import Audience
from yueban.catalogue.standard.basis import Basis, SpecialProcedure, TimeLimit
from yueban.catalogue.standard.forms import Form
from yueban.catalogue.standard.intake import IntakePeriod
from yueban.catalogue.standard.materials import Material
from yueban.catalogue.standard.payment import Payment
from yueban.catalogue.standard.results import Result
from yueban.catalogue.standard.routes import Step
from yueban.catalogue.standard.service import (
    Contact,
    Fee,
    Intermediary,
    Offering,
    Online,
    Question,
    Remedies,
    RunningSystem,
    Visits,
    Window,
)
from yueban.catalogue.standard.situations import Situation
from yueban.kernel.codes import item_codes
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.rows import EMPTY, Doubt, Key, Line, Row, Rule, Text

ClockSetKind = Literal["permit", "registration", "filing", "grant", "service"]
PERSON_TARGET = "1"


def _check_code(code: str, item_type: str | None = None) -> str:
    """A 基本编码, of the item's own type when that is known; both profiles' regions are taken."""
    try:
        item_codes.check_basic(code, item_type=item_type, profile=Profile.DEMO)
    except CodeError as error:
        raise PydanticCustomError(
            "code_invalid", "{message}{hint}", {"message": error.message, "hint": error.hint}
        ) from error
    return code


def _check_code_alone(code: str) -> str:
    return _check_code(code)


class Topics(Row):
    """主题分类 codes for persons and for enterprises."""

    person: tuple[str, ...] = Field(default=EMPTY, strict=False)
    enterprise: tuple[str, ...] = Field(default=EMPTY, strict=False)


class LifeStage(Row):
    """Which of the 16 life stages the item stands under."""

    person: str | None = None
    enterprise: str | None = None


class Kept(Row):
    """What a national field said in ``theirs`` words when it came, and what ``ours`` said then.

    Sent back as it came for as long as ours has not changed; it has no other use.
    """

    theirs: str | int | None = None
    ours: str | int | None = None


class ItemStandard(Row):
    """The standard of one item as its agencies adopt it; what a city pack's YAML file holds."""

    key: Key
    name: Line
    name_en: str | None = None
    summary: Line
    summary_en: str | None = None
    aliases: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    catalog_code: Annotated[str, AfterValidator(_check_code_alone)]
    local_catalog_code: str | None = None
    type: str = Field(pattern="^[0-9]{2}$")
    basis: tuple[Basis, ...] = Field(strict=False, min_length=1)
    power_source: str = Field(pattern="^[1-6]$")
    levels: tuple[str, ...] = Field(strict=False, min_length=1)
    division_of_power: str | None = None
    agency_kind: Key
    adopted_by: tuple[Key, ...] = Field(strict=False, min_length=1)
    agency_nature: str = Field(pattern="^[1239]$")
    entrusted_by: str | None = None
    co_agencies: tuple[Key, ...] = Field(default=EMPTY, strict=False)
    guided_by: str | None = None
    targets: tuple[str, ...] = Field(strict=False, min_length=1)
    applicants: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    topics: Topics = Topics()
    life_stage: LifeStage = LifeStage()
    handling: str = Field(pattern="^[129]$")
    review_mode: Literal["前审后批", "即审即办"]
    clock_set: ClockSetKind
    statutory: TimeLimit
    promised: TimeLimit
    conditions: tuple[Text, ...] = Field(strict=False, min_length=1)
    condition_rule: Rule | None = None
    intake_periods: tuple[IntakePeriod, ...] = Field(default=EMPTY, strict=False)
    special_procedures: tuple[SpecialProcedure, ...] = Field(default=EMPTY, strict=False)
    handling_forms: tuple[str, ...] = Field(strict=False, min_length=1)
    visits: Visits
    online: Online
    runs_in: RunningSystem | None = None
    reach: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    windows: tuple[Window, ...] = Field(default=EMPTY, strict=False)
    offerings: tuple[Offering, ...] = Field(default=EMPTY, strict=False)
    fee: Fee
    quantity_limit: str | None = None
    intermediary: Intermediary | None = None
    result: Result
    promise_system: bool = False
    situation: Situation | None = None
    form: Form
    materials: tuple[Material, ...] = Field(default=EMPTY, strict=False)
    route: tuple[Step, ...] = Field(default=EMPTY, strict=False)
    payment: Payment | None = None
    rights: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    duties: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    remedies: Remedies = Remedies()
    consult: Contact
    supervise: Contact
    delivery: tuple[Line, ...] = Field(strict=False, min_length=1)
    faq: tuple[Question, ...] = Field(default=EMPTY, strict=False)
    unverified: tuple[Doubt, ...] = Field(default=EMPTY, strict=False)
    effective_on: date | None = None
    cancel_on: date | None = None
    exchanged: dict[str, dict[str, Kept]] = {}

    @model_validator(mode="after")
    def _type_agrees_with_code(self) -> "ItemStandard":
        _check_code(self.catalog_code, self.type)
        return self

    @property
    def audiences(self) -> frozenset[Audience]:
        """Who may apply: persons (服务对象 1), enterprises and other bodies (all others)."""
        person = {Audience.PERSON} if PERSON_TARGET in self.targets else set()
        return frozenset(person | ({Audience.ENTERPRISE} if set(self.targets) - {PERSON_TARGET} else set()))
