"""基本编码 (12), 实施编码 (31) and 业务办理项编码 (33) of a service item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from yueban.kernel.codes import uscc
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile, is_region

BASIC: Final = re.compile(
    r"(?P<region>[0-9]{2})(?P<type>[0-9]{2})(?P<department>[0-9]{2})(?P<item>[0-9]{3})(?P<sub>[0-9]{3}|[0-9]{2}Y)"
)
NATIONAL_DIRECTORY: Final = frozenset({"00"})
LEVELS: Final = {"1": "国家级", "2": "省级", "3": "市级", "4": "县级", "5": "镇级", "6": "村级"}
HINT: Final = "请与事项目录核对编码。"


@dataclass(frozen=True, slots=True)
class BasicCode:
    """基本编码: directory's region, item type (GB/T 39046 A.1), department, main item, sub-item."""

    region: str
    type: str
    department: str
    item: str
    sub: str

    def __str__(self) -> str:
        return f"{self.region}{self.type}{self.department}{self.item}{self.sub}"

    @property
    def has_sub_items(self) -> bool:
        """Whether this is a main item divided into sub-items (``00Y``)."""
        return self.sub.endswith("Y")


@dataclass(frozen=True, slots=True)
class ImplementationCode:
    """实施编码: the agency's 统一社会信用代码, the level that exercises the power, the basic code."""

    agency_uscc: str
    level: str
    basic: BasicCode

    def __str__(self) -> str:
        return f"{self.agency_uscc}{self.level}{self.basic}"


def parse_basic(code: str, *, profile: Profile | None = None) -> BasicCode:
    """Read a 基本编码; raises CodeError."""
    if len(code) != 12:
        raise CodeError(f"基本编码应为 12 位，现为 {len(code)} 位。", hint=HINT)
    match = BASIC.fullmatch(code)
    if match is None:
        raise CodeError(f"基本编码“{code}”应全为数字（末位可为 Y，表示下设子项）。", hint=HINT)
    basic = BasicCode(**match.groupdict())
    if not is_region(basic.region, also=NATIONAL_DIRECTORY, profile=profile):
        raise CodeError(f"基本编码前 2 位“{basic.region}”应为 00(国家目录)或省级代码。", hint=HINT)
    if basic.item == "000":
        raise CodeError("基本编码第 7 至 9 位（主项序号）应从 001 起。", hint=HINT)
    return basic


def check_basic(code: str, *, item_type: str | None = None, profile: Profile | None = None) -> None:
    """Raise CodeError unless the 基本编码 is sound and, when given, of this item type."""
    basic = parse_basic(code, profile=profile)
    if item_type is not None and basic.type != item_type:
        raise CodeError(f"基本编码中的事项类型为 {basic.type}，与填写的 {item_type} 不一致。", hint=HINT)


def is_valid_basic(code: str, *, profile: Profile | None = None) -> bool:
    """Whether ``check_basic`` would return."""
    try:
        parse_basic(code, profile=profile)
    except CodeError:
        return False
    return True


def compose_implementation(
    *, agency_uscc: str, level: str, basic: str, profile: Profile | None = None
) -> str:
    """The 实施编码 of an item at an agency; raises CodeError when a part is unsound."""
    code = f"{agency_uscc}{level}{basic}"
    parse_implementation(code, profile=profile)
    return code


def parse_implementation(code: str, *, profile: Profile | None = None) -> ImplementationCode:
    """Read a 实施编码; raises CodeError."""
    if len(code) != 31:
        raise CodeError(f"实施编码应为 31 位，现为 {len(code)} 位。", hint=HINT)
    agency_uscc, level, basic = code[:18], code[18], code[19:]
    try:
        uscc.check(agency_uscc, profile=profile)
    except CodeError as error:
        raise CodeError(
            f"实施编码前 18 位有误：{error.message}", hint="请核对实施主体的统一社会信用代码。"
        ) from error
    if level not in LEVELS:
        raise CodeError(f"实施编码第 19 位“{level}”不是行使层级（1 至 6）。", hint=HINT)
    return ImplementationCode(agency_uscc, level, parse_basic(basic, profile=profile))


def check_implementation(
    code: str,
    *,
    level: str | None = None,
    agency_uscc: str | None = None,
    basic: str | None = None,
    profile: Profile | None = None,
) -> None:
    """Raise CodeError unless the 实施编码 is sound and agrees with the fields given."""
    read = parse_implementation(code, profile=profile)
    if level is not None and read.level != level:
        raise CodeError(
            f"实施编码中的行使层级为 {_level(read.level)}，与填写的 {_level(level)} 不一致。", hint=HINT
        )
    if agency_uscc is not None and read.agency_uscc != agency_uscc:
        raise CodeError("实施编码中的实施主体与填写的实施主体不一致。", hint=HINT)
    if basic is not None and str(read.basic) != basic:
        raise CodeError(f"实施编码中的基本编码为 {read.basic}，与填写的 {basic} 不一致。", hint=HINT)


def is_valid_implementation(code: str, *, profile: Profile | None = None) -> bool:
    """Whether ``check_implementation`` would return for the code alone."""
    try:
        parse_implementation(code, profile=profile)
    except CodeError:
        return False
    return True


def compose_handling(implementation: str, serial: int) -> str:
    """业务办理项编码: the 实施编码 and a two-digit serial."""
    if not 1 <= serial <= 99:
        raise CodeError(f"业务办理项序号应为 1 至 99，现为 {serial}。", hint=HINT)
    parse_implementation(implementation)
    return f"{implementation}{serial:02d}"


def _level(code: str) -> str:
    return f"{code}（{LEVELS[code]}）" if code in LEVELS else code
