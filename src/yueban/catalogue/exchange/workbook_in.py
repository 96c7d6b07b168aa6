"""Reading a workbook that somebody filled in: refused whole when it is no such workbook, else cell by cell."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from yueban.catalogue.exchange.codecs import plain
from yueban.catalogue.exchange.columns import ITEM, LISTS, Column, Table
from yueban.catalogue.exchange.faults import Fault
from yueban.catalogue.exchange.lens import Laid, Record, Rest
from yueban.catalogue.exchange.parts import PartsCounted
from yueban.catalogue.exchange.workbook import (
    FAULT_HEADINGS,
    FAULTS,
    ITEM_KEY,
    MARK,
    OWN_SHEETS,
    REST,
    SHEETS,
    headings,
    name_of,
)
from yueban.kernel.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 80 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COMMENTS = 3_000
WRONG = PatternFill("solid", fgColor="F4B6AE")
BOLD = Font(bold=True)
HEAD_ROW = 1
# A broken file breaks the reader in many ways; none of them is of use to who sent it.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # what every reader of XML raises
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
)


class BookRefused(Invalid):
    """A file that is not read at all."""

    code = "exchange.book_refused"


@dataclass
class Sheet:
    """One sheet: which heading stands in which column."""

    own: Worksheet
    table: Table
    places: dict[str, int]


@dataclass
class Book:
    """A workbook that was read: items with their rows, what was wrong, and the file itself to write into."""

    own: Workbook
    sheets: dict[str, Sheet] = field(default_factory=dict)
    items: dict[str, Laid] = field(default_factory=dict)
    has_rest: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def read_book(content: bytes, name: str) -> Book:
    """Read a workbook; raises BookRefused for what is no workbook of items."""
    book = Book(open_book(content, name))
    _find_sheets(book)
    _read_items(book)
    _read_lists(book)
    _read_rest(book)
    return book


def open_book(content: bytes, name: str) -> Workbook:
    """Any workbook that is safe to open; raises BookRefused."""
    _check_file(content, name)
    try:
        return load_workbook(BytesIO(content))
    except UNREADABLE:
        raise BookRefused(
            "这个 Excel 文件已损坏，打不开。", hint="请在 Excel 里打开后另存为 .xlsx 再上传。"
        ) from None


def _check_file(content: bytes, name: str) -> None:
    if len(content) > MOST_BYTES:
        raise BookRefused("文件超过 20 MB。", hint="请分成几份导入。")
    if not content:
        raise BookRefused("文件是空的。", hint="请重新选择填好的表格。")
    if name.lower().endswith((".xlsm", ".xltm", ".xlsb")):
        raise BookRefused("不收带宏的文件。", hint="请在 Excel 里另存为“Excel 工作簿（.xlsx）”再上传。")
    if not name.lower().endswith(".xlsx") or not zipfile.is_zipfile(BytesIO(content)):
        raise BookRefused("这不是 .xlsx 文件。", hint="请用下载的模板填写；旧的 .xls 请另存为 .xlsx。")
    with zipfile.ZipFile(BytesIO(content)) as packed:
        _check_parts(packed)


def _check_parts(packed: zipfile.ZipFile) -> None:
    """Nothing that unpacks without end, no macros, nothing through which a few lines grow to gigabytes."""
    parts = packed.infolist()
    if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > 2000:
        raise BookRefused("文件解开后太大，没有读取。", hint="请用模板重新填写，不要粘贴图片或整列格式。")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise BookRefused("文件里有宏，没有读取。", hint="请在 Excel 里另存为“Excel 工作簿（.xlsx）”再上传。")
    counted = PartsCounted()
    for part in parts:
        if not counted.is_harmless(packed, part):
            raise BookRefused("文件内容不合规则，没有读取。", hint="请用模板重新填写，不要合并整行整列。")


def _find_sheets(book: Book) -> None:
    for sheet in book.own.worksheets:
        if sheet.title in OWN_SHEETS:
            continue
        table = SHEETS.get(sheet.title)
        if table is None:
            hint = f"可用的工作表：{'、'.join(SHEETS)}。不要的请删去。"
            book.faults.append(Fault(sheet.title, 0, "", "不认识这张工作表。", hint))
        elif sheet.max_row > MOST_ROWS:
            raise BookRefused(
                f"“{sheet.title}”超过 {MOST_ROWS} 行。", hint="请删去多余的行，或分成几份导入。"
            )
        else:
            book.sheets[table.name] = Sheet(sheet, table, _headings_of(book, sheet, table))
            _check_merged(book, sheet)
    if ITEM.name not in book.sheets:
        raise BookRefused("文件里没有“事项”工作表。", hint="请用下载的模板填写。")


def _headings_of(book: Book, sheet: Worksheet, table: Table) -> dict[str, int]:
    known = dict(headings(table))
    places: dict[str, int] = {}
    for column, cell in enumerate(sheet[HEAD_ROW], 1):
        title = plain(cell.value)
        if not title:
            continue
        if title not in known or title in places:
            what = "列标题重复。" if title in places else "不认识这个列标题。"
            hint = "请恢复模板里的列标题；不要的列请删去。"
            book.faults.append(Fault(sheet.title, HEAD_ROW, title, what, hint))
            continue
        places[title] = column
    needed = [
        title for title, column in known.items() if (column.is_required if column else title == ITEM_KEY)
    ]
    for title in needed:
        if title not in places:
            hint = "请从模板里补回这一列。"
            book.faults.append(Fault(sheet.title, HEAD_ROW, title, f"缺少“{title}”这一列。", hint))
    return places


def _check_merged(book: Book, sheet: Worksheet) -> None:
    for area in sheet.merged_cells.ranges:
        if area.max_row > HEAD_ROW:
            title = plain(sheet.cell(HEAD_ROW, area.min_col).value)
            what = f"{area.coord} 是合并的单元格。"
            hint = "请取消合并，每一行都填上内容。"
            book.faults.append(Fault(sheet.title, area.min_row, title, what, hint))


def _rows(book: Book, sheet: Sheet) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows in which something stands, by heading; cells that are no plain values are faults."""
    for number in range(HEAD_ROW + 1, sheet.own.max_row + 1):
        cells = {title: sheet.own.cell(number, column) for title, column in sheet.places.items()}
        if all(plain(cell.value) == "" for cell in cells.values()):
            continue
        for title, cell in cells.items():
            if cell.data_type == "f":
                hint = "请改填数值或文字：复制后用“选择性粘贴—数值”。"
                book.faults.append(Fault(sheet.own.title, number, title, "这里是公式。", hint))
            elif cell.data_type == "e":
                book.faults.append(Fault(sheet.own.title, number, title, "这里是错误值。", "请重新填写。"))
        yield number, {title: cell.value for title, cell in cells.items() if cell.data_type not in ("f", "e")}


