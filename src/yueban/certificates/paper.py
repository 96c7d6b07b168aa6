"""What is printed on a certificate."""

from datetime import date
from typing import Any

from yueban.certificates.models import CertificateType
from yueban.kernel import clock


def content_of(
    *,
    type_: CertificateType,
    holder_name: str,
    data: dict[str, Any],
    number: str,
    identifier: str,
    valid_from: date,
    valid_until: date | None,
) -> dict[str, Any]:
    """The content of the certificate's document."""
    facts = [[field["name"], _text(data.get(field["key"]))] for field in type_.fields]
    return {
        "addressee": holder_name,
        "facts": [
            ["证照编号", number],
            *(fact for fact in facts if fact[1]),
            ["有效期", validity_text(valid_from, valid_until)],
        ],
        "footer": [f"证照标识 {identifier}"],
    }


def validity_text(valid_from: date, valid_until: date | None) -> str:
    """``自2026年11月22日至2030年11月21日``, or long-term."""
    end = f"至{clock.written(valid_until)}" if valid_until else "起长期有效"
    return f"自{clock.written(valid_from)}{end}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_text(part) for part in value)
    return "" if value is None else str(value)
