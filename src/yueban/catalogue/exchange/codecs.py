"""How a value of the standard becomes a cell and a cell a value: one small class a kind of value.

``read`` of what ``write`` wrote gives the value back wherever the cell can hold it; where it cannot, the lens
keeps the value beside the cell (``lens.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from yueban.catalogue.exchange.dialect import Dialect
from yueban.catalogue.exchange.faults import CellFault

Cell = str | int | None
SEPARATORS = re.compile(r"[,，、;；\n]+")


class Codec(Protocol):
    """Writes values into cells and reads them back."""

    def write(self, value: Any, dialect: Dialect, /) -> Cell:
        """The cell for a value."""

    def read(self, cell: Any, dialect: Dialect, /) -> Any:
        """The value of a cell; raises CellFault."""


def plain(cell: Any) -> str:
    """What stands in a cell as text: 3.0 is 3, a date is its ISO form, outer space is nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute) == (0, 0) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\r\n", "\n").replace("_x000D_", "").strip()


@dataclass(frozen=True)
class Text:
    """A text; empty is none."""

    def write(self, value: Any, _dialect: Dialect, /) -> Cell:
        return None if value in (None, "") else str(value)

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        return plain(cell) or None


@dataclass(frozen=True)
class Lines:
    """Several texts, one a line."""

    def write(self, value: Any, _dialect: Dialect, /) -> Cell:
        return "\n".join(value) if value else None

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        return [line.strip() for line in plain(cell).split("\n") if line.strip()]


@dataclass(frozen=True)
class Number:
    """A whole number, not negative."""

    def write(self, value: Any, _dialect: Dialect, /) -> Cell:
        return value if isinstance(value, int) else None

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        text = plain(cell)
        if not text:
            return None
        if text == "即办":
            return 0
        if not text.isdecimal() or len(text) > 9:
            raise CellFault(f"“{text[:40]}”不是整数。", "请只填数字，例如 5；单位填在单位一列。")
        return int(text)


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def write(self, value: Any, dialect: Dialect, /) -> Cell:
        return None if value is None else dialect.yes if value else dialect.no

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        text = plain(cell)
        if text in ("1", "是", "true", "True", "Y"):
            return True
        if text in ("0", "否", "false", "False", "N"):
            return False
        if not text:
            return None
        raise CellFault(f"“{text[:40]}”不是“是”或“否”。", "请从下拉列表中选“是”或“否”。")


@dataclass(frozen=True)
class Day:
    """A calendar day."""

    def write(self, value: Any, _dialect: Dialect, /) -> Cell:
        return value or None

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        text = plain(cell)
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 00:00:00)?", text)
        try:
            year, month, day = (int(part) for part in found.groups()[:3]) if found else (0, 0, 0)
            return date(year, month, day).isoformat()
        except ValueError:
            raise CellFault(f"“{text[:40]}”不是日期。", "请填成 2026-11-22 的样子。") from None


@dataclass(frozen=True)
class Code:
    """One code of a list."""

    code_list: str

    def write(self, value: Any, dialect: Dialect, /) -> Cell:
        return None if value is None else dialect.shown(self.code_list, value)

    def read(self, cell: Any, dialect: Dialect, /) -> Any:
        text = plain(cell)
        return dialect.code_of(self.code_list, text) if text else None


@dataclass(frozen=True)
class Codes:
    """Several codes of a list, separated by commas."""

    code_list: str

    def write(self, value: Any, dialect: Dialect, /) -> Cell:
        return ",".join(dialect.shown(self.code_list, code) for code in value) if value else None

    def read(self, cell: Any, dialect: Dialect, /) -> Any:
        words = [word.strip() for word in SEPARATORS.split(plain(cell)) if word.strip()]
        return [dialect.code_of(self.code_list, word) for word in words]


@dataclass(frozen=True)
class Words:
    """Several short words, separated by commas."""

    def write(self, value: Any, _dialect: Dialect, /) -> Cell:
        return ",".join(value) if value else None

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        return [word.strip() for word in SEPARATORS.split(plain(cell)) if word.strip()]


@dataclass(frozen=True)
class Choice:
    """One of a few words of ours, each with its Chinese name."""

    names: dict[str, str] = field(hash=False)

    def write(self, value: Any, _dialect: Dialect, /) -> Cell:
        return None if value is None else self.names.get(value, value)

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        text = plain(cell)
        if not text:
            return None
        for word, name in self.names.items():
            if text in (word, name):
                return word
        raise CellFault(f"“{text[:40]}”不能填在这里。", f"请选：{'、'.join(self.names.values())}。")


@dataclass(frozen=True)
class BasicCode:
    """基本编码, whose type digits follow the other side's list of item types."""

    def write(self, value: Any, dialect: Dialect, /) -> Cell:
        return dialect.basic_out(value) if value else None

    def read(self, cell: Any, dialect: Dialect, /) -> Any:
        text = plain(cell)
        return dialect.basic_in(text) if text else None


@dataclass(frozen=True)
class Answer:
    """The value of an answer: a code, a number, or yes and no."""

    def write(self, value: Any, dialect: Dialect, /) -> Cell:
        if isinstance(value, bool):
            return dialect.yes if value else dialect.no
        return value if isinstance(value, int) else str(value) if value is not None else None

    def read(self, cell: Any, dialect: Dialect, /) -> Any:
        if isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer():
            return int(cell)
        text = plain(cell)
        return {dialect.yes: True, dialect.no: False}.get(text, text or None)


@dataclass(frozen=True)
class RuleWords:
    """A condition in words: shown, and taken away by emptying the cell; changed only in the visual editor."""

    def write(self, value: Any, dialect: Dialect, /) -> Cell:
        return dialect.sentence(value) if value else None

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        if not plain(cell):
            return None
        raise CellFault("条件不能在表格里改写。", "请恢复原来的文字，到事项编辑页面的条件编辑器里修改。")


WAYS = {
    "form": "在线表单",
    "upload": "上传",
    "certificate": "电子证照",
    "share": "数据共享",
    "check": "部门核验",
    "promise": "告知承诺",
}


@dataclass(frozen=True)
class Ladder:
    """The ways in which a material is met, best first, one a line: 电子证照 business-licence."""

    def write(self, value: Any, _dialect: Dialect, /) -> Cell:
        return "\n".join(" ".join(self._words(way)) for way in value or ()) or None

    def _words(self, way: dict[str, Any]) -> list[str]:
        names = ("certificate_type", "source", "agency_kind", "subject", "text")
        return [WAYS[way["way"]], *(str(way[name]) for name in names if way.get(name))]

    def read(self, cell: Any, _dialect: Dialect, /) -> Any:
        return [self._way(line.strip()) for line in plain(cell).split("\n") if line.strip()]

    def _way(self, line: str) -> dict[str, Any]:
        word, *rest = line.split(maxsplit=1)
        way = next((key for key, name in WAYS.items() if name == word), None)
        told = rest[0] if rest else ""
        match way:
            case "form" | "upload":
                return {"way": way}
            case "certificate" if told:
                return {"way": way, "certificate_type": told}
            case "share" if told:
                return {"way": way, "source": told}
            case "check" if len(told.split(maxsplit=1)) == 2:
                kind, subject = told.split(maxsplit=1)
                return {"way": way, "agency_kind": kind, "subject": subject}
            case "promise" if told:
                return {"way": way, "text": told}
        raise CellFault(
            f"看不懂“{line[:40]}”。",
            "每行一种方式：在线表单；上传；电子证照 证照类型；数据共享 来源；"
            "部门核验 部门类别 核验内容；告知承诺 承诺内容。",
        )
