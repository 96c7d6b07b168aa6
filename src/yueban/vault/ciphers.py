"""The form of a cipher: format 1, key's id 4, nonce 12, then AES-256-GCM's text and tag.

The first byte names the algorithm, so that another one (the SM4 profile) can be added and old columns
still be read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yueban.vault.errors import Undecipherable

AES_256_GCM: Final = b"\x01"
ID_LENGTH: Final = 4
NONCE_LENGTH: Final = 12
HEADER_LENGTH: Final = 1 + ID_LENGTH
HINT: Final = "请联系系统管理员核对字段密钥。"


def key_id(key: bytes) -> bytes:
    """Four bytes that tell keys apart and say nothing about them."""
    return hashlib.sha256(b"yueban field key" + key).digest()[:ID_LENGTH]


def seal(plain: bytes, key: bytes) -> bytes:
    """Encrypt; the header is authenticated too. The same text gives another cipher each time."""
    header, nonce = AES_256_GCM + key_id(key), os.urandom(NONCE_LENGTH)
    return header + nonce + AESGCM(key).encrypt(nonce, plain, header)


def open_sealed(cipher: bytes, keys: Iterable[bytes]) -> bytes:
    """Decrypt with the key the cipher names; raises Undecipherable."""
    header, nonce = cipher[:HEADER_LENGTH], cipher[HEADER_LENGTH : HEADER_LENGTH + NONCE_LENGTH]
    if header[:1] != AES_256_GCM:
        raise Undecipherable("加密字段的格式不明。", hint=HINT)
    key = next((key for key in keys if key_id(key) == header[1:]), None)
    if key is None:
        raise Undecipherable("没有解开这个加密字段的密钥。", hint=HINT)
    try:
        return AESGCM(key).decrypt(nonce, cipher[HEADER_LENGTH + NONCE_LENGTH :], header)
    except (InvalidTag, ValueError) as error:
        raise Undecipherable("加密字段被改动或损坏。", hint=HINT) from error
