"""导出政策申报: the claims a person may see as an Excel sheet; that he took them is recorded.

The functions are those of flows/export_cases, so that long ones are written in the background alike.
"""

from collections.abc import Callable, Mapping
from io import BytesIO

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from yueban.audit import services as audit
from yueban.claims import selectors as claims_read
from yueban.claims.models import Claim
from yueban.flows import export_cases
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference

COLUMNS = {
    "编号": 26,
    "政策事项": 34,
    "企业": 30,
    "年度": 8,
    "项目": 18,
    "金额（元）": 16,
    "兑现方式": 12,
    "状态": 16,
    "办理部门": 20,
    "申报时间": 18,
    "承诺审定": 14,
    "审定时间": 18,
}
LIST = "claims"


def filters_of(filters: Mapping[str, str]) -> dict[str, str]:
    """The filters as a background export keeps them: with whose list it is, and in words."""
    return dict(filters) | {"list": LIST, "told": claims_read.told(filters)}


def is_long(actor: Actor, filters: Mapping[str, str]) -> bool:
    """Whether the list is the worker's to write."""
    most = settings.YUEBAN_EXPORT_AT_ONCE
    return _found(actor, filters).order_by()[: most + 1].count() > most


def count(actor: Actor, filters: Mapping[str, str]) -> int:
    """How many rows a sheet will have."""
    return _found(actor, filters).order_by()[: export_cases.MOST_ROWS].count()


@transaction.atomic
def export(actor: Actor, filters: Mapping[str, str]) -> bytes:
    """The workbook of a list that was narrowed from what this person may see."""
    export_cases.check_staff(actor)
    content, written = build(actor, filters, on_part=lambda _written: True)
    record(actor, "export", filters, written)
    return content


def build(actor: Actor, filters: Mapping[str, str], *, on_part: Callable[[int], bool]) -> tuple[bytes, int]:
    """The sheet and its number of rows; `on_part` hears how far it is, and ends it by saying False."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("政策申报")
    sheet.freeze_panes = "A3"
    for letter, width in zip("ABCDEFGHIJKL", COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
    said = _heading(actor, filters)
    sheet.oddFooter.center.text = said.replace("&", "＆")
    sheet.append([said])
    head = [WriteOnlyCell(sheet, value=name) for name in COLUMNS]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    written = 0
    rows = _found(actor, filters).select_related("agency").order_by("-submitted_at", "-pk")
    kept = rows.defer("facts", "explanation", "decided_facts", "decided_explanation", "computed")
    for claim in kept[: export_cases.MOST_ROWS].iterator(chunk_size=export_cases.CHUNK):
        sheet.append(_line(claim))
        written += 1
        if written % export_cases.CHUNK == 0 and not on_part(written):
            break
    content = BytesIO()
    book.save(content)
    return content.getvalue(), written


def record(actor: Actor, kind: str, filters: Mapping[str, str], rows: int, *, number: str = "") -> None:
    """Keep who did what with how many rows; of the filters the names alone."""
    names = "；".join(name for name in filters if name not in ("list", "told"))
    data: dict[str, str | int] = {"what": "政策申报", "rows": rows, "filters": names}
    if number:
        data["number"] = number
    audit.record(Reference("user", str(actor.user_id)), kind, actor=actor, data=data)


def file_name() -> str:
    """政策申报-20261122.xlsx."""
    return f"政策申报-{clock.today():%Y%m%d}.xlsx"


def _heading(actor: Actor, filters: Mapping[str, str]) -> str:
    post = f"（{actor.posts[0].agency_name}）" if actor.posts else ""
    when = f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"
    return f"{actor.name}{post}于{when}导出，仅供工作使用。范围：{claims_read.told(filters)}"


def _found(actor: Actor, filters: Mapping[str, str]) -> QuerySet[Claim]:
    return claims_read.narrowed(claims_read.claims_visible_to(actor), filters)


def _line(claim: Claim) -> list[object]:
    return [
        claim.number,
        export_cases.plain(claim.offer_name),
        export_cases.plain(claim.party_name),
        claim.year,
        export_cases.plain(claim.project),
        claim.amount,
        claim.get_way_display(),
        claim.get_state_display(),
        export_cases.plain(claim.agency.short_name),
        export_cases.moment(claim.submitted_at),
        claim.promised_on.isoformat() if claim.promised_on else "",
        export_cases.moment(claim.decided_at),
    ]
