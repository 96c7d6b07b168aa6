"""Tables as Excel files: written row by row, every cell a plain value and never a formula."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from yueban.channels.shared.serving import disposition
from yueban.kernel import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000
Value = str | int | Decimal | date | datetime | None


def excel_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> FileResponse:
    """A workbook of one sheet as a download that no cache keeps."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    for at, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = max(20, 2 * len(column) + 4)
    sheet.append([_cell(sheet, column) for column in columns])
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            break
        sheet.append([_cell(sheet, value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    book.save(file)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = disposition(f"{name}{clock.today():%Y%m%d}.xlsx", is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


def _cell(sheet: Any, value: Any) -> Any:
    """Text stays text even where it begins like a formula; times are Beijing's, which Excel takes without a zone."""
    if isinstance(value, datetime):
        value = value.astimezone(clock.BEIJING).replace(tzinfo=None, microsecond=0)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