def _record(table: Table, number: int, row: dict[str, Any]) -> Record:
    columns: list[Column] = [column for column in table.columns if column.title in row]
    cells = {name_of(column): row[column.title] for column in columns}
    return Record(cells, plain(row.get(MARK)), number)


def _read_items(book: Book) -> None:
    sheet = book.sheets[ITEM.name]
    for number, row in _rows(book, sheet):
        key = plain(row.get(ITEM_KEY))
        if not key or key in book.items:
            what = f"“{key}”写了两行。" if key else "没有填事项标识。"
            hint = "每个事项一行，标识不能重复。"
            book.faults.append(Fault(ITEM.title, number, ITEM_KEY, what, hint, item=key))
            continue
        lists: dict[str, list[Record]] = {name: [] for name in book.sheets if name != ITEM.name}
        book.items[key] = Laid(_record(ITEM, number, row), lists, Rest())
    if not book.items and not book.faults:
        raise BookRefused("“事项”工作表里没有填写任何事项。", hint="请在模板里至少填一行再上传。")


def _read_lists(book: Book) -> None:
    for table in LISTS:
        sheet = book.sheets.get(table.name)
        if sheet is None:
            continue
        for number, row in _rows(book, sheet):
            key = plain(row.get(ITEM_KEY))
            if key in book.items:
                book.items[key].lists[table.name].append(_record(table, number, row))
                continue
            what = f"“事项”表里没有“{key}”。" if key else "没有填事项标识。"
            hint = "请填“事项”表里已有的标识。"
            book.faults.append(Fault(table.title, number, ITEM_KEY, what, hint))


