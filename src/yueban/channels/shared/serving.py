"""Files and documents as HTTP answers, under headers that let nothing in them run."""

import re
from typing import BinaryIO
from urllib.parse import quote

from django.http import FileResponse

from yueban.files import selectors as files
from yueban.files.models import StoredFile

PDF = "application/pdf"
SHOWN_IN_PAGE = frozenset({PDF, "image/jpeg", "image/png"})
NOTHING_RUNS = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def stored_file_response(stored: StoredFile, *, is_download: bool = False) -> FileResponse:
    """The bytes of a stored file; pictures and PDF in the page, others as a download."""
    is_inline = stored.media_type in SHOWN_IN_PAGE and not is_download
    return guarded_response(
        files.open_file(stored), media_type=stored.media_type, name=stored.name, is_inline=is_inline
    )


def guarded_response(content: BinaryIO, *, media_type: str, name: str, is_inline: bool) -> FileResponse:
    """A file response: typed, not sniffed, sandboxed, never kept by a cache."""
    response = FileResponse(content, content_type=media_type)
    # Browsers refuse to show a PDF in a sandbox; their viewer is one already.
    response["Content-Security-Policy"] = NOTHING_RUNS + ("" if media_type == PDF else "; sandbox")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = disposition(name, is_inline=is_inline)
    return response


def disposition(name: str, *, is_inline: bool) -> str:
    """The header with the name for old and for new browsers (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    kind = "inline" if is_inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
