"""What the API answers with."""

from datetime import date
from typing import Any

from ninja import Field, Schema


class Problem(Schema):
    """Why a request was refused."""

    code: str = Field(description="稳定的错误代码")
    message: str = Field(description="哪里不对、为什么")
    hint: str = Field(description="现在该怎么办")
    data: dict[str, Any] | None = None


class Health(Schema):
    """Whether the service answers."""

    ok: bool
    version: str


class ItemRow(Schema):
    """One item of the list."""

    key: str
    name: str
    name_en: str
    summary: str
    task_code: str = Field(description="实施编码")
    agency_code: str
    agency_name: str
    division: str = Field(description="12位区划代码")
    version: int
    effective_on: date
    hash: str = Field(description="本版标准内容的杂凑值")


class ItemPage(Schema):
    """One page of items."""

    count: int
    page: int
    pages: int
    items: list[ItemRow]


class ItemDetail(ItemRow):
    """An item with its published standard."""

    guide: dict[str, Any] = Field(description="办事指南")
    situations: dict[str, Any] = Field(description="情形引导")
    form: dict[str, Any] = Field(description="表单：布局和 JSON Schema")
    materials: list[dict[str, Any]] = Field(description="申请材料")


class VerifiedDocument(Schema):
    """A document as anybody may check it: what was issued, when, by whom; never to whom."""

    is_genuine: bool
    kind: str
    title: str
    number: str
    issued_on: date
    agency_name: str
    sha256: str = Field(description="PDF 的 SHA-256；还在生成时为空")


class VerifiedCertificate(VerifiedDocument):
    """A certificate also has a status and a validity."""

    is_valid: bool
    status_name: str
    certificate_number: str
    identifier: str = Field(description="证照标识")
    valid_from: date | None
    valid_until: date | None
