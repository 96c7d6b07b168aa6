"""Reads of files; who may read one is decided by the object it hangs on, in the view that serves it."""

from typing import BinaryIO

from yueban.files import blobs
from yueban.files.errors import FileNotFound
from yueban.files.models import StoredFile
from yueban.files.pictures import Picture, picture_of


def get_file(number: str) -> StoredFile:
    """The file of this public number; raises FileNotFound."""
    stored = StoredFile.objects.filter(number=number).first()
    if stored is None:
        raise FileNotFound("找不到这个文件。", hint="请从办件页面重新打开。")
    return stored


def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, to be closed by the caller; raises FileNotFound when the disk has lost them."""
    try:
        return blobs.blob_path(stored.sha256).open("rb")
    except FileNotFoundError as error:
        raise FileNotFound(
            f"文件“{stored.name}”的内容不在存储中。", hint="请联系系统管理员从备份恢复。"
        ) from error


def find_picture(stored: StoredFile) -> Picture | None:
    """How large the stored picture is and whether it is blank; None for what is no picture."""
    with open_file(stored) as content:
        return picture_of(content)
