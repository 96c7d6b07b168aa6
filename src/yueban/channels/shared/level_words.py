"""下沉事项 in words: the four levels, what each does and on what paper, what was handled there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yueban.catalogue.compiled import CompiledOffering
from yueban.channels.shared.english import is_english, named
from yueban.channels.shared.fields import Option
from yueban.divisions import selectors as divisions
from yueban.flows.levels import ACTS, LEVELS, Cell, Row


@dataclass(frozen=True)
class Line:
    """One act of a level: its word, when, on what paper."""

    act: str
    condition: str
    paper: str


@dataclass(frozen=True)
class CellView:
    """One level of one item as pages show it."""

    level: str
    lines: list[Line]
    received: int
    decided: int
    is_empty: bool
    is_only_on_paper: bool


@dataclass(frozen=True)
class RowView:
    """One item with its levels."""

    key: str
    name: str
    cells: list[CellView]


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    county: str
    level: str
    act: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Only what exists counts."""
        county, level, act = (request.GET.get(name, "") for name in ("county", "level", "act"))
        counties = {row.code for row in divisions.counties()}
        return cls(
            county if county in counties else "",
            level if level in LEVELS else "",
            act if act in ACTS else "",
        )

    @property
    def query(self) -> str:
        """The same, for another address."""
        return urlencode({"county": self.county, "level": self.level, "act": self.act})


def level_names() -> dict[str, str]:
    """The levels by their codes."""
    return {"city": _("市"), "county": _("县（市、区）"), "town": _("镇街"), "village": _("村社")}


def act_names() -> dict[str, str]:
    """What a level may do."""
    return {"intake": _("受理"), "pre_check": _("初审"), "decide": _("办结")}


def options(names: dict[str, str]) -> list[Option]:
    """For a field of choices."""
    return [Option(code, name) for code, name in names.items()]


def county_options() -> list[Option]:
    """The counties to choose from."""
    found = divisions.counties()
    return [Option(row.code, named(divisions.plain_name(row.name), row.name_en)) for row in found]


def row_view(row: Row) -> RowView:
    """One item in words."""
    names = level_names()
    return RowView(row.key, named(row.name, row.name_en), [_cell_view(cell, names) for cell in row.cells])


def _cell_view(cell: Cell, names: dict[str, str]) -> CellView:
    return CellView(
        level=names[cell.level],
        lines=[_line(line) for line in cell.does],
        received=cell.counts.received,
        decided=cell.counts.decided,
        is_empty=cell.is_empty,
        is_only_on_paper=cell.is_only_on_paper,
    )


def _line(line: CompiledOffering) -> Line:
    # Conditions are written in Chinese, as the whole legal text is.
    condition = "" if is_english() else line.when_text or ""
    return Line(act_names()[line.does], condition, _paper(line))


def _paper(line: CompiledOffering) -> str:
    if line.delegation is None:
        return ""
    number = f"（{line.delegation.number}）" if line.delegation.number else ""
    return f"{line.delegation.kind}：{line.delegation.document}{number}"
