"""证照标识 (GB/T 36904-2018): OID root, type 21, issuer 18, serial, version 3, check character.

The check character is ISO/IEC 7064 MOD 37,36 over type, issuer, serial and version without the dots.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from yueban.kernel.codes import uscc
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile

ROOT: Final = "1.2.156.3005.2"
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEGACY_ISSUER: Final = re.compile(r"[0-9]{6}")
SERIAL: Final = re.compile(r"[0-9A-Z]{1,64}")
VERSION: Final = re.compile(r"[0-9]{3}")
HINT: Final = "请对照证照上的标识逐位核对，或扫描证照二维码查验。"


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """The parts of a 证照标识; ``issuer`` may be a six-digit division in identifiers of old systems."""

    type_code: str
    issuer: str
    serial: str
    version: str

    @property
    def check_character(self) -> str:
        """The last character."""
        return check_character(f"{self.type_code}{self.issuer}{self.serial}{self.version}")

    def __str__(self) -> str:
        parts = (ROOT, self.type_code, self.issuer, self.serial, self.version, self.check_character)
        return ".".join(parts)


def check_character(text: str) -> str:
    """ISO/IEC 7064 MOD 37,36 check character of digits and capital letters; raises CodeError."""
    product = 36
    for character in text:
        position = ALPHABET.find(character)
        if position < 0:
            raise CodeError(f"证照标识中有不允许的字符“{character}”。", hint="只能用数字和大写字母。")
        product = (product + position) % 36 or 36
        product = product * 2 % 37
    return ALPHABET[(37 - product) % 36]


def compose(*, type_code: str, issuer: str, serial: str, version: int, profile: Profile | None = None) -> str:
    """The whole identifier; ``version`` counts re-issues from 1. Raises CodeError."""
    if not 1 <= version <= 999:
        raise CodeError(f"证照版本号应为 1 至 999，现为 {version}。", hint=HINT)
    uscc.check(issuer, profile=profile)
    identifier = LicenceIdentifier(type_code, issuer, serial, f"{version:03d}")
    _check_parts(identifier, profile)
    return str(identifier)


def parse(identifier: str, *, profile: Profile | None = None) -> LicenceIdentifier:
    """Read an identifier; raises CodeError saying which part is wrong."""
    root, dot, rest = (
        identifier[: len(ROOT)],
        identifier[len(ROOT) : len(ROOT) + 1],
        identifier[len(ROOT) + 1 :],
    )
    parts = rest.split(".")
    if root != ROOT or dot != "." or len(parts) != 5:
        raise CodeError(f"证照标识应由 {ROOT} 和五段组成，以点分隔。", hint=HINT)
    type_code, issuer, serial, version, last = parts
    read = LicenceIdentifier(type_code, issuer, serial, version)
    _check_parts(read, profile)
    if read.check_character != last:
        raise CodeError("证照标识校验位不符，可能有一位填错。", hint=HINT)
    return read


def check(identifier: str, *, profile: Profile | None = None) -> None:
    """Raise CodeError saying what is wrong with the identifier, or return."""
    parse(identifier, profile=profile)


def is_valid(identifier: str, *, profile: Profile | None = None) -> bool:
    """Whether ``check`` would return."""
    try:
        parse(identifier, profile=profile)
    except CodeError:
        return False
    return True


def _check_parts(identifier: LicenceIdentifier, profile: Profile | None) -> None:
    owner, sequence = identifier.type_code[:18], identifier.type_code[18:]
    if len(identifier.type_code) != 21 or not sequence.isdecimal() or not sequence.isascii():
        raise CodeError("证照类型代码应为 18 位统一社会信用代码加 3 位序号。", hint=HINT)
    uscc.check(owner, profile=profile)
    if not LEGACY_ISSUER.fullmatch(identifier.issuer):
        uscc.check(identifier.issuer, profile=profile)
    if not SERIAL.fullmatch(identifier.serial):
        raise CodeError("证照流水号只能用数字和大写字母，1 至 64 位。", hint=HINT)
    if not VERSION.fullmatch(identifier.version):
        raise CodeError("证照版本号应为 3 位数字。", hint=HINT)
