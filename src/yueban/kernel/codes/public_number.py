"""办件编号: division 6, day yyyymmdd, serial 8, check digit ISO 7064 MOD 11,10; 23 digits.

People read these numbers out over the telephone: the check digit finds every wrong digit and nearly
every exchanged pair before anything is looked up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from yueban.kernel.codes.errors import CodeError

LENGTH: Final = 23
HINT: Final = "请对照收件凭证或短信中的办件编号逐位核对。"


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """The parts of a case number."""

    division: str
    day: date
    serial: int


def check_digit(digits: str) -> str:
    """ISO/IEC 7064 MOD 11,10 check digit of a string of digits."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def case_number(division: str, day: date, serial: int) -> str:
    """The number of a case; a longer division code is cut to its first six digits."""
    if not re.fullmatch(r"[0-9]{6,12}", division):
        raise CodeError(f"区划代码“{division}”应为 6 至 12 位数字。", hint="请使用 GB/T 2260 区划代码。")
    if not 1 <= serial <= 99_999_999:
        raise CodeError(f"办件流水号 {serial} 超出 8 位。", hint="请检查流水号的起点。")
    body = f"{division[:6]}{day:%Y%m%d}{serial:08d}"
    return body + check_digit(body)


def clean_case_number(text: str) -> str:
    """What a person typed, without spaces and dashes, full-width digits made plain."""
    return re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text))


def parse_case_number(text: str) -> CaseNumber:
    """Read a case number; raises CodeError."""
    if not re.fullmatch(r"[0-9]{23}", text):
        raise CodeError(f"办件编号应为 {LENGTH} 位数字。", hint=HINT)
    if check_digit(text[:-1]) != text[-1]:
        raise CodeError("办件编号校验位不符，可能有一位填错。", hint=HINT)
    try:
        day = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise CodeError(f"办件编号中的日期“{text[6:14]}”不存在。", hint=HINT) from error
    return CaseNumber(division=text[:6], day=day, serial=int(text[14:22]))


def check_case_number(text: str) -> None:
    """Raise CodeError saying what is wrong with the number, or return."""
    parse_case_number(text)


def is_valid_case_number(text: str) -> bool:
    """Whether ``check_case_number`` would return."""
    try:
        parse_case_number(text)
    except CodeError:
        return False
    return True
