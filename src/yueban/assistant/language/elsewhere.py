"""What people ask a government for and this city's catalogue may not hold, so that nothing near is told instead."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from yueban.assistant.language.normal import plain

FILE: Final = Path(__file__).with_name("elsewhere.yaml")


@cache
def terms() -> tuple[str, ...]:
    """The words, longest first."""
    stored: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    words = {plain(str(one)) for group in stored.values() for one in group}
    return tuple(sorted(words, key=lambda one: (-len(one), one)))


def named_in(text: str) -> list[str]:
    """Those of them that a text names; Latin ones as whole words."""
    read = plain(text)
    return [one for one in terms() if one in read and (not one.isascii() or _is_word(one, read))]


def _is_word(term: str, text: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(term)}s?(?![a-z])", text) is not None
