"""统一社会信用代码 (GB 32100-2015): 18 characters, the last a check character modulo 31."""

from __future__ import annotations

from typing import Final

from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile, is_region

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
LENGTH: Final = 18
# 10: registered by an organ of the State; 71 81 82: Taiwan, Hong Kong, Macao.
OTHER_REGIONS: Final = frozenset({"10", "71", "81", "82"})
REGISTRARS: Final = frozenset("123456789ANY")
HINT: Final = "请对照营业执照或登记证书上的统一社会信用代码逐位核对。"


def check_character(body: str) -> str:
    """The 18th character for the first 17; raises CodeError when one is outside the alphabet."""
    if len(body) != LENGTH - 1 or any(character not in ALPHABET for character in body):
        raise CodeError("统一社会信用代码只能用数字和除 I、O、S、V、Z 外的大写字母。", hint=HINT)
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_code(body: str) -> str:
    """The organisation code within (characters 9 to 17, GB 11714) for its first eight."""
    total = sum(int(one, 36) * weight for one, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def compose(body: str) -> str:
    """The whole code for 17 characters."""
    return body + check_character(body)


def check(code: str, *, profile: Profile | None = None) -> None:
    """Raise CodeError saying what is wrong with the code, or return."""
    if len(code) != LENGTH:
        raise CodeError(f"统一社会信用代码应为 18 位，现为 {len(code)} 位。", hint=HINT)
    expected = check_character(code[:-1])
    if code[0] not in REGISTRARS:
        raise CodeError(f"统一社会信用代码首位“{code[0]}”不是登记管理部门代码。", hint=HINT)
    if not is_region(code[2:8], also=OTHER_REGIONS, profile=profile):
        raise CodeError(f"统一社会信用代码第 3 至 8 位“{code[2:8]}”不是行政区划代码。", hint=HINT)
    if code[-1] != expected:
        raise CodeError("统一社会信用代码校验位不符，可能有一位填错。", hint=HINT)


def is_valid(code: str, *, profile: Profile | None = None) -> bool:
    """Whether ``check`` would return."""
    try:
        check(code, profile=profile)
    except CodeError:
        return False
    return True
