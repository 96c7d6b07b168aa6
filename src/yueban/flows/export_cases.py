"""导出: the cases a person may see as an Excel sheet, masked, and that he took them is recorded."""

from collections.abc import Iterator
from io import BytesIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.kernel import clock, masking
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference

MOST_ROWS = 50_000
CHUNK = 500
COLUMNS = (
    "编号",
    "事项",
    "申请人",
    "状态",
    "时限",
    "办理部门",
    "收件窗口",
    "申请时间",
    "承诺办结日",
    "办结时间",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@transaction.atomic
def export(actor: Actor, found: QuerySet[Case], *, filters: str) -> bytes:
    """The workbook of a list that was narrowed from what this person may see."""
    if not actor.is_staff:
        raise NotAllowed("只有工作人员能导出办件。", hint="请用带岗位的账号登录。")
    # Whatever list comes in, only what the person may see goes out.
    rows = found.filter(pk__in=cases_read.cases_visible_to(actor).values("pk"))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("办件")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", (26, 30, 16, 14, 24, 20, 24, 18, 14, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    head = [WriteOnlyCell(sheet, value=name) for name in COLUMNS]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    count = 0
    for row in _rows(rows):
        sheet.append(row)
        count += 1
    content = BytesIO()
    book.save(content)
    reference = Reference("user", str(actor.user_id))
    audit.record(reference, "export", actor=actor, data={"what": "办件", "rows": count, "filters": filters})
    return content.getvalue()


def _rows(rows: QuerySet[Case]) -> Iterator[list[str]]:
    listed = rows.select_related("agency", "intake_agency", "party").defer("form", "facts", "answers")
    listed = listed.order_by("-applied_at", "-pk")[:MOST_ROWS]
    chunk: list[Case] = []
    for case in listed.iterator(chunk_size=CHUNK):
        chunk.append(case)
        if len(chunk) == CHUNK:
            yield from lines(chunk)
            chunk = []
    yield from lines(chunk)


def lines(chunk: list[Case]) -> Iterator[list[str]]:
    """The cells of each case, masked."""
    lights = cases_read.nearest_lights(chunk) if chunk else {}
    for case in chunk:
        light = lights.get(case.number)
        is_person = case.party.kind == "person"
        yield [
            case.number,
            _plain(case.item_name),
            _plain(masking.mask("name", case.applicant_name) if is_person else case.applicant_name),
            case.get_state_display(),
            f"{light.word}，{light.sentence}" if light else "不在计时",
            _plain(case.agency.short_name),
            _plain(case.intake_agency.short_name),
            _moment(case.applied_at),
            case.promised_on.isoformat() if case.promised_on else "",
            _moment(case.ended_at),
        ]


def _plain(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _moment(moment: object) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""  # type: ignore[arg-type]


def file_name() -> str:
    """办件-20261122.xlsx."""
    return f"办件-{clock.today():%Y%m%d}.xlsx"
