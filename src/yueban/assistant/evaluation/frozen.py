"""The frozen questions are known wherever they lie: by their folder, by their bytes, and by their numbers.

They only ever grade; a file that holds them, under whatever name and with whatever written before or after them, is
not learned from.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from yueban.assistant.errors import QuestionsFrozen

FOLDER: Final = "frozen"
# How many bytes the set has, and the mark that git has for them (git hash-object); tests hold it against the file.
MARKS: Final[tuple[tuple[int, str], ...]] = ((357_184, "e58e702a5eab36d5918a98f4731a46d9ae2f18ae"),)
NUMBER: Final = re.compile(r"q\d{4}")


def check_not_frozen(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Raises QuestionsFrozen for the frozen set itself, a copy, and a set into which its questions were put."""
    if FOLDER in path.resolve().parts or is_frozen(path.read_bytes()):
        raise _frozen(f"“{path.name}”是冻结的题集")
    for row in rows:
        if NUMBER.fullmatch(row["id"]):
            raise _frozen(f"“{path.name}”里的“{row['id']}”是冻结题集的编号")


def is_frozen(content: bytes) -> bool:
    """Whether the content begins or ends with a frozen set."""
    return any(
        mark_of(part) == mark
        for size, mark in MARKS
        for part in {content[:size], content[max(len(content) - size, 0) :]}
        if len(part) == size
    )


def mark_of(content: bytes) -> str:
    """As git names it; a name and no protection."""
    return hashlib.sha1(b"blob %d\x00" % len(content) + content, usedforsecurity=False).hexdigest()


def _frozen(what: str) -> QuestionsFrozen:
    return QuestionsFrozen(
        f"{what}，只用来打分，不能用来学习。", hint="请换成开发题集；自己的题请用别的编号。"
    )
