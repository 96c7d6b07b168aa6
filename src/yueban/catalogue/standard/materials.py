"""申请材料: what must be shown, and the ladder of ways by which it may be satisfied."""

from typing import Annotated, Literal

from pydantic import Field

from yueban.kernel.rows import EMPTY, Key, Line, Row, Rule, Text


class ByCertificate(Row):
    """The e-certificate of this type is fetched: the applicant's, or that of the person who applies for it."""

    way: Literal["certificate"]
    certificate_type: Key
    holder: Literal["applicant", "handler"] = "applicant"


class ByShare(Row):
    """A data-share interface answers."""

    way: Literal["share"]
    source: Line
    subject: str | None = None


class ByCheck(Row):
    """An agency of this kind is asked (部门核验/协查)."""

    way: Literal["check"]
    agency_kind: Key
    subject: Line


class ByPromise(Row):
    """The applicant promises in writing (告知承诺)."""

    way: Literal["promise"]
    text: Text


class ByForm(Row):
    """The online form itself produces it."""

    way: Literal["form"]


class ByUpload(Row):
    """The applicant hands it in."""

    way: Literal["upload"]


Way = Annotated[ByCertificate | ByShare | ByCheck | ByPromise | ByForm | ByUpload, Field(discriminator="way")]


class ByCancellation(Row):
    """The city has settled that it is asked of nobody any more; no item states this way."""

    way: Literal["cancelled"]
    basis: Text


Rung = Way | ByCancellation


class Material(Row):
    """One material with its conditions; codes of domain lists: type, format, necessity, source."""

    key: Key
    canonical: Key
    name: Line
    name_en: str | None = None
    type: str = Field(pattern="^[123]$")
    format: str = Field(pattern="^[123]$")
    necessity: str = Field(pattern="^[123]$")
    source: str = Field(pattern="^(10|20|30|99)$")
    issuer: str | None = None
    originals: int = Field(default=0, ge=0, le=99)
    copies: int = Field(default=0, ge=0, le=99)
    page_format: str | None = None
    basis: str | None = None
    notes: str | None = None
    acceptance: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    when: Rule | None = None
    satisfy: tuple[Way, ...] = Field(strict=False, min_length=1)
    deferral_days: int | None = Field(default=None, ge=1, le=365)
    no_exemption_reason: str | None = None
    blank_form: str | None = None
    example: str | None = None
    material_class: Literal["holding", "proof", "application", "other"] = Field(alias="class")
