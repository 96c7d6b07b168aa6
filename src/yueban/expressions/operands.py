"""The value a predicate compares with, read by the operator's shape and the fact's type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from yueban.expressions.errors import FactInvalid, RuleInvalid
from yueban.expressions.nodes import Predicate
from yueban.expressions.operators import Operator, Shape, prefix_of
from yueban.expressions.values import TODAY, TYPE_NAMES, read
from yueban.expressions.vocabulary import FactKind, FactType

COUNT_LIMIT: Final = {"years_at_least": 500, "years_less_than": 500}
DAYS_LIMIT: Final = 100_000


def read_operand(predicate: Predicate, operator: Operator, fact: FactType, on: date) -> Any:
    """The rule's value, typed; raises RuleInvalid saying what was expected."""
    try:
        return SHAPES[operator.shape](predicate, fact, on)
    except (TypeError, ValueError, FactInvalid) as error:
        raise RuleInvalid(
            f"“{fact.name}”的运算“{predicate.op}”不能与“{_shown(predicate.value)}”比较。",
            hint=f"应填{operator.shape.value}，数据元的类型是{TYPE_NAMES[fact.kind]}。",
            data={"fact": fact.code},
        ) from error


def _shown(value: object) -> str:
    return "、".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _many(predicate: Predicate) -> tuple[Any, ...]:
    if not isinstance(predicate.value, tuple) or not predicate.value:
        raise TypeError
    return predicate.value


def _single(raw: object, fact: FactType, on: date) -> Any:
    if fact.kind is FactKind.DATE and raw == TODAY:
        return on
    if isinstance(raw, tuple) or raw is None:
        raise TypeError
    return read(raw, fact)


def _one(predicate: Predicate, fact: FactType, on: date) -> Any:
    return _single(predicate.value, fact, on)


def _list(predicate: Predicate, fact: FactType, on: date) -> frozenset[Any]:
    return frozenset(_single(raw, fact, on) for raw in _many(predicate))


def _pair(predicate: Predicate, fact: FactType, on: date) -> tuple[Any, Any]:
    low, high = (_single(raw, fact, on) for raw in _many(predicate))
    # Bounds relative to today may cross; fixed ones may not.
    if low > high and TODAY not in _many(predicate):
        raise ValueError
    return low, high


def _code(predicate: Predicate, _fact: FactType, _on: date) -> str:
    if not isinstance(predicate.value, str) or not predicate.value:
        raise TypeError
    return predicate.value


def _codes(predicate: Predicate, fact: FactType, _on: date) -> frozenset[str]:
    codes = read(_many(predicate), fact)
    assert isinstance(codes, frozenset)
    return codes


def _prefix(predicate: Predicate, fact: FactType, _on: date) -> frozenset[str]:
    raw = (predicate.value,) if isinstance(predicate.value, str) else _many(predicate)
    texts = [read(prefix, fact) for prefix in raw]
    if not all(texts):
        raise ValueError
    return frozenset(prefix_of(str(text), fact) for text in texts)


def _count(predicate: Predicate, _fact: FactType, _on: date) -> int:
    value = predicate.value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if not 0 <= value <= COUNT_LIMIT.get(predicate.op, DAYS_LIMIT):
        raise ValueError
    return value


def _flag(predicate: Predicate, _fact: FactType, _on: date) -> bool:
    # {"fact": …, "op": "exists"} alone means that it does.
    if predicate.value is None:
        return True
    if not isinstance(predicate.value, bool):
        raise TypeError
    return predicate.value


SHAPES: Final[dict[Shape, Callable[[Predicate, FactType, date], Any]]] = {
    Shape.ONE: _one,
    Shape.MANY: _list,
    Shape.PAIR: _pair,
    Shape.CODE: _code,
    Shape.CODES: _codes,
    Shape.PREFIX: _prefix,
    Shape.COUNT: _count,
    Shape.FLAG: _flag,
}
