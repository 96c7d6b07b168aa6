"""The name a file is kept under: what its owner called it, without anything that could do harm."""

import unicodedata
from typing import Final

MAX_LENGTH: Final = 160
MAX_SUFFIX: Final = 12
UNNAMED: Final = "未命名"


def clean_name(text: str) -> str:
    """The last path part, without control, zero-width and bidi characters, cut to 160 characters.

    An upload's name is repaired rather than refused: the person did not choose it for us. The suffix
    survives the cut.
    """
    last = text.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in unicodedata.normalize("NFC", last) if not _is_invisible(char))
    stem, suffix = split_suffix(" ".join(kept.split()))
    stem = stem.strip(" .") or UNNAMED
    ending = f".{suffix}" if suffix else ""
    return stem[: MAX_LENGTH - len(ending)] + ending


def split_suffix(name: str) -> tuple[str, str]:
    """``报告.PDF`` → (``报告``, ``pdf``); a name without a plausible suffix gives an empty one."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > MAX_SUFFIX or not suffix.isascii() or not suffix.isalnum():
        return name, ""
    return stem, suffix.lower()


def _is_invisible(char: str) -> bool:
    # Unassigned (Cn) stays: a newer Unicode than this Python's has more Chinese characters.
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"}
