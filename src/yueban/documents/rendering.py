"""From an issued document to PDF bytes: the same sheet gives the same bytes, every time."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import segno
import typst
from django.conf import settings

from yueban.documents import fonts
from yueban.documents.choices import DocumentKind
from yueban.documents.errors import RenderingFailed
from yueban.documents.models import Document
from yueban.kernel import clock

TEMPLATES: Final = Path(__file__).parent / "templates"
OFFICIAL: Final = "official.typ"
TEMPLATE_OF: Final[dict[str, str]] = {
    DocumentKind.RECEIPT: "receipt.typ",
    DocumentKind.DELIVERY_RECEIPT: "delivery.typ",
    DocumentKind.CERTIFICATE: "certificate.typ",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is on the paper; without number and code it is a preview."""

    kind: str
    title: str
    agency_name: str
    agency_short: str
    issued_on: date
    content: dict[str, Any]
    number: str = ""
    verify_code: str = ""

    @property
    def is_preview(self) -> bool:
        """Whether nothing has been issued."""
        return not self.number


def sheet_of(document: Document) -> Sheet:
    """The sheet of an issued document."""
    return Sheet(
        kind=document.kind,
        title=document.title,
        agency_name=document.agency_name,
        agency_short=document.agency_short,
        issued_on=document.issued_on,
        content=document.content,
        number=document.number,
        verify_code=document.verify_code,
    )


def verify_address(code: str) -> str:
    """The public address at which anyone verifies the document."""
    return f"{settings.YUEBAN_PUBLIC_URL.rstrip('/')}/v/{code}"


def render_pdf(sheet: Sheet) -> bytes:
    """The PDF; raises RenderingFailed when the template cannot be compiled, FontsMissing without fonts."""
    return compile_pdf(
        TEMPLATE_OF.get(sheet.kind, OFFICIAL), sheet.title, _values(sheet), on=sheet.issued_on, has_fonts=True
    )


def compile_pdf(
    template: str, title: str, values: dict[str, Any], *, on: date, has_fonts: bool = False
) -> bytes:
    """The PDF of a template and what it reads; characters without a glyph are replaced unless that was done."""
    data = values if has_fonts else _drawable(values)
    # The day of issue stands in the file, not the moment of rendering.
    issued_at = datetime.combine(on, time(), tzinfo=UTC)
    try:
        pdf = typst.compile(
            TEMPLATES / template,
            root=TEMPLATES,
            font_paths=fonts.typst_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=issued_at,
        )
    except typst.TypstError as error:
        raise RenderingFailed(f"文书“{title}”无法生成：{error.message}", hint="请检查文书模板。") from error
    assert isinstance(pdf, bytes)  # one file without an output path
    return pdf


def _drawable(values: dict[str, Any]) -> dict[str, Any]:
    missing = fonts.coverage(_all_text(values))
    return {"fonts": fonts.families(), **_each_text(values, _replacer(missing))}


def _values(sheet: Sheet) -> dict[str, Any]:
    """What the templates read; every text in it can be drawn."""
    day = sheet.issued_on
    address = verify_address(sheet.verify_code) if sheet.verify_code else ""
    printed = {
        "title": sheet.title,
        "agency": sheet.agency_name,
        "agency_short": sheet.agency_short,
        "number": sheet.number or "（预览，未编号）",
        "date": clock.written(day),
        **sheet.content,
    }
    missing = fonts.coverage(_all_text(printed))
    return {
        "fonts": fonts.families(),
        "is_preview": sheet.is_preview,
        "day": [day.year, day.month, day.day],
        "verify_code": sheet.verify_code,
        "verify_address": address,
        "qr": qr_svg(address) if address else "",
        "notes": _notes(missing),
        **_each_text(printed, _replacer(missing)),
    }


def _notes(missing: tuple[fonts.MissingCharacter, ...]) -> list[str]:
    if not missing:
        return []
    names = "、".join(char.printed for char in missing)
    return [f"文中{names}代表一个汉字，括号内是该字的国际统一编码；现有字库没有这个字的字形，故印出编码。"]


def _replacer(missing: tuple[fonts.MissingCharacter, ...]) -> Callable[[str], str]:
    table = str.maketrans({char.character: char.printed for char in missing})
    return lambda text: text.translate(table)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(part, change) for part in value]
    if isinstance(value, dict):
        return {key: _each_text(part, change) for key, part in value.items()}
    return value


def _all_text(value: Any) -> str:
    pieces: list[str] = []

    def collect(text: str) -> str:
        pieces.append(text)
        return text

    _each_text(value, collect)
    return "".join(pieces)


def qr_svg(address: str) -> str:
    """The address as a QR code."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=2, xmldecl=False)
    return picture.getvalue().decode()
