"""From an event to its digest: canonical JSON, and the algorithm that is stored beside the digest."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from yueban.audit.errors import EventInvalid
from yueban.audit.sm3 import sm3
from yueban.kernel import clock
from yueban.kernel.reference import Reference

SM3: Final = "SM3"
_CANONICAL: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
HINT: Final = "金额和小数请用 Decimal,其余用文字、整数、日期或由它们组成的列表和字典。"


@functools.cache
def _fast_sm3() -> Callable[[bytes], bytes]:
    """OpenSSL's SM3 where it is built in, else ours."""
    try:
        hashes.Hash(hashes.SM3())
    except UnsupportedAlgorithm:
        return sm3

    def digest(message: bytes) -> bytes:
        hasher = hashes.Hash(hashes.SM3())
        hasher.update(message)
        return hasher.finalize()

    return digest


def _digest_sm3(message: bytes) -> bytes:
    return _fast_sm3()(message)


ALGORITHMS: Final[dict[str, Callable[[bytes], bytes]]] = {SM3: _digest_sm3}


def digest(value: Any, *, algorithm: str = SM3) -> str:
    """Hexadecimal digest of the canonical form of a plain value."""
    return ALGORITHMS[algorithm](canonical(value)).hex()


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, UTF-8, without spaces."""
    return _CANONICAL.encode(value).encode()


def moment(at: datetime) -> str:
    """A time as it stands in the canonical form: Beijing time to the microsecond."""
    return at.astimezone(clock.BEIJING).isoformat(timespec="microseconds")


def plain(value: Any) -> Any:
    """The value as JSON the database gives back unchanged; raises EventInvalid.

    Floats are refused: jsonb keeps numbers as decimals and gives some floats back differently.
    """
    if type(value) is str:  # nearly everything is plain already
        return _text(value)
    if type(value) is dict:
        return {_key(key): plain(item) for key, item in value.items()}
    return _made_plain(value)


def _made_plain(value: Any) -> Any:
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int():
            return value
        case str():
            return _text(value)
        case Decimal() | UUID() | Reference():
            return str(value)
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {_key(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
        case _:
            raise EventInvalid(f"审计数据中有不能保存的类型 {type(value).__name__}。", hint=HINT)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise EventInvalid(f"审计数据的键“{key}”不是文字。", hint=HINT)
    return _text(key)


def _text(value: str) -> str:
    if "\x00" in value:
        raise EventInvalid("审计数据中有空字符。", hint="请先清理输入。")
    return str(value)
