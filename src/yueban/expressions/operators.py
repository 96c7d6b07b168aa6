"""The operators: for which types, with what value, and how each decides about a known fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, Final

from yueban.expressions.errors import RuleUnknownOperator
from yueban.expressions.values import years_before
from yueban.expressions.vocabulary import FactKind, FactType, division_prefix


class Shape(Enum):
    """What stands in ``value``."""

    ONE = "一个值"
    MANY = "值的列表"
    PAIR = "起止两个值的列表"
    CODE = "一个代码"
    CODES = "代码的列表"
    PREFIX = "一个前缀或前缀的列表"
    COUNT = "不为负的整数"
    FLAG = "true 或 false"


@dataclass(frozen=True, slots=True)
class Operator:
    """``decide(fact's value, rule's value, reference day)``; ``if_absent`` where the thing does not exist."""

    name: str
    kinds: frozenset[FactKind]
    shape: Shape
    decide: Callable[[Any, Any, date], bool]
    if_absent: bool = False


ORDERED: Final = frozenset({FactKind.INTEGER, FactKind.DECIMAL, FactKind.MONEY, FactKind.DATE})
CODED: Final = frozenset({FactKind.CODE, FactKind.DIVISION, FactKind.INDUSTRY})
EQUAL: Final = ORDERED | CODED | {FactKind.TEXT, FactKind.BOOLEAN}
LISTED: Final = CODED | {FactKind.TEXT, FactKind.INTEGER}
DATES: Final = frozenset({FactKind.DATE})
SETS: Final = frozenset({FactKind.CODES})


def _starts(fact: str, prefixes: frozenset[str], _on: date) -> bool:
    return fact.startswith(tuple(prefixes))


def _exists(fact: object, wanted: bool, _on: date) -> bool:  # noqa: FBT001 - the rule's value
    # An empty set is known and holds nothing.
    return (fact != frozenset()) == wanted


OPERATORS: Final[dict[str, Operator]] = {
    operator.name: operator
    for operator in (
        Operator("eq", EQUAL, Shape.ONE, lambda fact, value, _on: fact == value),
        Operator("ne", EQUAL, Shape.ONE, lambda fact, value, _on: fact != value, if_absent=True),
        Operator("in", LISTED, Shape.MANY, lambda fact, values, _on: fact in values),
        Operator("not_in", LISTED, Shape.MANY, lambda fact, values, _on: fact not in values, if_absent=True),
        Operator("lt", ORDERED, Shape.ONE, lambda fact, value, _on: fact < value),
        Operator("le", ORDERED, Shape.ONE, lambda fact, value, _on: fact <= value),
        Operator("gt", ORDERED, Shape.ONE, lambda fact, value, _on: fact > value),
        Operator("ge", ORDERED, Shape.ONE, lambda fact, value, _on: fact >= value),
        Operator("between", ORDERED, Shape.PAIR, lambda fact, pair, _on: pair[0] <= fact <= pair[1]),
        Operator("before", DATES, Shape.ONE, lambda fact, value, _on: fact < value),
        Operator("after", DATES, Shape.ONE, lambda fact, value, _on: fact > value),
        Operator(
            "within_days", DATES, Shape.COUNT, lambda fact, days, on: on - timedelta(days=days) <= fact <= on
        ),
        Operator(
            "within_next_days",
            DATES,
            Shape.COUNT,
            lambda fact, days, on: on <= fact <= on + timedelta(days=days),
        ),
        Operator(
            "years_at_least", DATES, Shape.COUNT, lambda fact, years, on: fact <= years_before(on, years)
        ),
        Operator(
            "years_less_than", DATES, Shape.COUNT, lambda fact, years, on: fact > years_before(on, years)
        ),
        Operator("prefix", CODED | {FactKind.TEXT}, Shape.PREFIX, _starts),
        Operator("contains", SETS | {FactKind.TEXT}, Shape.CODE, lambda fact, value, _on: value in fact),
        Operator("contains_any", SETS, Shape.CODES, lambda fact, values, _on: bool(fact & values)),
        Operator("contains_all", SETS, Shape.CODES, lambda fact, values, _on: values <= fact),
        Operator("exists", frozenset(FactKind), Shape.FLAG, _exists),
    )
}


def get_operator(name: str, fact: FactType) -> Operator:
    """The operator for a fact; raises RuleUnknownOperator where the language has none."""
    operator = OPERATORS.get(name)
    if operator is None:
        raise RuleUnknownOperator(
            f"规则语言没有运算“{name}”。", hint=f"可用：{'、'.join(OPERATORS)}。", data={"fact": fact.code}
        )
    if fact.kind not in operator.kinds:
        fitting = "、".join(other.name for other in OPERATORS.values() if fact.kind in other.kinds)
        raise RuleUnknownOperator(
            f"“{fact.name}”（{fact.type}）不能用运算“{name}”。",
            hint=f"可用：{fitting}。",
            data={"fact": fact.code},
        )
    return operator


def prefix_of(text: str, fact: FactType) -> str:
    """A prefix as it is compared: whole division codes lose their closing zeros."""
    return division_prefix(text) if fact.kind is FactKind.DIVISION else text
