"""What a file is, told from its content and never from its name."""

from dataclasses import dataclass
from typing import BinaryIO, Final
from zipfile import ZipFile

from yueban.files import archives
from yueban.files.errors import ArchiveRefused, FileTypeMismatch, FileTypeRefused


@dataclass(frozen=True, slots=True)
class MediaType:
    """One kind of content: its suffix, its media type, what people call it."""

    suffix: str
    media_type: str
    name: str


PDF: Final = MediaType("pdf", "application/pdf", "PDF 文档")
JPG: Final = MediaType("jpg", "image/jpeg", "JPG 图片")
PNG: Final = MediaType("png", "image/png", "PNG 图片")
DOCX: Final = MediaType(
    "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档(docx)"
)
XLSX: Final = MediaType(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 表格(xlsx)"
)
OFD: Final = MediaType("ofd", "application/ofd", "OFD 版式文件")
KNOWN: Final = {media.suffix: media for media in (PDF, JPG, PNG, DOCX, XLSX, OFD)}
SUFFIXES: Final = frozenset(KNOWN)
ALIASES: Final = {"jpeg": "jpg", "jpe": "jpg"}

SIGNATURES: Final = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPG), (b"\x89PNG\r\n\x1a\n", PNG))
ZIP_SIGNATURE: Final = b"PK\x03\x04"
# Word and Excel keep documents with a password, and their formats before 2007, in this container.
COMPOUND_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN_PARTS: Final = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))


def names_of(suffixes: frozenset[str]) -> str:
    """``PDF、JPG`` for messages, in a fixed order."""
    return "、".join(media.suffix.upper() for media in KNOWN.values() if media.suffix in suffixes)


def sniff(handle: BinaryIO, *, allowed: frozenset[str]) -> MediaType:
    """The kind of the content; raises FileTypeRefused or ArchiveRefused."""
    handle.seek(0)
    head = handle.read(16)
    found = next((media for signature, media in SIGNATURES if head.startswith(signature)), None)
    if found is None and head.startswith(ZIP_SIGNATURE):
        found = _sniff_archive(handle)
    if found is None and head.startswith(COMPOUND_SIGNATURE):
        raise ArchiveRefused(
            "这个文件设了密码，或是旧版 Office 格式，无法查看。",
            hint="请去掉密码，另存为 docx 或 xlsx 后再上传。",
        )
    if found is None or found.suffix not in allowed:
        what = f"{found.name}不在可上传的类型之内。" if found else "无法识别这个文件的类型。"
        raise FileTypeRefused(what, hint=f"请上传 {names_of(allowed)} 文件。")
    return found


def check_suffix(suffix: str, found: MediaType) -> None:
    """The suffix must tell the truth; a name without one is taken as it is."""
    if suffix and ALIASES.get(suffix, suffix) != found.suffix:
        raise FileTypeMismatch(
            f"文件名以“.{suffix}”结尾，内容却是{found.name}。",
            hint="请用原来的软件重新导出文件，不要只改文件名后缀。",
        )


def _sniff_archive(handle: BinaryIO) -> MediaType | None:
    with archives.opened(handle) as archive:
        archives.check_archive(handle, archive)
        return _main_part(archive)


def _main_part(archive: ZipFile) -> MediaType | None:
    names = set(archive.namelist())
    return next((media for part, media in MAIN_PARTS if part in names), None)