def _read_rest(book: Book) -> None:
    """What the sheets cannot show, in pieces; a spoilt piece is a fault, a missing sheet is none."""
    if REST not in book.own.sheetnames:
        return
    pieces: dict[str, str] = {}
    for row in book.own[REST].iter_rows(min_row=2, max_col=3, values_only=True):
        if row[0] is not None:
            pieces[str(row[0])] = pieces.get(str(row[0]), "") + str(row[2] or "")
    for key, text in pieces.items():
        if key not in book.items:
            continue
        try:
            found = json.loads(text)
            rows = {str(mark): dict(left) for mark, left in found["rows"].items()}
            book.items[key].rest = Rest(dict(found["item"]), rows)
            book.has_rest.add(key)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            hint = "请重新下载该事项的表格，在新表里填写。"
            book.faults.append(Fault(REST, 0, "", f"“{key}”的扩展信息被改动过，读不出来。", hint, item=key))


def mark_faults(book: Book, faults: Sequence[Fault]) -> bytes:
    """The same workbook with every mistake marked in its cell and listed on a sheet of its own."""
    if FAULTS in book.own.sheetnames:
        del book.own[FAULTS]
    by_title = {sheet.own.title: sheet for sheet in book.sheets.values()}
    listed = book.own.create_sheet(FAULTS, 0)
    listed.append(FAULT_HEADINGS)
    for cell in listed[1]:
        cell.font = BOLD
    for letter, width in zip("ABCDE", (14, 10, 22, 50, 60), strict=True):
        listed.column_dimensions[letter].width = width
    listed.freeze_panes = "A2"
    for number, fault in enumerate(faults):
        place = _place_of(by_title.get(fault.table), fault)
        listed.append([_text(part) for part in (fault.table, place, fault.column, fault.message, fault.hint)])
        for cell in listed[listed.max_row]:
            cell.data_type = "s"
        if place and fault.table in by_title:
            _mark(by_title[fault.table].own, place, fault, is_told=number < MOST_COMMENTS)
    book.own.active = 0
    content = BytesIO()
    book.own.save(content)
    return content.getvalue()


def _text(part: str) -> str:
    """Without the control characters that a workbook cannot hold."""
    return "".join(letter for letter in part if letter >= " " or letter == "\n")


def place_of(book: Book, fault: Fault) -> str:
    """The cell of a fault as Excel names it; nothing where it concerns no single cell."""
    sheet = next((sheet for sheet in book.sheets.values() if sheet.own.title == fault.table), None)
    return _place_of(sheet, fault)


def _place_of(sheet: Sheet | None, fault: Fault) -> str:
    if sheet is None or not fault.row:
        return ""
    column = sheet.places.get(fault.column)
    if column is None:
        head = enumerate(sheet.own[HEAD_ROW], 1)
        found = (number for number, cell in head if plain(cell.value) == fault.column)
        column = next(found, 1)
    return f"{get_column_letter(column)}{fault.row}"


def _mark(sheet: Worksheet, place: str, fault: Fault, *, is_told: bool) -> None:
    cell = sheet[place]
    cell.fill = WRONG
    # Only the first cell of merged ones can carry a comment.
    if is_told and hasattr(cell, "value") and not type(cell).__name__.startswith("Merged"):
        told = f"{cell.comment.text}\n" if cell.comment and cell.row > HEAD_ROW else ""
        cell.comment = Comment(
            _text(f"{told}{fault.message}{fault.hint}")[:2000], "越办", width=320, height=120
        )
