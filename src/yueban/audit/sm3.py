"""SM3 (GB/T 32905-2016) in plain Python, for systems whose OpenSSL is built without it."""

from __future__ import annotations

from typing import Final

MASK: Final = 0xFFFFFFFF
START: Final[tuple[int, ...]] = (
    0x7380166F,
    0x4914B2B9,
    0x172442D7,
    0xDA8A0600,
    0xA96F30BC,
    0x163138AA,
    0xE38DEE4D,
    0xB0FB0E4E,
)


def sm3(message: bytes) -> bytes:
    """The 32-byte digest of a message."""
    padding = b"\x80" + b"\x00" * ((55 - len(message)) % 64) + (len(message) * 8).to_bytes(8, "big")
    padded = message + padding
    state: tuple[int, ...] = START
    for offset in range(0, len(padded), 64):
        state = _compress(state, padded[offset : offset + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _rotate(word: int, places: int) -> int:
    places %= 32
    return (word << places | word >> (32 - places)) & MASK


def _permute_0(word: int) -> int:
    return word ^ _rotate(word, 9) ^ _rotate(word, 17)


def _permute_1(word: int) -> int:
    return word ^ _rotate(word, 15) ^ _rotate(word, 23)


def _expand(block: bytes) -> list[int]:
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15)
        words.append(_permute_1(mixed) ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    return words


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """One round of the standard's section 5.3; the letters are the standard's."""
    words = _expand(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant, early = (0x79CC4519, True) if j < 16 else (0x7A879D8A, False)
        ss1 = _rotate((_rotate(a, 12) + e + _rotate(constant, j)) & MASK, 7)
        ss2 = ss1 ^ _rotate(a, 12)
        ff = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if early else (e & f) | (~e & g)
        tt1 = (ff + d + ss2 + (words[j] ^ words[j + 4])) & MASK
        tt2 = (gg + h + ss1 + words[j]) & MASK
        a, b, c, d = tt1, a, _rotate(b, 9), c
        e, f, g, h = _permute_0(tt2), e, _rotate(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))
