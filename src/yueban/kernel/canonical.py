"""One text for one content, whatever order its names come in, and the digest of it."""

from __future__ import annotations

import hashlib

import orjson


def canonical(content: object) -> bytes:
    """JSON with sorted names and no spaces, in UTF-8; ``content`` is of what JSON knows."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def digest(content: object) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()
