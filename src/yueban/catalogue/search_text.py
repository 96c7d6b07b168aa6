"""Texts as the search knows them: normalised, spelt in pinyin, cut into keys; and how well one matches."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pypinyin import lazy_pinyin

KEY_LIMIT: Final = 60
QUERY_LIMIT: Final = 40
# What people put round the thing they want.
CHATTER: Final = re.compile(
    r"^(请问|你好|您好|我想要|我想|我要|想要|想|怎么样|怎么|如何|怎样|哪里|在哪里|去哪)+"
    r"|(怎么办理|怎么办|如何办理|在哪办|去哪办|要什么材料|需要什么材料|要多少钱|多少钱|要多久|的?流程|办理|吗|呢)+$"
)
# Below this share of common bigrams and characters two texts have nothing to do with each other.
LIKENESS_NEEDED: Final = 0.5
# The same for the summary and the questions, which say more and so match more easily.
BODY_SHARE_NEEDED: Final = 0.7


@dataclass(frozen=True, slots=True)
class Name:
    """A name or alias with one syllable a character (a letter or digit is its own)."""

    text: str
    syllables: tuple[str, ...]
    is_alias: bool

    def to_json(self) -> list[Any]:
        """As it is stored."""
        return [self.text, list(self.syllables), self.is_alias]

    @classmethod
    def of_json(cls, data: list[Any]) -> Name:
        """From what is stored."""
        return cls(data[0], tuple(data[1]), data[2])


def normalise(text: str) -> str:
    """Half-width, lower case, only letters, digits and the point between digits."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = re.sub(r"(?<=[0-9])[.·](?=[0-9])", "\ue000", folded)
    return "".join(c for c in kept if c.isalnum() or c == "\ue000").replace("\ue000", ".")


def wanted(text: str) -> str:
    """A query without the words round it; the whole where nothing else would be left."""
    plain = normalise(text[: QUERY_LIMIT * 2])[:QUERY_LIMIT]
    bare = CHATTER.sub("", plain)
    return bare if len(bare) >= 2 else plain


@functools.lru_cache(4096)
def spell(text: str) -> tuple[str, ...]:
    """One pinyin syllable for each Chinese character; other characters spell themselves."""
    # pypinyin keeps a run of what it does not know together; character by character the lengths agree.
    runs = re.findall(r"[a-z0-9.]|[^a-z0-9.]+", text)
    syllables: list[str] = []
    for run in runs:
        spelt = lazy_pinyin(run)
        syllables += spelt if len(spelt) == len(run) else [lazy_pinyin(c)[0] for c in run]
    return tuple(syllable.replace("ü", "v") for syllable in syllables)


def name_of(text: str, *, is_alias: bool) -> Name:
    """A name ready to be stored."""
    plain = normalise(text)[:100]
    return Name(plain, spell(plain), is_alias)


def bigrams(text: str) -> set[str]:
    """Pairs of neighbouring characters."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


def name_keys(name: Name) -> set[str]:
    """What a name can be found by."""
    keys = {f"={name.text}"[:KEY_LIMIT], f"^{name.text[:1]}", f"^{name.text[:2]}"}
    keys |= set(name.text) | bigrams(name.text) | _latin_keys(name.text)
    initials = "".join(syllable[:1] for syllable in name.syllables)
    keys |= {f"~^{initials[:1]}"} | {f"~{pair}" for pair in bigrams(initials)}
    for syllable in name.syllables:
        keys |= {f"@{syllable[:length]}" for length in range(2, len(syllable) + 1)}
    return {key for key in keys if len(key) > 1 or key.isalnum()}


def body_keys(texts: Iterable[str]) -> set[str]:
    """What the summary, questions and the like add."""
    keys: set[str] = set()
    for text in texts:
        plain = normalise(text)
        keys |= bigrams(plain) | _latin_keys(plain)
    return keys


def _latin_keys(text: str) -> set[str]:
    """Three letters in a row of English words."""
    runs = re.findall(r"[a-z]{3,}", text)
    return {f"%{run[i : i + 3]}" for run in runs for i in range(len(run) - 2)}


def query_keys(query: str) -> set[str]:
    """The keys any of which a text must have to be looked at."""
    keys = {f"={query}"[:KEY_LIMIT], f"^{query[:1]}"}
    if len(query) == 1:
        return keys | {query, f"~^{query}"}
    keys |= {f"^{query[:2]}"} | bigrams(query) | _latin_keys(query)
    for run in re.findall(r"[a-z]+", query):
        keys |= {f"@{run[:length]}" for length in range(2, min(len(run), 6) + 1)}
        # The next syllable begins at one of the following letters.
        keys |= {f"~{run[0]}{letter}" for letter in run[1:7]}
    return {key for key in keys if len(key) > 1}


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """How well a text matches; smaller is better: class of match, then place, then likeness, then length."""

    kind: int
    place: int = 0
    unlikeness: float = 0.0
    length: int = 0


def rank(query: str, names: Iterable[Name], body_share: float) -> tuple[Rank, Name] | None:
    """The best match among an item's names, else by likeness; None when it does not match."""
    pairs = [(found, name) for name in names if (found := _rank_name(query, name)) is not None]
    best = min(pairs, key=lambda pair: pair[0], default=None)
    if best is not None:
        return best
    first = next(iter(names), None)
    if body_share >= BODY_SHARE_NEEDED and first is not None:
        return Rank(8, unlikeness=1 - body_share), first
    return None


