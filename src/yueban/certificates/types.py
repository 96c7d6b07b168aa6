"""Certificate types as a city pack states them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from yueban.certificates.errors import CertificateTypeInvalid
from yueban.certificates.models import CertificateType
from yueban.kernel.changes import Changes
from yueban.kernel.codes import uscc
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.periods import Unit

# A validity is counted in days of the calendar; 工作日 and 小时 make no sense for it.
VALIDITY_UNITS: Final = frozenset({Unit.DAY, Unit.MONTH, Unit.YEAR})


class FieldRow(BaseModel):
    """One field printed on the certificate."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(min_length=1, max_length=80)
    name: str = Field(min_length=1, max_length=80)
    required: bool = True


class ValidityRow(BaseModel):
    """How long the certificate is good for."""

    model_config = ConfigDict(extra="forbid")

    amount: int = Field(ge=1, le=999)
    unit: Unit

    @field_validator("unit")
    @classmethod
    def _is_of_the_calendar(cls, unit: Unit) -> Unit:
        if unit not in VALIDITY_UNITS:
            raise ValueError("有效期的单位应为自然日、月或年")
        return unit


class CertificateTypeRow(BaseModel):
    """One certificate type; a type code marked ``type_code_demo`` is invented and shown as 演示."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    name: str = Field(min_length=2, max_length=200)
    owner_uscc: str
    type_serial: str = Field(pattern=r"^[0-9]{3}$")
    type_code_demo: bool = False
    issuer_kind: str | None = None
    fields: list[FieldRow] = []  # pydantic copies defaults
    validity: ValidityRow | None = None

    @field_validator("owner_uscc")
    @classmethod
    def _has_right_check_digit(cls, code: str) -> str:
        try:
            uscc.check(code, profile=Profile.DEMO)
        except CodeError as error:
            raise ValueError(str(error)) from error
        return code

    @field_validator("fields", mode="before")
    @classmethod
    def _from_names(cls, fields: Any) -> Any:
        """A field given as a bare text is its own key and name."""
        if not isinstance(fields, list):
            return fields
        return [{"key": field, "name": field} if isinstance(field, str) else field for field in fields]


def read_row(row: Mapping[str, Any]) -> CertificateTypeRow:
    """A row of the pack; raises CertificateTypeInvalid naming each field at fault."""
    try:
        return CertificateTypeRow.model_validate(dict(row))
    except ValidationError as error:
        faults = {".".join(str(part) for part in fault["loc"]): fault["msg"] for fault in error.errors()}
        raise CertificateTypeInvalid.of_fields(
            faults,
            f"证照类型“{row.get('key', '?')}”有误：{';'.join(f'{k}:{v}' for k, v in faults.items())}。",
        ) from error


def save_types(rows: Iterable[CertificateTypeRow]) -> Changes:
    """Create and update types by key."""
    stored = {type_.key: type_ for type_ in CertificateType.objects.all()}
    changes = Changes()
    for row in rows:
        values = _values(row)
        type_ = stored.get(row.key)
        if type_ is None:
            CertificateType.objects.create(key=row.key, **values)
            changes += Changes(created=1)
        elif any(getattr(type_, name) != value for name, value in values.items()):
            CertificateType.objects.filter(pk=type_.pk).update(**values)
            changes += Changes(changed=1)
        else:
            changes += Changes(unchanged=1)
    return changes


def _values(row: CertificateTypeRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "type_code": f"{row.owner_uscc}{row.type_serial}",
        "is_type_code_demo": row.type_code_demo,
        "issuer_kind": row.issuer_kind or "",
        "fields": [field.model_dump() for field in row.fields],
        "validity_amount": row.validity.amount if row.validity else None,
        "validity_unit": str(row.validity.unit) if row.validity else "",
    }
