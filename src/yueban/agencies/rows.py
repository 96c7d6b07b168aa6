"""Agencies as a city pack states them."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from yueban.agencies.choices import AgencyNature
from yueban.kernel.codes import uscc
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile


def _check_uscc(text: str) -> str:
    # Codes of the demonstration are told apart by ``uscc_demo``, so both profiles are taken here.
    try:
        uscc.check(text, profile=Profile.DEMO)
    except CodeError as error:
        raise PydanticCustomError(
            "code_invalid", "{message}{hint}", {"message": error.message, "hint": error.hint}
        ) from error
    return text


class AgencyRow(BaseModel):
    """One agency; a code marked ``uscc_demo`` is invented and shown as 演示."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    kind: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    name: str = Field(min_length=2, max_length=200)
    name_en: str = Field(default="", max_length=200)
    short_name: str = Field(min_length=2, max_length=100)
    document_prefix: str = Field(min_length=2, max_length=20)
    division: str = Field(pattern=r"^[0-9]{12}$")
    uscc: Annotated[str, AfterValidator(_check_uscc)]
    uscc_demo: bool = False
    nature: AgencyNature = Field(default=AgencyNature.STATUTORY, strict=False)
    phone: str | None = None
    address: str | None = None
    hours: str | None = None
    parent: str | None = None
