"""Elements, code lists and canonical materials as a city pack or a standard states them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yueban.elements.bounds import Bounds
from yueban.elements.choices import ElementFormat, ElementType, Profile, Sensitivity

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=100)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Row(BaseModel):
    """A strict, frozen row: an unknown or mistyped field is a mistake of the writer."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ElementRow(Row):
    """One data element; ``codes`` names the code list of a code or codes element."""

    code: Code
    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field(default="", max_length=200)
    type: ElementType = Field(strict=False)
    format: ElementFormat = Field(default=ElementFormat.LINE, strict=False)
    unit: str | None = None
    codes: Key | None = None
    source: str | None = None
    sensitivity: Sensitivity = Field(default=Sensitivity.PUBLIC, strict=False)
    max_length: int | None = Field(default=None, ge=1, le=20000)
    bounds: Bounds | None = None

    @model_validator(mode="after")
    def _bounds_suit(self) -> "ElementRow":
        if self.bounds is not None and not self.bounds.suits(str(self.type)):
            raise ValueError("数值只能给数字规定上下限，日期只能规定不早于或不晚于今天。")
        return self


class CodeRow(Row):
    """One code with its names."""

    code: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=200)
    name_en: str = Field(default="", max_length=200)


class CodeListRow(Row):
    """One edition of a code list."""

    key: Key
    name: str = Field(min_length=1, max_length=100)
    profile: Profile = Field(default=Profile.LOCAL, strict=False)
    standard: str | None = None
    version: str = Field(default="1", max_length=20)
    codes: tuple[CodeRow, ...] = Field(strict=False, min_length=1)


class CanonicalMaterialRow(Row):
    """One entry of the 材料字典; ``certificate_type`` when the paper is a certificate known by type."""

    key: Key
    name: str = Field(min_length=1, max_length=200)
    name_en: str = Field(default="", max_length=200)
    certificate_type: str | None = None


class ElementsFile(Row):
    """The whole of ``elements.yaml``."""

    elements: tuple[ElementRow, ...] = Field(strict=False)
    code_lists: tuple[CodeListRow, ...] = Field(default=(), strict=False)
    canonical_materials: tuple[CanonicalMaterialRow, ...] = Field(default=(), strict=False)
