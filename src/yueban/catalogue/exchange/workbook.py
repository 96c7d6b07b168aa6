"""What a workbook of items consists of, for writing and reading: sheets, marks, hidden sheets."""

from __future__ import annotations

from yueban.catalogue.exchange.columns import ITEM, LISTS, Column, Table
from yueban.catalogue.exchange.lens import cell_name

HELP = "填写说明"
CODES = "代码表"
REST = "扩展信息"
FAULTS = "错误"
OWN_SHEETS = frozenset({HELP, CODES, REST, FAULTS})
ITEM_KEY = "事项标识"
MARK = "记录标识"
REST_HEADINGS = (ITEM_KEY, "序号", "内容")
FAULT_HEADINGS = ("工作表", "单元格", "要素", "问题", "怎么改")
PIECE = 30_000  # a cell takes 32,767 characters
SHEETS: dict[str, Table] = {table.title: table for table in (ITEM, *LISTS)}


def headings(table: Table) -> list[tuple[str, Column | None]]:
    """The headings of a sheet with their columns: lists name their item first and their row last."""
    own: list[tuple[str, Column | None]] = [(column.title, column) for column in table.columns]
    return own if table is ITEM else [(ITEM_KEY, None), *own, (MARK, None)]


def name_of(column: Column) -> str:
    """The name of a column's cell within a record."""
    return cell_name(column)
