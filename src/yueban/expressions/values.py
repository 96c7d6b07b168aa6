"""From values as JSON and forms have them to values that can be compared, by the type of the fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from yueban.expressions.errors import FactInvalid
from yueban.expressions.vocabulary import FactKind, FactType
from yueban.kernel import clock

TODAY: Final = "today"
Typed = str | int | Decimal | date | bool | frozenset[str]
TYPE_NAMES: Final[dict[FactKind, str]] = {
    FactKind.TEXT: "文字",
    FactKind.INTEGER: "整数",
    FactKind.DECIMAL: "数字",
    FactKind.MONEY: "金额（元）",
    FactKind.DATE: "日期（如 2026-01-31）",
    FactKind.BOOLEAN: "是或否（true、false）",
    FactKind.CODE: "代码",
    FactKind.CODES: "代码的列表",
    FactKind.DIVISION: "区划代码（2 至 12 位数字）",
    FactKind.INDUSTRY: "行业代码（如 G5430）",
}


class Absent:
    """The type of ABSENT."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()
"""Known not to exist: the subject has no such thing. Missing, None and "" mean unknown instead."""


def is_unknown(raw: object) -> bool:
    """Whether a value given for a fact says nothing: not given, None, or an empty text."""
    return raw is None or raw == ""


def read(raw: object, fact: FactType) -> Typed:
    """The value of a fact, typed; raises FactInvalid."""
    try:
        return READERS[fact.kind](raw)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise FactInvalid(
            f"“{fact.name}”的值{_shown(raw, fact)}不是{TYPE_NAMES[fact.kind]}。",
            hint="请改正这项内容。",
            data={"fact": fact.code},
        ) from error


def _shown(raw: object, fact: FactType) -> str:
    return "" if fact.is_sensitive else f"“{raw}”"


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


def _integer(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        raise TypeError
    number = int(raw)
    if not isinstance(raw, str) and number != raw:
        raise ValueError
    return number


def _number(raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        raise TypeError
    # A float is read as it is written: 4.5 and not the binary fraction near it.
    number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not number.is_finite():
        raise ValueError
    return number


def _day(raw: object) -> date:
    if isinstance(raw, datetime):
        return (raw.astimezone(clock.BEIJING) if raw.tzinfo else raw).date()
    if isinstance(raw, date):
        return raw
    return date.fromisoformat(_text(raw))


def _boolean(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError
    return raw


def _codes(raw: object) -> frozenset[str]:
    if not isinstance(raw, (list, tuple, set, frozenset)):
        raise TypeError
    return frozenset(_text(code) for code in raw)


def _division(raw: object) -> str:
    code = _text(raw)
    if not (code.isascii() and code.isdecimal() and 2 <= len(code) <= 12):
        raise ValueError
    return code


def _industry(raw: object) -> str:
    code = _text(raw).upper()
    digits = code[1:] if code[:1].isalpha() else code
    if not code or len(digits) > 4 or (digits and not digits.isdecimal()):
        raise ValueError
    return code


READERS: Final[dict[FactKind, Callable[[object], Typed]]] = {
    FactKind.TEXT: _text,
    FactKind.INTEGER: _integer,
    FactKind.DECIMAL: _number,
    FactKind.MONEY: _number,
    FactKind.DATE: _day,
    FactKind.BOOLEAN: _boolean,
    FactKind.CODE: _text,
    FactKind.CODES: _codes,
    FactKind.DIVISION: _division,
    FactKind.INDUSTRY: _industry,
}


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
