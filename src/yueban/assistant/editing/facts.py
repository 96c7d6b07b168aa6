"""Whether what an editor wrote stands in its sources: numbers with their unit, money, dates and telephones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

UNITS: Final = (
    "个工作日|工作日|个自然日|自然日|个月|周岁|万元|亿元|元|天|日|周|年|月|岁|次|小时|分钟|份|张|页|%|％|折|倍"
    "|人|户|亩|平方米|公里|吨|号|条|个"
)
NUMBER: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"
WITH_UNIT: Final = re.compile(rf"(?P<n>{NUMBER})\s*(?P<u>{UNITS})")
HAN_WITH_UNIT: Final = re.compile(rf"(?P<n>[一二三四五六七八九十百千两]+)(?P<u>{UNITS.removesuffix('|个')})")
TELEPHONE: Final = re.compile(r"(?<!\d)(?:0\d{2,3}-?\d{7,8}|1[3-9]\d{9}|\d{5,11})(?!\d)")
HAN: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS: Final = {"十": 10, "百": 100, "千": 1000}


def facts_in(text: str) -> dict[str, str]:
    """What can be checked in a text: the fact in one form of writing → as it stands there."""
    plain = unicodedata.normalize("NFKC", text)
    found: dict[str, str] = {}
    for match in WITH_UNIT.finditer(plain):
        found[_written(match["n"].replace(",", ""), match["u"])] = match.group()
    for match in HAN_WITH_UNIT.finditer(plain):
        found[_written(str(_value(match["n"])), match["u"])] = match.group()
    for match in TELEPHONE.finditer(plain):
        found[match.group().replace("-", "")] = match.group()
    return found


def unsupported_facts(answer: str, sources: Iterable[str]) -> list[str]:
    """The facts of the answer that stand in none of the sources' words."""
    stated: set[str] = set()
    for text in sources:
        stated |= facts_in(text).keys()
    return [words for fact, words in facts_in(answer).items() if fact not in stated]


def _written(number: str, unit: str) -> str:
    """3 工作日, 3.0工作日 and 3个工作日 are the same; 1.5万元 is 15000元."""
    unit = unit.removeprefix("个") if len(unit) > 1 else unit
    value = float(number)
    if unit in {"万元", "亿元"}:
        value, unit = value * (10_000 if unit == "万元" else 100_000_000), "元"
    return f"{value:.4f}".rstrip("0").rstrip(".") + {"日": "天", "岁": "周岁"}.get(unit, unit)


def _value(words: str) -> int:
    """十五 → 15, 二十 → 20, 一百二十 → 120."""
    total, digit = 0, 0
    for sign in words:
        if sign in HAN:
            digit = HAN[sign]
        else:
            total, digit = total + (digit or 1) * TENS[sign], 0
    return total + digit
