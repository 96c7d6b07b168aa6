"""Text to search tokens: characters and pairs of characters of Chinese, Latin words and numbers whole, and pinyin."""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Final

from pypinyin import lazy_pinyin, pinyin_dict

CHINESE: Final = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUNS: Final = re.compile(rf"([{CHINESE}]+)|([^\W_{CHINESE}]+)")
LATIN: Final = re.compile(r"[a-z]+")
LONGEST_SYLLABLE: Final = 6
# A question longer than this is searched by its beginning; nobody asks one, and a program might.
MOST_TOKENS: Final = 400
LONGEST_TOKEN: Final = 60


def tokens(text: str) -> list[str]:
    """In the order of the text, repeated as often as they stand there."""
    found: list[str] = []
    for chinese, other in RUNS.findall(_plain(text)):
        if other:
            found.append(other[:LONGEST_TOKEN])
        else:
            found += chinese
            found += _pairs(chinese)
    return found


def query_tokens(text: str) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(tokens(text)))[:MOST_TOKENS]


def title_sounds(title: str) -> list[str]:
    """The syllables of a title and their pairs."""
    found: list[str] = []
    for chinese, _ in RUNS.findall(_plain(title)):
        syllables = lazy_pinyin(chinese) if chinese else []
        found += [*syllables, *_pairs(syllables)]
    return found


def query_sounds(text: str) -> list[str]:
    """Pairs of syllables of what was asked: of its characters, so that a homophone finds, and of its Latin letters.

    Single syllables are too common to tell anything.
    """
    found: list[str] = []
    typed: list[str] = []
    for chinese, other in RUNS.findall(_plain(text)):
        if chinese:
            found += _pairs(lazy_pinyin(chinese))
        elif LATIN.fullmatch(other):
            typed += syllables(other)
    return list(dict.fromkeys(found + _pairs(typed)))[:MOST_TOKENS]


def syllables(word: str) -> list[str]:
    """A word of Latin letters cut into as few syllables of pinyin as it takes; nothing when it cannot be."""
    cuts: list[list[str] | None] = [[], *[None] * len(word)]
    for stop in range(1, len(word) + 1):
        for start in range(max(0, stop - LONGEST_SYLLABLE), stop):
            before = cuts[start]
            if before is None or word[start:stop] not in _known():
                continue
            kept = cuts[stop]
            if kept is None or len(before) + 1 < len(kept):
                cuts[stop] = [*before, word[start:stop]]
    return cuts[-1] or []


@cache
def _known() -> frozenset[str]:
    """The syllables that common characters have; what a dictionary gives a rare one, such as m, is none."""
    found: set[str] = set()
    for code in pinyin_dict.pinyin_dict:
        if 0x4E00 <= code <= 0x9FFF:
            found.update(lazy_pinyin(chr(code)))
    return frozenset(one for one in found if one.isascii() and (len(one) > 1 or one in "aeo"))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _pairs(parts: list[str] | str) -> list[str]:
    return [a + b for a, b in pairwise(parts)]
