"""Looking into docx, xlsx and ofd without being hurt: they are zip archives made by strangers."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from yueban.files.errors import ArchiveRefused

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 200 * 1024 * 1024
# Office XML packs 10-30 times; a bomb packs about a thousand times. Small parts may be very repetitive.
MAX_RATIO: Final = 150
RATIO_FROM: Final = 8 * 1024 * 1024
CHUNK: Final = 64 * 1024
ENCRYPTED: Final = 0x1
LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
UNREADABLE: Final = (
    BadZipFile,
    struct.error,
    zlib.error,
    NotImplementedError,
    OverflowError,
    ValueError,
)
# End of central directory: its mark, and how far from the end it may begin.
END_MARK: Final = b"PK\x05\x06"
END_SEARCH: Final = 65_557
DAMAGED: Final = "文件已损坏，无法打开。"
SAVE_AGAIN: Final = "请在电脑上确认能正常打开，另存一份后再上传。"


@contextmanager
def opened(handle: BinaryIO) -> Iterator[ZipFile]:
    """The archive in the handle; whatever zipfile cannot read is a damaged file."""
    _check_directory(handle)
    try:
        with ZipFile(handle) as archive:
            yield archive
    except UNREADABLE as error:
        raise ArchiveRefused(DAMAGED, hint=SAVE_AGAIN) from error


def _check_directory(handle: BinaryIO) -> None:
    """Refuse by the count that the archive itself states, before zipfile reads a directory of any length."""
    size = handle.seek(0, 2)
    handle.seek(max(0, size - END_SEARCH))
    tail = handle.read()
    handle.seek(0)
    at = tail.rfind(END_MARK)
    if at >= 0 and int.from_bytes(tail[at + 10 : at + 12], "little") > MAX_ENTRIES:
        raise ArchiveRefused("文件内部的部分太多，超出正常文档。", hint=SAVE_AGAIN)


def check_archive(handle: BinaryIO, archive: ZipFile) -> None:
    """Refuse what is encrypted, odd, or unpacks without bounds; sizes are counted, never believed."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise ArchiveRefused(f"文件内部有 {len(entries)} 个部分，超出正常文档。", hint=SAVE_AGAIN)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(_is_odd_name(name) for name in names):
        raise ArchiveRefused("文件的内部结构不正常，可能被改动过。", hint=SAVE_AGAIN)
    for entry in entries:
        _check_entry(entry)
    _check_unpacked(handle, entries)


def _is_odd_name(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in name


def _check_entry(entry: ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise ArchiveRefused("这个文件设了密码，工作人员无法查看。", hint="请去掉密码后再上传。")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ArchiveRefused("文件使用了不常见的压缩方式，无法打开。", hint=SAVE_AGAIN)
    if entry.filename.lower().endswith("vbaproject.bin"):
        raise ArchiveRefused("文件里带有宏程序，不能上传。", hint="请另存为不含宏的文档后再上传。")


def _check_unpacked(handle: BinaryIO, entries: list[ZipInfo]) -> None:
    packed = sum(entry.compress_size for entry in entries)
    handle.seek(0, 2)
    # Entries that share the same packed bytes make small files of unlimited content.
    if packed > handle.tell():
        raise ArchiveRefused("文件的内部结构不正常，可能被改动过。", hint=SAVE_AGAIN)
    limit = min(MAX_UNPACKED, max(RATIO_FROM, packed * MAX_RATIO))
    unpacked = 0
    for entry in entries:
        unpacked += unpacked_size(handle, entry, limit=limit - unpacked)


def unpacked_size(handle: BinaryIO, entry: ZipInfo, *, limit: int) -> int:
    """Bytes the entry really unpacks to, read in small pieces; raises as soon as the limit is passed."""
    handle.seek(entry.header_offset)
    header = LOCAL_HEADER.unpack(handle.read(LOCAL_HEADER.size))
    handle.seek(header[9] + header[10], 1)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    size, left = 0, entry.compress_size
    while left > 0:
        packed = handle.read(min(CHUNK, left))
        if not packed:
            raise ArchiveRefused(DAMAGED, hint=SAVE_AGAIN)
        left -= len(packed)
        if entry.compress_type == ZIP_STORED:
            size += len(packed)
        while entry.compress_type == ZIP_DEFLATED and packed and not unpacker.eof:
            size += len(unpacker.decompress(packed, CHUNK))
            packed = unpacker.unconsumed_tail
            if size > limit:
                break
        if size > limit:
            raise ArchiveRefused("文件解压后大得不正常，可能是恶意文件。", hint=SAVE_AGAIN)
    return size
