"""Items as an Excel workbook: one sheet a table, drop-downs for codes, notes on headings, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from yueban.catalogue.compile import definition_of
from yueban.catalogue.exchange import lens
from yueban.catalogue.exchange.codecs import Choice, Code, Flag
from yueban.catalogue.exchange.columns import ITEM, LISTS, Column, Table
from yueban.catalogue.exchange.dialect import ExcelDialect
from yueban.catalogue.exchange.lens import Laid, Record
from yueban.catalogue.exchange.workbook import (
    CODES,
    HELP,
    ITEM_KEY,
    MARK,
    PIECE,
    REST,
    REST_HEADINGS,
    headings,
    name_of,
)
from yueban.catalogue.standard import ItemStandard

HEAD = PatternFill("solid", fgColor="1F5C50")
REQUIRED = PatternFill("solid", fgColor="7A5200")
WHITE = Font(bold=True, color="FFFFFF")
WRAPPED = Alignment(wrap_text=True, vertical="top")
LAST_ROW = 2000  # how far down a drop-down reaches
EXPLAINED = (
    "怎样填写",
    "1. 一个事项在“事项”表里占一行，其余各表用“事项标识”说明属于哪个事项。",
    "2. 表头是国家标准的要素名称，请勿改动、合并或增删列；棕色表头必填，把鼠标移到表头上看说明。",
    "3. 有下拉列表的单元格请从列表中选；多个值用逗号分开；分条写的内容每行一条（Alt+Enter 换行）。",
    "4. 不要写公式，不要合并单元格。请保存为 .xlsx，不超过 20 MB。",
    "5. “适用条件”由系统写出，只供阅读；要改条件，请到工作台的事项编辑页面。",
    "6. 导入后全部存为草稿，由另一位编辑复核后才发布；有一处错误，就一项也不导入，并退回标明错误的副本。",
    "7. 同一份表格再导入一次，不会产生新的草稿。",
)


@dataclass
class _Lists:
    """The drop-downs of a workbook: each list of words once, in its own column of a hidden sheet."""

    sheet: Worksheet
    columns: dict[tuple[str, ...], str]

    def formula(self, words: tuple[str, ...]) -> str:
        """The range that holds these words."""
        if words not in self.columns:
            letter = get_column_letter(len(self.columns) + 1)
            for number, word in enumerate(words, 1):
                _write(self.sheet[f"{letter}{number}"], word)
            self.columns[words] = f"'{CODES}'!${letter}$1:${letter}${len(words)}"
        return self.columns[words]


def write_book(standards: Sequence[ItemStandard], dialect: ExcelDialect) -> bytes:
    """A workbook of these items; without any it is the template."""
    book = Workbook()
    _explain(book.active)
    sheets = {table.name: book.create_sheet(table.title) for table in (ITEM, *LISTS)}
    codes, rest = book.create_sheet(CODES), book.create_sheet(REST)
    codes.sheet_state = rest.sheet_state = "hidden"
    lists = _Lists(codes, {})
    for table in (ITEM, *LISTS):
        _head(sheets[table.name], table, dialect, lists)
    rest.append(REST_HEADINGS)
    for standard in standards:
        laid = lens.take(definition_of(standard), dialect)
        _fill(sheets, laid, standard.key)
        _add_rest(rest, laid, standard.key)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _explain(sheet: Any) -> None:
    sheet.title = HELP
    sheet.column_dimensions["A"].width = 110
    for number, line in enumerate(EXPLAINED, 1):
        sheet.cell(number, 1, line).alignment = WRAPPED
    sheet.cell(1, 1).font = Font(bold=True, size=14)


def _head(sheet: Worksheet, table: Table, dialect: ExcelDialect, lists: _Lists) -> None:
    sheet.freeze_panes = "B2"
    for number, (title, column) in enumerate(headings(table), 1):
        cell = sheet.cell(1, number, title)
        cell.font, cell.alignment = WHITE, WRAPPED
        is_required = column.is_required if column else title == ITEM_KEY
        cell.fill = REQUIRED if is_required else HEAD
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(14, 2 * len(title) + 4)
        sheet.column_dimensions[letter].hidden = title == MARK
        if column is not None and column.note:
            cell.comment = Comment(column.note, "越办", width=260, height=80)
        words = _words_of(column, dialect)
        if words:
            choice = DataValidation(type="list", formula1=lists.formula(words), allow_blank=not is_required)
            choice.error, choice.errorTitle = "请从下拉列表中选。", "不在列表里"
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{LAST_ROW}")


def _words_of(column: Column | None, dialect: ExcelDialect) -> tuple[str, ...]:
    """What may be chosen in a column; nothing where the words are free."""
    match column.codec if column else None:
        case Code(code_list):
            return tuple(dialect.shown(code_list, code) for code in dialect.codes(code_list))
        case Choice(names):
            return tuple(names.values())
        case Flag():
            return (dialect.yes, dialect.no)
    return ()


def _fill(sheets: dict[str, Worksheet], laid: Laid, key: str) -> None:
    _add(sheets[ITEM.name], ITEM, laid.item, key)
    for table in LISTS:
        for record in laid.lists[table.name]:
            _add(sheets[table.name], table, record, key)


def _add(sheet: Worksheet, table: Table, record: Record, key: str) -> None:
    row = sheet.max_row + 1
    named = {ITEM_KEY: key, MARK: record.mark}
    for number, (title, column) in enumerate(headings(table), 1):
        value = record.cells[name_of(column)] if column is not None else named[title]
        if value is not None:
            _write(sheet.cell(row, number), value)


def _write(cell: Any, value: Any) -> None:
    """Text stays text even where it begins like a formula."""
    cell.value = value
    if isinstance(value, str) and isinstance(cell, Cell):
        cell.data_type = "s"
        cell.alignment = WRAPPED


def _add_rest(sheet: Worksheet, laid: Laid, key: str) -> None:
    text = json.dumps({"item": laid.rest.item, "rows": laid.rest.rows}, ensure_ascii=False, sort_keys=True)
    for number, at in enumerate(range(0, len(text), PIECE), 1):
        sheet.append((key, number, text[at : at + PIECE]))
