"""What a document says, as plain values: the layers below know nothing of cases."""

from collections.abc import Mapping
from typing import Any, Final, NotRequired, TypedDict

from yueban.documents.choices import REFUSALS, DocumentKind
from yueban.documents.errors import DocumentInvalid


class Table(TypedDict):
    """Rows under column names."""

    columns: list[str]
    rows: list[list[str]]


class Content(TypedDict):
    """All parts may be left out; they are printed in this order."""

    addressee: NotRequired[str]
    paragraphs: NotRequired[list[str]]
    facts: NotRequired[list[list[str]]]
    """[label, value] pairs."""
    table: NotRequired[Table]
    closing: NotRequired[list[str]]
    """What is said after facts and table: where to go, what follows."""
    reasons: NotRequired[list[str]]
    remedies: NotRequired[list[str]]
    footer: NotRequired[list[str]]
    """Small print: contact, hours."""


PARTS: Final = frozenset(Content.__optional_keys__)
LINES: Final = ("paragraphs", "closing", "reasons", "remedies", "footer")
HINT: Final = "请检查生成文书的内容。"


def checked_content(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with every value a text and lists where lists belong; raises DocumentInvalid.

    A single text is taken for a list of one; pairs and rows may be any sequence.
    """
    unknown = set(content) - PARTS
    if unknown:
        raise DocumentInvalid(f"文书内容中有未定义的部分：{'、'.join(sorted(unknown))}。", hint=HINT)
    checked: dict[str, Any] = {key: _lines(key, content[key]) for key in LINES if content.get(key)}
    if content.get("addressee"):
        checked["addressee"] = str(content["addressee"])
    if content.get("facts"):
        checked["facts"] = [_row("facts", pair, 2) for pair in content["facts"]]
    if content.get("table"):
        checked["table"] = _table(content["table"])
    _check_refusal(kind, checked)
    return checked


def _check_refusal(kind: str, content: Mapping[str, Any]) -> None:
    if kind not in REFUSALS:
        return
    missing = {"reasons": "理由和依据", "remedies": "救济途径"}
    absent = {
        key: f"{DocumentKind(kind).label}必须写明{name}。"
        for key, name in missing.items()
        if not content.get(key)
    }
    if absent:
        raise DocumentInvalid.of_fields(absent, "".join(absent.values()))


def _lines(key: str, value: object) -> list[str]:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list | tuple) or not all(isinstance(line, str) for line in lines):
        raise DocumentInvalid(f"文书内容的“{key}”应为文字列表。", hint=HINT)
    return [line.strip() for line in lines if line.strip()]


def _row(key: str, row: object, width: int) -> list[str]:
    if not isinstance(row, list | tuple) or len(row) != width:
        raise DocumentInvalid(f"文书内容的“{key}”每行应有 {width} 项。", hint=HINT)
    return ["" if cell is None else str(cell) for cell in row]


def _table(table: object) -> dict[str, Any]:
    if not isinstance(table, Mapping) or not table.get("columns"):
        raise DocumentInvalid("文书内容的“table”应有 columns 和 rows。", hint=HINT)
    columns = _lines("table", table["columns"])
    return {"columns": columns, "rows": [_row("table", row, len(columns)) for row in table.get("rows", ())]}
