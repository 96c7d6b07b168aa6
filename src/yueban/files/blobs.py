"""Bytes on disk under their SHA-256, written whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from django.conf import settings

from yueban.files.errors import FileEmpty, FileTooLarge

CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """Bytes received and counted, not yet kept."""

    handle: BinaryIO
    path: Path
    sha256: str
    size: int


def blob_path(sha256: str) -> Path:
    """Where the bytes of this digest lie, two levels deep so that no folder grows beyond use."""
    return _root() / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def receive(content: BinaryIO, *, max_bytes: int) -> Iterator[Draft]:
    """Copy the stream into a draft beside the blobs; a draft that is not kept disappears.

    Raises FileTooLarge as soon as one byte too many has come, FileEmpty when none has.
    """
    incoming = _root() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=incoming)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as handle:
            digest, size = hashlib.sha256(), 0
            while chunk := content.read(CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    raise too_large(max_bytes)
                digest.update(chunk)
                handle.write(chunk)
            if not size:
                raise FileEmpty("文件是空的，没有任何内容。", hint="请检查文件能否打开，再重新上传。")
            handle.flush()
            yield Draft(cast(BinaryIO, handle), path, digest.hexdigest(), size)
    finally:
        path.unlink(missing_ok=True)


def keep(draft: Draft) -> None:
    """Give the draft its final place; when the same bytes are already there nothing changes.

    Two people may keep the same bytes at once: the rename is atomic and both write the same content.
    """
    target = blob_path(draft.sha256)
    if target.exists() and target.stat().st_size == draft.size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.fsync(draft.handle.fileno())
    draft.path.replace(target)
    _sync_folder(target.parent)


def remove(sha256: str) -> None:
    """Remove bytes that nothing refers to any more."""
    blob_path(sha256).unlink(missing_ok=True)


def too_large(max_bytes: int) -> FileTooLarge:
    """The refusal of a file over the limit."""
    return FileTooLarge(
        f"文件超过 {max_bytes // (1024 * 1024)} MB,无法上传。", hint="请压缩图片，或把文件分成几份后再上传。"
    )


def _root() -> Path:
    return Path(settings.DATA_DIR) / "blobs"


def _sync_folder(folder: Path) -> None:
    # Without this a power cut may forget the new name although the bytes are on the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