def _rank_name(query: str, name: Name) -> Rank | None:
    """The rank by one name.

    0 whole name, 1 its beginning, 2 inside it, 3 to 5 the same for aliases, 6 contained in the query,
    7 alike. Chinese, pinyin and initials count the same, written characters a little more.
    """
    start, is_whole = find(query, name)
    if start is not None:
        kind = 0 if is_whole else 1 if start == 0 else 2
        written = 0.0 if query in name.text else 0.5
        return Rank(kind + (3 if name.is_alias else 0), start, written, len(name.text))
    if len(name.text) >= 3 and name.text in query:
        return Rank(6, 0, 0.0, -len(name.text))
    likeness = like(query, name.text)
    return Rank(7, 0, 1 - likeness, len(name.text)) if likeness >= LIKENESS_NEEDED else None


def find(query: str, name: Name) -> tuple[int | None, bool]:
    """Where the query begins in the name, and whether it covers the whole name.

    Each Chinese character may be written out, or as any prefix of its pinyin.
    """
    if len(query) == 1 and query.isascii() and query.isalpha():
        # One letter says too little to be looked for inside a name.
        return (0, False) if name.syllables and name.syllables[0].startswith(query) else (None, False)
    first = query[0]
    for start, character in enumerate(name.text):
        if first not in {character, name.syllables[start][0]}:
            continue
        ends = _ends(query, name, start)
        if ends:
            return start, start == 0 and len(name.text) in ends
    return None, False


def _ends(query: str, name: Name, start: int) -> set[int]:
    """The places in the name at which the query may end when it begins at ``start``."""
    places = {(0, start)}
    ends: set[int] = set()
    while places:
        at, place = places.pop()
        if at == len(query):
            ends.add(place)
        elif place < len(name.text):
            if query[at] == name.text[place]:
                places.add((at + 1, place + 1))
            syllable = name.syllables[place]
            for length in range(1, len(syllable) + 1):
                if query[at : at + length] != syllable[:length]:
                    break
                places.add((at + length, place + 1))
    return ends


def like(query: str, text: str) -> float:
    """The share of the query's bigrams and characters that the text has; 1 = all. Forgives one slip."""
    if len(query) < 3 or query.isascii():
        # Letters are pinyin or English: what they have in common with a text is chance.
        return 0.0
    pairs = bigrams(query)
    shared = len(pairs & bigrams(text)) / len(pairs)
    letters = sum(1 for character in query if character in text) / len(query)
    # Without any common pair the texts share only stray characters.
    return (shared + letters) / 2 if shared else 0.0


def index_of(name: str, aliases: Iterable[str], body: Iterable[str]) -> tuple[list[Name], set[str]]:
    """What is stored of an item: its names, each once, and the keys of names and body."""
    names = [name_of(name, is_alias=False), *(name_of(alias, is_alias=True) for alias in aliases)]
    known = [found for found in dict.fromkeys(names) if found.text]
    return known, body_keys(body).union(*(name_keys(found) for found in known))
