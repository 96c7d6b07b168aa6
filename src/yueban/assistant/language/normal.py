"""One form for every way of writing: widths, case, zero-width characters; and the pieces a classifier looks at."""

import re
import unicodedata
import zlib
from itertools import pairwise
from typing import Final

import numpy as np

from yueban.assistant.index.e5_file import Floats

HASHES: Final = 4096
MOST_CHARACTERS: Final = 500
CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD: Final = re.compile(r"[a-z]+")
RUN: Final = re.compile(r"[a-z]+|[\u3400-\u9fff0-9?!]+")
HIDDEN: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def plain(text: str) -> str:
    """Half-width, lower case, nothing hidden, spaces single."""
    return re.sub(r"\s+", " ", HIDDEN.sub("", unicodedata.normalize("NFKC", text))).strip().casefold()


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a character of any script, no mere digits, emoji or marks."""
    return any(unicodedata.category(character).startswith("L") for character in text)


def is_english(text: str) -> bool:
    """Whether it is asked in English: Latin words and hardly a Chinese character."""
    chinese = len(CHINESE.findall(text))
    latin = len(LATIN_WORD.findall(text.casefold()))
    return latin >= 3 and chinese <= latin // 4


def pairs_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, and Latin words."""
    found = set(LATIN_WORD.findall(text))
    for run in RUN.findall(text):
        if not (run[0].isascii() and run[0].isalpha()):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(found)


def grams(text: str) -> set[str]:
    """Runs of one to three characters, Latin words and their pairs."""
    found: set[str] = set()
    for run in RUN.findall(text):
        if run[0].isascii() and run[0].isalpha():
            found.add(run)
        else:
            found.update(run[i : i + size] for size in (1, 2, 3) for i in range(len(run) - size + 1))
    words = LATIN_WORD.findall(text)
    found.update(f"{one} {other}" for one, other in pairwise(words))
    return found


def hashed(text: str) -> Floats:
    """The same as a vector of length one."""
    vector = np.zeros(HASHES, np.float32)
    for gram in grams(plain(text)[:MOST_CHARACTERS]):
        vector[zlib.crc32(gram.encode()) % HASHES] = 1
    norm = float(np.sqrt(vector.sum()))
    return vector / max(norm, 1.0)
