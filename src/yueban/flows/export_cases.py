"""导出: the cases a person may see as an Excel sheet, masked, and that he took them is recorded."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

from django.conf import settings
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
Filters = Mapping[str, str]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def is_long(actor: Actor, filters: Filters) -> bool:
    """Whether the list is the worker's to write: more rows than somebody should wait for."""
    most = settings.YUEBAN_EXPORT_AT_ONCE
    return _found(actor, filters).order_by()[: most + 1].count() > most


def count(actor: Actor, filters: Filters) -> int:
    """How many rows a sheet will have."""
    return _found(actor, filters).order_by()[:MOST_ROWS].count()


@transaction.atomic
def export(actor: Actor, filters: Filters) -> bytes:
    """The workbook of a list that was narrowed from what this person may see."""
    check_staff(actor)
    content, written = build(actor, filters, on_part=lambda _written: True)
    record(actor, "export", filters, written)
    return content


def check_staff(actor: Actor) -> None:
    """Refuse whoever holds no post."""
    if not actor.is_staff:
        raise NotAllowed("只有工作人员能导出办件。", hint="请用带岗位的账号登录。")


def build(actor: Actor, filters: Filters, *, on_part: Callable[[int], bool]) -> tuple[bytes, int]:
    """The sheet and its number of rows; `on_part` hears how far it is, and ends it by saying False."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("办件")
    sheet.freeze_panes = "A3"
    for letter, width in zip("ABCDEFGHIJ", (26, 30, 16, 14, 24, 20, 24, 18, 14, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    said = heading(actor, filters)
    sheet.oddFooter.center.text = said.replace("&", "＆")  # on every printed page
    sheet.append([said])
    head = [WriteOnlyCell(sheet, value=name) for name in COLUMNS]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    written = 0
    for row in _rows(_found(actor, filters)):
        sheet.append(row)
        written += 1
        if written % CHUNK == 0 and not on_part(written):
            break
    content = BytesIO()
    book.save(content)
    return content.getvalue(), written


def heading(actor: Actor, filters: Filters) -> str:
    """Who took the list out of the house, when, and what it was narrowed to."""
    post = f"（{actor.posts[0].agency_name}）" if actor.posts else ""
    when = f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"
    return f"{actor.name}{post}于{when}导出，已脱敏，仅供工作使用。范围：{cases_read.told(filters)}"


def record(actor: Actor, kind: str, filters: Filters, rows: int, *, number: str = "") -> None:
    """Keep who did what with how many rows; of the filters the names alone."""
    data: dict[str, str | int] = {"what": "办件", "rows": rows, "filters": "；".join(filters)}
    if number:
        data["number"] = number
    audit.record(Reference("user", str(actor.user_id)), kind, actor=actor, data=data)


def _found(actor: Actor, filters: Filters) -> QuerySet[Case]:
    return cases_read.narrowed(cases_read.cases_visible_to(actor), filters)


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
            plain(case.item_name),
            plain(masking.mask("name", case.applicant_name) if is_person else case.applicant_name),
            case.get_state_display(),
            f"{light.word}，{light.sentence}" if light else "不在计时",
            plain(case.agency.short_name),
            plain(case.intake_agency.short_name),
            moment(case.applied_at),
            case.promised_on.isoformat() if case.promised_on else "",
            moment(case.ended_at),
        ]


def plain(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def moment(moment: object) -> str:
    """A moment as a sheet has it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""  # type: ignore[arg-type]


def file_name() -> str:
    """办件-20261122.xlsx."""
    return f"办件-{clock.today():%Y%m%d}.xlsx"
