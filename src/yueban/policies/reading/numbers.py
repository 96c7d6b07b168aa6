"""Numbers as policies write them: 50万元, 1.5亿元, 五十万元, 30%, 百分之三十, 3年, 20人, 100MW left alone."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from yueban.policies.reading.text import Span

DIGITS = {"零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SCALES = {"十": 10, "百": 100, "千": 1000}
HAN = "零一二三四五六七八九十百千"
JOINTS = frozenset({"、", "/", ",", "和", "或", "-", "—", "~", "至"})
CALENDAR_DIGITS = 4  # 2025年 is a year of the calendar, not a span of time


class Unit(StrEnum):
    """What a number counts."""

    MONEY = "money"
    PERCENT = "percent"
    YEARS = "years"
    MONTHS = "months"
    PEOPLE = "people"
    PIECES = "pieces"
    AREA = "area"
    OTHER = "other"


@dataclass(frozen=True)
class Number:
    """One number: money in yuan, a percentage as a share of one, years, people … in their own unit."""

    value: Decimal
    unit: Unit
    span: Span
    per: str = ""
    """What it is paid for each of: 每人, 每家, 每吨 …"""
    scale: int = 1
    """What 万 or 亿 multiplied it by; in a list the last one's holds for those before it."""


UNITS = {"元": Unit.MONEY, "人民币": Unit.MONEY, "年": Unit.YEARS, "周年": Unit.YEARS, "个月": Unit.MONTHS}
UNITS |= {"人": Unit.PEOPLE, "名": Unit.PEOPLE, "平方米": Unit.AREA}
UNITS |= dict.fromkeys(("项", "件"), Unit.PIECES)
FOUND = re.compile(
    rf"""(?P<percent_word>百分之(?P<share>[{HAN}]+|\d+(?:\.\d+)?))
    |(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{HAN}]+)
     \s*(?P<scale>万亿|千万|百万|十万|亿|万|千)?\s*
     (?P<unit>%|个百分点|元(?:人民币)?|周年|个月|年(?!度|代|以来|\d)|人(?!才|民|员)|名|项(?!目)|件|平方米)?
     (?P<per>/(?:[人家户个项年吨亩件台套]|平方米)(?:·?[年月])?)?""",
    re.VERBOSE,
)
SCALE = {"千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}


def find_numbers(text: str) -> list[Number]:
    """Every number of an evened text that has a unit or a scale, in order."""
    found = [_number(match) for match in FOUND.finditer(text)]
    return _share_scales([number for number in found if number is not None], text)


def _number(match: re.Match[str]) -> Number | None:
    span = Span(match.start(), match.end())
    if match["percent_word"]:
        return Number(_read(match["share"]) / 100, Unit.PERCENT, span)
    unit, scale = match["unit"], SCALE.get(match["scale"] or "", 1)
    is_written = match["number"][0].isdigit()
    if unit is None and scale == 1:
        return Number(_read(match["number"]), Unit.OTHER, span) if is_written else None
    if unit == "年" and is_written and len(match["number"]) == CALENDAR_DIGITS:
        return None
    if UNITS.get(unit or "") is Unit.PIECES and not is_written:
        return None
    value = _read(match["number"]) * scale
    if unit in ("%", "个百分点"):
        return Number(value / 100, Unit.PERCENT, span)
    kind = Unit.MONEY if unit is None or unit.startswith("元") else UNITS[unit]
    return Number(value, kind, span, per=(match["per"] or "").lstrip("/"), scale=scale)


def _read(written: str) -> Decimal:
    if written[0].isdigit():
        return Decimal(written.replace(",", ""))
    total, digit = 0, 0
    for character in written:
        if character in SCALES:
            total += (digit or 1) * SCALES[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return Decimal(total + digit)


def _share_scales(numbers: list[Number], text: str) -> list[Number]:
    """10、20、50万元: numbers of a list without a unit take that of the next one."""
    shared = list(numbers)
    for place in range(len(shared) - 2, -1, -1):
        one, after = shared[place], shared[place + 1]
        between = text[one.span.end : after.span.start].strip()
        if one.unit is not Unit.OTHER or after.unit is Unit.OTHER or between not in JOINTS:
            continue
        scale = Decimal("0.01") if after.unit is Unit.PERCENT else after.scale
        shared[place] = replace(after, value=one.value * scale, span=one.span)
    return [number for number in shared if number.unit is not Unit.OTHER]
