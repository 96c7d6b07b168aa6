"""Sets of rows as packed bits: 64 rows a word, the first row the lowest bit, closing bits zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]
WORD = 64


def pack(mask: Mask) -> Bits:
    """From one truth a row."""
    packed = np.packbits(mask, bitorder="little")
    words = np.zeros(-(-len(mask) // WORD), dtype=np.uint64)
    words.view(np.uint8)[: len(packed)] = packed
    return words


def unpack(bits: Bits, rows: int) -> Mask:
    """One truth a row."""
    return np.unpackbits(bits.view(np.uint8), count=rows, bitorder="little").astype(np.bool_)


def no_rows(rows: int) -> Bits:
    """The empty set."""
    return np.zeros(-(-rows // WORD), dtype=np.uint64)


def all_rows(rows: int) -> Bits:
    """The whole set."""
    words = np.full(-(-rows // WORD), np.iinfo(np.uint64).max, dtype=np.uint64)
    if rows % WORD:
        words[-1] = (1 << rows % WORD) - 1
    return words


def count_bits(bits: Bits) -> int:
    """How many rows."""
    return int(np.bitwise_count(bits).sum())


def rows_of(bits: Bits) -> NDArray[np.int64]:
    """The rows, in order; only words that hold any are opened."""
    words = np.flatnonzero(bits)
    places = np.unpackbits(bits[words].view(np.uint8), bitorder="little").reshape(-1, WORD)
    word, place = np.nonzero(places)
    found: NDArray[np.int64] = words[word] * WORD + place
    return found
