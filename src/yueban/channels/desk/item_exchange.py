"""事项表格: items of an editor's agency out as Excel or JSON, and a filled-in file in as drafts."""

import json
from collections import Counter
from io import BytesIO
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.exchange import profiles
from yueban.catalogue.models import ItemVersion
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import XLSX
from yueban.channels.shared.serving import disposition, stored_file_response
from yueban.files.errors import FileRefused
from yueban.flows import exchange_items
from yueban.flows.exchange_items import Imported
from yueban.kernel import clock, roles
from yueban.kernel.errors import Invalid, NotAllowed, ServiceError

SHOWN = 50  # mistakes on the page; all of them stand in the returned copy
MOST_BYTES = 20 * 1024 * 1024


def _agencies(request: DeskRequest) -> list[tuple[str, str]]:
    """The agencies whose items this person edits; refuses who edits none."""
    found = {post.agency: post.agency_name for post in request.actor.posts if post.role == roles.EDITOR}
    if not found:
        raise NotAllowed(_("事项由事项编辑导入和导出。"), hint=_("请用事项编辑岗位的账号登录。"))
    return sorted(found.items())


def _agency(request: DeskRequest, asked: str) -> str:
    codes = [code for code, _name in _agencies(request)]
    return asked if asked in codes else codes[0]


def _versions(agency: str, item: str = "") -> list[ItemVersion]:
    rows = catalogue.versions_in_force().filter(agency__code=agency)
    rows = rows.filter(item__key=item) if item else rows
    return list(rows.defer("compiled_json").order_by("item__key"))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: DeskRequest) -> HttpResponse:
    """Download and upload, and what an upload came to."""
    agency = _agency(request, request.POST.get("agency") or request.GET.get("agency", ""))
    context: dict[str, Any] = {
        "agencies": [{"value": code, "label": name} for code, name in _agencies(request)],
        "agency": agency,
        "profiles": [{"value": one.key, "label": one.name} for one in profiles().values()],
        "profile": request.POST.get("profile", "GB"),
        "versions": _versions(agency),
        "trail": [(_("事项管理"), reverse("desk:items")), (_("事项表格"), "")],
    }
    status = 200
    if request.method == "POST":
        try:
            done = _import(request, agency)
            context |= _outcome(request, done)
            status = 200 if done.is_ok else 422
        except (Invalid, FileRefused) as error:
            context |= {"error": error}
            status = error.status
    return desk_page(request, "desk/item_exchange.html", context, status=status)


def _import(request: DeskRequest, agency: str) -> Imported:
    sent = cast("UploadedFile[bytes] | None", request.FILES.get("file"))
    if sent is None:
        raise Invalid(_("还没有选择文件。"), hint=_("请选择填好的 .xlsx 表格，或 .json 交换文件。"))
    if (sent.size or 0) > MOST_BYTES:
        raise Invalid(_("文件超过 20 MB。"), hint=_("请分成几份导入。"))
    name = sent.name or ""
    content = b"".join(sent.chunks())
    if name.lower().endswith(".json"):
        profile = request.POST.get("profile", "")
        return exchange_items.import_json(request.actor, content, profile=profile)
    return exchange_items.import_excel(request.actor, content, name=name, agency=agency)


def _outcome(request: DeskRequest, done: Imported) -> dict[str, Any]:
    places = done.places or [""] * len(done.faults)
    return {
        "done": done,
        "faults": list(zip(done.faults, places, strict=True))[:SHOWN],
        "more": max(len(done.faults) - SHOWN, 0),
        "by_table": Counter(fault.table for fault in done.faults).most_common(),
        "returned": _kept(request, done),
    }


def _kept(request: DeskRequest, done: Imported) -> str:
    """The number of the marked copy; none where there is none, or where it has grown too large to keep."""
    if not done.returned:
        return ""
    sent = cast("UploadedFile[bytes]", request.FILES["file"])
    try:
        return exchange_items.keep_returned(request.actor, done.returned, sent.name or "").number
    except ServiceError:
        return ""


@staff_only
@require_safe
def template(request: DeskRequest) -> FileResponse:
    """The empty workbook."""
    _agencies(request)
    return _workbook(exchange_items.export_excel([]), _("事项填报模板"))


@staff_only
@require_safe
def items_xlsx(request: DeskRequest) -> FileResponse:
    """The items in force of one agency, or one of them, as a workbook."""
    versions = _versions(_agency(request, request.GET.get("agency", "")), request.GET.get("item", ""))
    return _workbook(exchange_items.take_excel(request.actor, versions), _("事项"))


def _workbook(content: bytes, name: str) -> FileResponse:
    response = FileResponse(BytesIO(content), content_type=XLSX)
    response["Content-Disposition"] = disposition(f"{name}{clock.today():%Y%m%d}.xlsx", is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


@staff_only
@require_safe
def items_json(request: DeskRequest) -> FileResponse:
    """The same as rows of the national exchange library."""
    versions = _versions(_agency(request, request.GET.get("agency", "")), request.GET.get("item", ""))
    content = exchange_items.take_json(request.actor, versions, profile=request.GET.get("profile", "GB"))
    text = json.dumps(content, ensure_ascii=False, indent=1)
    response = FileResponse(BytesIO(text.encode()), content_type="application/json")
    response["Content-Disposition"] = disposition(f"up_task{clock.today():%Y%m%d}.json", is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


@staff_only
@require_safe
def returned(request: DeskRequest, number: str) -> FileResponse:
    """The marked copy of one's own upload."""
    return stored_file_response(exchange_items.find_returned(request.actor, number), is_download=True)
