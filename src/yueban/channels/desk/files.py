"""Files and documents of a case, served only to those who may see the case."""

import re
from typing import BinaryIO
from urllib.parse import quote

from django.http import FileResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from yueban.cases import selectors as cases
from yueban.cases.models import MaterialFile
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.files import selectors as files
from yueban.files.errors import FileNotFound
from yueban.files.models import StoredFile
from yueban.kernel.reference import Reference

PDF = "application/pdf"
SHOWN_IN_PAGE = frozenset({PDF, "image/jpeg", "image/png"})
NOTHING_RUNS = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@staff_only
@xframe_options_sameorigin
@require_safe
def case_file(request: DeskRequest, number: str, file_number: str) -> FileResponse:
    """A file handed in for one of the case's materials, earlier ones included."""
    case = cases.get_case(request.actor, number)
    row = (
        MaterialFile.objects.filter(material__case=case, file__number=file_number)
        .select_related("file")
        .first()
    )
    if row is None:
        raise FileNotFound("找不到这个文件。", hint="请从办件页面重新打开。")
    return stored_file_response(row.file, is_download=request.GET.get("download") == "1")


@staff_only
@xframe_options_sameorigin
@require_safe
def document(request: DeskRequest, number: str, code: str) -> FileResponse:
    """A document issued in the case, as PDF."""
    case = cases.get_case(request.actor, number)
    found = documents.documents_of(Reference("case", case.number)).filter(verify_code=code).first()
    if found is None or found.file is None:
        raise DocumentNotFound(
            "这份文书还没有生成好，或不在这件办件里。", hint="文书在后台生成，请稍等片刻再打开。"
        )
    return stored_file_response(found.file, is_download=request.GET.get("download") == "1")


def stored_file_response(stored: StoredFile, *, is_download: bool = False) -> FileResponse:
    """The bytes under headers that let nothing in them run."""
    is_inline = stored.media_type in SHOWN_IN_PAGE and not is_download
    return guarded_response(
        files.open_file(stored), media_type=stored.media_type, name=stored.name, is_inline=is_inline
    )


def guarded_response(content: BinaryIO, *, media_type: str, name: str, is_inline: bool) -> FileResponse:
    """A file response: typed, not sniffed, sandboxed, never kept by a cache."""
    response = FileResponse(content, content_type=media_type)
    # Browsers refuse to show a PDF in a sandbox; their viewer is one already.
    sandbox = "" if media_type == PDF else "; sandbox"
    response["Content-Security-Policy"] = NOTHING_RUNS + sandbox
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = disposition(name, is_inline=is_inline)
    return response


def disposition(name: str, *, is_inline: bool) -> str:
    """The header with the name for old and for new browsers (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    kind = "inline" if is_inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
