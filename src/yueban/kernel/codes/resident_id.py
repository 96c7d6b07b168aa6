"""Identity numbers of persons: 居民身份证, 港澳台居民居住证, 外国人永久居留身份证 (new and old).

GB 11643-1999: 17 digits and one check character (ISO 7064 MOD 11-2). The residence permits and the
foreigners' card of 2023 use the same check; the old foreigners' card has 15 characters whose check
rule is not published, so only its shape and date are checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from yueban.kernel import clock
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import PROVINCES, Profile, is_region

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"
OLD_FOREIGN: Final = re.compile(r"[A-Z]{3}[0-9]{12}")
MODERN: Final = re.compile(r"[0-9]{17}[0-9X]")
EARLIEST_BIRTH: Final = 1850
HINT: Final = "请对照证件上的号码逐位核对。"


class IdKind(StrEnum):
    """Which document a number belongs to."""

    RESIDENT = "resident"
    HONG_KONG = "hong_kong_residence"
    MACAO = "macao_residence"
    TAIWAN = "taiwan_residence"
    FOREIGN = "foreign_permanent"
    FOREIGN_OLD = "foreign_permanent_old"


NAMES: Final[dict[IdKind, str]] = {
    IdKind.RESIDENT: "居民身份证",
    IdKind.HONG_KONG: "港澳居民居住证（香港）",
    IdKind.MACAO: "港澳居民居住证（澳门）",
    IdKind.TAIWAN: "台湾居民居住证",
    IdKind.FOREIGN: "外国人永久居留身份证",
    IdKind.FOREIGN_OLD: "外国人永久居留身份证（旧版）",
}
RESIDENCE_PERMITS: Final = {
    "810000": IdKind.HONG_KONG,
    "820000": IdKind.MACAO,
    "830000": IdKind.TAIWAN,
}


@dataclass(frozen=True, slots=True)
class PersonNumber:
    """A checked number and what it says."""

    number: str
    kind: IdKind
    birth_on: date


def check_character(body: str) -> str:
    """The 18th character for the first 17 digits; raises CodeError."""
    if not re.fullmatch(r"[0-9]{17}", body):
        raise CodeError("证件号码前 17 位应全为数字。", hint=HINT)
    return CHECK_CHARACTERS[
        sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    ]


def compose(body: str) -> str:
    """The whole number for 17 digits."""
    return body + check_character(body)


def parse(number: str, *, profile: Profile | None = None) -> PersonNumber:
    """Read a number of any of the kinds; raises CodeError saying what is wrong."""
    number = number.strip().upper()
    if OLD_FOREIGN.fullmatch(number):
        return PersonNumber(number, IdKind.FOREIGN_OLD, _short_date(number[7:13]))
    if len(number) != 18:
        raise CodeError(f"证件号码应为 18 位，现为 {len(number)} 位。", hint=HINT)
    if not MODERN.fullmatch(number):
        raise CodeError("证件号码应为 17 位数字加 1 位数字或字母 X。", hint=HINT)
    kind = _kind(number, profile)
    birth_on = _date(number[6:14])
    if check_character(number[:-1]) != number[-1]:
        raise CodeError("证件号码校验位不符，可能有一位填错。", hint=HINT)
    return PersonNumber(number, kind, birth_on)


def check(number: str, *, profile: Profile | None = None) -> None:
    """Raise CodeError saying what is wrong with the number, or return."""
    parse(number, profile=profile)


def is_valid(number: str, *, profile: Profile | None = None) -> bool:
    """Whether ``check`` would return."""
    try:
        parse(number, profile=profile)
    except CodeError:
        return False
    return True


def _kind(number: str, profile: Profile | None) -> IdKind:
    permit = RESIDENCE_PERMITS.get(number[:6])
    if permit is not None:
        return permit
    # The new foreigners' card: 9, province of application, three digits of nationality.
    if number[0] == "9" and number[1:3] in PROVINCES:
        return IdKind.FOREIGN
    if is_region(number[:6], profile=profile):
        return IdKind.RESIDENT
    raise CodeError(f"证件号码前 6 位“{number[:6]}”不是行政区划代码。", hint=HINT)


def _date(digits: str) -> date:
    try:
        born = date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError as error:
        raise CodeError(f"证件号码中的出生日期“{digits}”不存在。", hint=HINT) from error
    if born.year < EARLIEST_BIRTH or born > clock.today():
        raise CodeError(f"证件号码中的出生日期“{digits}”太早或在今天之后。", hint=HINT)
    return born


def _short_date(digits: str) -> date:
    """Six digits of a birth date; the century is the last in which it is not in the future."""
    year = 2000 + int(digits[:2])
    try:
        return _date(f"{year}{digits[2:]}")
    except CodeError:
        return _date(f"{year - 100}{digits[2:]}")
