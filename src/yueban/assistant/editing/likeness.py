"""How like two questions are: the share of pairs of characters that both have."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

# Words that stand in every question and say nothing of what it asks.
POLITE: Final = re.compile(
    r"请问一下|请问|你好|您好|我想问一下|我想问|麻烦|谢谢|一下|啊|呀|呢|吗|吧|的|了|我"
)
LIKE: Final = 0.5


def plain(text: str) -> str:
    """The letters and digits of a question, in one way of writing."""
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())
    return POLITE.sub("", kept) or kept


def pairs(text: str) -> frozenset[str]:
    """Its pairs of neighbouring characters; of a single character itself."""
    told = plain(text)
    return frozenset(told[n : n + 2] for n in range(len(told) - 1)) or frozenset({told} - {""})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing in common) to 1 (the same)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def signature(text: str, division: str) -> str:
    """Names a question in a division, however it is punctuated."""
    return hashlib.sha256(f"{division}|{plain(text)}".encode()).hexdigest()
