"""What is left of a whole sentence: its terms, and which items share enough of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from yueban.catalogue.search_text import QUERY_LIMIT, Name, Rank, bigrams, normalise, spell

# What people say round the thing they want; a measure word goes with its number.
FILLERS: Final = re.compile(
    r"我们|我|请问|您好|你好|想要|想|要不要|需要|应该|怎么样|怎么|如何|怎样|哪里|哪儿|什么|办理|办|要"
    r"|[一二两三四五六七八九十几0-9]+[个家辆台部间]|个(?![体人])|多少钱|多久|流程|手续|可以|能不能|帮"
    r"|一下|申请|买|准备|打算|的|了|吗|呢|吧"
)
# Words of nearly every item: having only these in common is having nothing in common.
GENERAL: Final = frozenset(
    {"登记", "许可", "可证", "经营", "备案", "公司", "企业"}
    | {"注册", "证书", "证明", "执照", "营业", "业执", "设立"}
)
SHARE_NEEDED: Final = 1 / 3
INITIALS: Final = range(4, 9)


def terms_of(text: str) -> tuple[str, ...]:
    """The parts of a sentence that say something, in order."""
    plain = normalise(text[: QUERY_LIMIT * 2])[:QUERY_LIMIT]
    return tuple(dict.fromkeys(part for part in FILLERS.split(plain) if len(part) >= 2))


def term_keys(terms: Iterable[str]) -> set[str]:
    """The keys any of which a text must have to be looked at."""
    keys: set[str] = set()
    for term in terms:
        if term.isascii():
            keys |= {f"~{pair}" for pair in bigrams(term)}
        else:
            keys |= bigrams(term) | {f"@{syllable}" for syllable in spell(term) if len(syllable) > 1}
    return keys


def rank_terms(terms: Sequence[str], names: Sequence[Name]) -> tuple[Rank, Name] | None:
    """The name that has most in common with the terms; None when the item has too little of them."""
    found = [(_share(terms, name), name) for name in names]
    if not found:
        return None
    wanted = _pairs(terms)
    shared = wanted & set().union(*(bigrams(name.text) for name in names))
    share = len(shared) / max(len(wanted), 1)
    if (shared - GENERAL and share >= SHARE_NEEDED) or any(part == 1 for part, _ in found):
        best, name = max(found, key=lambda pair: (pair[0], -len(pair[1].text)))
        return Rank(9, 0, 1 - max(share, best), len(name.text)), name
    return None


def _share(terms: Sequence[str], name: Name) -> float:
    """How much of the terms one name has; 1 when a term is meant by it, however it was typed."""
    if any(term not in GENERAL and _is_meant(term, name) for term in terms):
        return 1.0
    wanted = _pairs(terms)
    return min(len(wanted & bigrams(name.text)) / max(len(wanted), 1), 0.99)


def _pairs(terms: Iterable[str]) -> set[str]:
    # Two letters in common are chance: letters count only as initials.
    return set().union(*(bigrams(term) for term in terms if not term.isascii()))


def _is_meant(term: str, name: Name) -> bool:
    if name.text.isascii():
        return False
    if term.isascii():
        return len(term) in INITIALS and term.isalpha() and _has_initials(term, name)
    if len(term) == 2 and term[::-1] in name.text:
        return True
    sounds = spell(term)
    width = len(sounds)
    return any(name.syllables[i : i + width] == sounds for i in range(len(name.syllables) - width + 1))


def _has_initials(term: str, name: Name) -> bool:
    """The letters begin characters of the name in this order, not spread over more than twice their number."""
    initials = "".join(syllable[0] for syllable in name.syllables)
    for start in (i for i, letter in enumerate(initials) if letter == term[0]):
        place = start
        for letter in term[1:]:
            place = initials.find(letter, place + 1)
            if place < 0:
                return False
        if place - start < 2 * len(term):
            return True
    return False
