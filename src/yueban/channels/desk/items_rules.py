"""A rule of the item as rows of a page: groups and statements, each drawn by the type of its fact, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from yueban.catalogue import rules
from yueban.elements.selectors import Dictionary
from yueban.expressions import FactKind, FactType
from yueban.expressions.operators import OPERATORS, Shape
from yueban.kernel.errors import ServiceError

Options = tuple[tuple[str, str], ...]
GROUPS: Final = {
    "all": gettext_lazy("同时满足"),
    "any": gettext_lazy("满足任何一条"),
    "none": gettext_lazy("都不满足"),
}
OPERATOR_NAMES: Final = {
    "eq": "是",
    "ne": "不是",
    "in": "是其中之一",
    "not_in": "不是其中任何一个",
    "lt": "小于",
    "le": "不超过",
    "gt": "大于",
    "ge": "不小于",
    "between": "在两者之间（含）",
    "before": "早于",
    "after": "晚于",
    "within_days": "在最近几日内",
    "within_next_days": "在今后几日内",
    "years_at_least": "已满几年（周岁）",
    "years_less_than": "未满几年（周岁）",
    "prefix": "属于（按前缀）",
    "contains": "包含",
    "contains_any": "包含其中之一",
    "contains_all": "全部包含",
    "exists": "有没有",
}
LISTS: Final = frozenset({Shape.MANY, Shape.CODES, Shape.PREFIX, Shape.PAIR})
MOST_CODES = 40
MOST_CHILDREN = 50
DEPTH = 6


@dataclass(frozen=True)
class Row:
    """One node as it is drawn: a group with its children, or a statement."""

    name: str
    label: str
    group: str = ""
    children: tuple[Row, ...] = ()
    fact: str = ""
    op: str = ""
    value: Any = ""
    operators: Options = ()
    options: Options = ()
    is_list: bool = False
    is_date: bool = False
    is_first: bool = False
    may_nest: bool = False


@dataclass(frozen=True)
class Drawn:
    """A rule on a page: the tree, its sentence, what is wrong with it; ``root`` None = no condition."""

    name: str
    label: str
    root: Row | None
    sentence: str
    faults: tuple[str, ...]
    facts: Options = field(default=())


def draw(
    name: str, label: str, rule: Mapping[str, Any] | None, facts: Options, dictionary: Dictionary
) -> Drawn:
    """The rule with its sentence, or with what keeps it from having one."""
    bare = _bare(rule)
    if bare is None:
        return Drawn(name, label, None, "", (), facts)
    top = bare if _group_of(bare) else {"all": [bare]}
    sentence, faults = explain(bare, dictionary)
    return Drawn(name, label, _row(name, label, top, dictionary, DEPTH), sentence, faults, facts)


def explain(rule: Mapping[str, Any], dictionary: Dictionary) -> tuple[str, tuple[str, ...]]:
    """The sentence of a rule, or why there is none."""
    if any(not fact for fact in _facts_in(rule)):
        return "", ("还有条件没有选数据元。",)
    problems = rules.problems_of(rules.RuleAt((), rule), dictionary.vocabulary)
    if problems:
        return "", tuple(f"{one.message}{one.hint}" for one in problems)
    try:
        return rules.sentence(rule, dictionary.vocabulary) or "", ()
    except ServiceError as error:
        return "", (str(error),)


def _facts_in(rule: Mapping[str, Any]) -> list[str]:
    group = _group_of(rule)
    if not group:
        return [str(rule.get("fact") or "")]
    return [fact for child in rule[group] if isinstance(child, Mapping) for fact in _facts_in(child)]


def _bare(rule: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if isinstance(rule, Mapping) and "language" in rule:
        rule = rule.get("rule")
    return rule if isinstance(rule, Mapping) and rule else None


def _group_of(rule: Mapping[str, Any]) -> str:
    return next((name for name in GROUPS if isinstance(rule.get(name), list | tuple)), "")


def _row(name: str, label: str, rule: Mapping[str, Any], dictionary: Dictionary, depth: int) -> Row:
    group = _group_of(rule)
    if group:
        children = [child for child in rule[group] if isinstance(child, Mapping)]
        drawn = [
            _row(f"{name}-{i}", f"{label}，第{i + 1}条", child, dictionary, depth - 1)
            for i, child in enumerate(children)
        ]
        ordered = tuple(replace(child, is_first=i == 0) for i, child in enumerate(drawn))
        return Row(name, label, group=group, children=ordered, may_nest=depth > 1)
    fact = dictionary.vocabulary.get(str(rule.get("fact") or ""))
    op = str(rule.get("op") or "")
    shape = OPERATORS[op].shape if op in OPERATORS else Shape.ONE
    return Row(
        name,
        label,
        fact=str(rule.get("fact") or ""),
        op=op,
        value=_shown(rule.get("value"), is_list=shape in LISTS),
        operators=_operators(fact),
        options=_value_options(fact, shape),
        is_list=shape in LISTS,
        is_date=fact is not None and fact.kind is FactKind.DATE and shape is Shape.ONE,
    )


def _shown(value: Any, *, is_list: bool) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if value is None:
        return [] if is_list else ""
    return [str(value)] if is_list else str(value)


def _operators(fact: FactType | None) -> Options:
    return tuple(
        (name, OPERATOR_NAMES.get(name, name))
        for name, operator in OPERATORS.items()
        if fact is None or fact.kind in operator.kinds
    )


def _value_options(fact: FactType | None, shape: Shape) -> Options:
    if shape is Shape.FLAG or (fact is not None and fact.kind is FactKind.BOOLEAN):
        return (("true", "是"), ("false", "否"))
    codes = dict(fact.codes or {}) if fact is not None and shape is not Shape.COUNT else {}
    return tuple(codes.items()) if len(codes) <= MOST_CODES else ()


def read(posted: QueryDict, name: str, dictionary: Dictionary) -> dict[str, Any] | None:
    """The rule that a page posts under a name; None = no condition."""
    if posted.get(f"{name}-group", "") not in GROUPS:
        return None
    rule = _read(posted, name, dictionary, DEPTH)
    group = _group_of(rule)
    # One statement that must hold is stored as the statement alone.
    only = rule[group][0] if group == "all" and len(rule[group]) == 1 else None
    return dict(only) if only is not None and not _group_of(only) else rule


def _read(posted: QueryDict, name: str, dictionary: Dictionary, depth: int) -> dict[str, Any]:
    group = posted.get(f"{name}-group", "")
    if group in GROUPS and depth:
        count = _whole(posted.get(f"{name}-n", "0"))
        children = [
            _read(posted, f"{name}-{i}", dictionary, depth - 1) for i in range(min(count, MOST_CHILDREN))
        ]
        return {group: children}
    fact_code = posted.get(f"{name}-fact", "").strip()
    fact = dictionary.vocabulary.get(fact_code)
    op = posted.get(f"{name}-op", "eq")
    if fact is not None and op in OPERATORS and fact.kind not in OPERATORS[op].kinds:
        op = _operators(fact)[0][0]
    shape = OPERATORS[op].shape if op in OPERATORS else Shape.ONE
    return {"fact": fact_code, "op": op, "value": _value(posted.getlist(f"{name}-value"), shape, fact)}


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _value(typed: list[str], shape: Shape, fact: FactType | None) -> Any:
    words = [word.strip() for text in typed for word in _split(text, shape) if word.strip()]
    plain = [_scalar(word, shape, fact) for word in words]
    if shape in LISTS:
        return plain
    return plain[0] if plain else None


def _split(text: str, shape: Shape) -> list[str]:
    return text.replace("，", "、").replace(",", "、").split("、") if shape in LISTS else [text]


def _scalar(word: str, shape: Shape, fact: FactType | None) -> Any:
    is_flag = shape is Shape.FLAG or (fact is not None and fact.kind is FactKind.BOOLEAN)
    if is_flag and word in ("true", "false"):
        return word == "true"
    is_count = shape is Shape.COUNT or (fact is not None and fact.kind is FactKind.INTEGER)
    if is_count and word.isdecimal() and len(word) < 16:
        return int(word)
    return word
