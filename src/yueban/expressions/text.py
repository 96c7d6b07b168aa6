"""A rule as a Chinese sentence, the way an official would say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from yueban.expressions.nodes import All, Any, Node, None_, Predicate
from yueban.expressions.values import TODAY
from yueban.expressions.vocabulary import FactKind, FactType, Vocabulary, division_prefix
from yueban.kernel import clock

YES_NO: Final = frozenset({"是", "否"})
NUMBERS: Final = frozenset({FactKind.INTEGER, FactKind.DECIMAL, FactKind.MONEY})
COUNTY_DIGITS: Final = 6
# How a yes-or-no name without 是否 is denied; names of what one may be are said with 是 and 不是.
CONTRARIES: Final = {"列入": "未列入", "通过": "未通过", "属于": "不属于"}
NOUNS: Final = ("企业", "公司", "被执行人", "纳税人")
OPPOSITE: Final = {
    "eq": "ne",
    "ne": "eq",
    "in": "not_in",
    "not_in": "in",
    "lt": "ge",
    "ge": "lt",
    "le": "gt",
    "gt": "le",
    "years_at_least": "years_less_than",
    "years_less_than": "years_at_least",
}


def to_text(node: Node, vocabulary: Vocabulary) -> str:
    """The sentence without a full stop; raises as evaluate does on unknown facts."""
    match node:
        case Predicate():
            return predicate_text(node, vocabulary)
        case All(children):
            return _joined(children, "，且", vocabulary) or "无条件"
        case Any(children):
            return _joined(children, "，或者", vocabulary) or "不可能满足"
        case None_(children):
            return _none_text(children, vocabulary)


def predicate_text(node: Predicate, vocabulary: Vocabulary) -> str:
    """The sentence of one statement."""
    fact = vocabulary.get_fact(node.fact)
    sentence = SENTENCES.get(node.op)
    if sentence is None:
        return f"{fact.name}“{node.op}”{_listed(node, fact, '、')}"
    return sentence(node, fact)


def value_text(value: object, fact: FactType) -> str:
    """A value as people read it: the name of a code, a date in Chinese, a number with its unit."""
    match value:
        case bool():
            return "是" if value else "否"
        case frozenset() | tuple() | list():
            return "、".join(sorted(value_text(part, fact) for part in value)) or "无"
        case date():
            return clock.written(value)
        case int() | float() | Decimal():
            return _number_text(Decimal(str(value)), fact)
    return _string_text(str(value), fact)


def _string_text(text: str, fact: FactType) -> str:
    try:
        if fact.kind is FactKind.DATE:
            return "当日" if text == TODAY else value_text(date.fromisoformat(text), fact)
        if fact.kind in NUMBERS:
            return _number_text(Decimal(text), fact)
    except (ValueError, InvalidOperation):
        # A rule still being edited is printed as it stands; check names the fault.
        return f"“{text}”"
    return f"“{text}”" if fact.kind is FactKind.TEXT else fact.name_of(text)


def _number_text(number: Decimal, fact: FactType) -> str:
    unit = fact.unit or ("元" if fact.kind is FactKind.MONEY else "")
    if unit == "元" and number and number % 10_000 == 0:
        number, unit = number / 10_000, "万元"
    shown = f"{number:f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{shown}{unit}"


def _joined(children: Iterable[Node], word: str, vocabulary: Vocabulary) -> str:
    parts = list(children)
    if len(parts) == 1:
        return to_text(parts[0], vocabulary)
    return word.join(_nested(part, vocabulary) for part in parts)


def _nested(node: Node, vocabulary: Vocabulary) -> str:
    text = to_text(node, vocabulary)
    is_plain = isinstance(node, Predicate) or len(node.children) <= 1
    return text if is_plain else f"（{text}）"


def _none_text(children: tuple[Node, ...], vocabulary: Vocabulary) -> str:
    if not children:
        return "无条件"
    if len(children) == 1:
        return _negated(children[0], vocabulary)
    return "不属于下列任何一种情形：" + "；".join(_nested(child, vocabulary) for child in children)


def _negated(node: Node, vocabulary: Vocabulary) -> str:
    if isinstance(node, Predicate):
        if node.op in OPPOSITE:
            return predicate_text(Predicate(node.fact, OPPOSITE[node.op], node.value), vocabulary)
        if node.op == "prefix":
            return _within_text(node, vocabulary.get_fact(node.fact), is_so=False)
        if node.op == "exists":
            return predicate_text(Predicate(node.fact, "exists", node.value is False), vocabulary)
    return f"不符合“{to_text(node, vocabulary)}”"


def _one(node: Predicate, fact: FactType) -> str:
    return value_text(node.value, fact)


def _listed(node: Predicate, fact: FactType, last: str) -> str:
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    shown = [value_text(value, fact) for value in values]
    return shown[0] if len(shown) == 1 else "、".join(shown[:-1]) + last + shown[-1]


def _yes(node: Predicate, fact: FactType) -> bool | None:
    """What a yes-or-no statement claims; None for any other statement."""
    if isinstance(node.value, bool):
        return node.value
    if fact.codes and set(fact.codes.values()) == YES_NO and isinstance(node.value, str):
        return fact.name_of(node.value) == "是" if node.value in fact.codes else None
    return None


def _is_text(node: Predicate, fact: FactType) -> str:
    yes = _yes(node, fact)
    if yes is None:
        # A name that asks (车辆是否已上牌照) is answered by the code alone: 车辆还没买或还没上牌.
        subject, asks, _ = fact.name.partition("是否")
        return f"{subject if asks else fact.name + '为'}{_one(node, fact)}"
    return _claim(fact, yes=yes)


def _is_not_text(node: Predicate, fact: FactType) -> str:
    yes = _yes(node, fact)
    if yes is None:
        return f"{fact.name}不是{_one(node, fact)}"
    return _claim(fact, yes=not yes)


def _claim(fact: FactType, *, yes: bool) -> str:
    """A yes-or-no name turned into a statement: 是否已登记 → 已登记, 尚未登记."""
    if "有无" in fact.name:
        return fact.name.replace("有无", "有" if yes else "没有", 1)
    if "是否" in fact.name:
        before, after = fact.name.split("是否", 1)
        return before + _whether(after, yes=yes)
    if fact.derived is not None:
        return f"{'符合' if yes else '不符合'}“{fact.name}”"
    contrary = next((no for start, no in CONTRARIES.items() if fact.name.startswith(start)), None)
    if contrary is not None:
        return fact.name if yes else contrary + fact.name[2:]
    if fact.name.endswith(NOUNS):
        return f"{'是' if yes else '不是'}{fact.name}"
    return f"{fact.name}：{'是' if yes else '否'}"


def _whether(rest: str, *, yes: bool) -> str:
    if rest.startswith("为"):
        return ("是" if yes else "不是") + rest[1:]
    if yes:
        return rest
    if rest.startswith("已有"):
        return "没有" + rest[2:]
    if rest.startswith("已"):
        return "尚未" + rest[1:].removeprefix("经")
    return ("没" if rest.startswith("有") else "不") + rest


def _compared(word: str, dated: str) -> Callable[[Predicate, FactType], str]:
    def sentence(node: Predicate, fact: FactType) -> str:
        return f"{fact.name}{dated if fact.kind is FactKind.DATE else word}{_one(node, fact)}"

    return sentence


def _between_text(node: Predicate, fact: FactType) -> str:
    return f"{fact.name}在{_listed(node, fact, '至')}之间（含）"


def _prefix_text(node: Predicate, fact: FactType) -> str:
    return _within_text(node, fact, is_so=True)


def _within_text(node: Predicate, fact: FactType, *, is_so: bool) -> str:
    """Belonging to a part of a code: 所在区县是诸暨市, 住所在越城区范围内, 所属行业属于纺织业, and their contraries."""
    listed = _listed(node, fact, "或")
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    names = [fact.find_name(str(value)) for value in values]
    match fact.kind:
        case FactKind.DIVISION:
            are_counties = all(len(division_prefix(str(value))) == COUNTY_DIGITS for value in values)
            if fact.name.endswith("区县") and are_counties and None not in names:
                return f"{fact.name}{'是' if is_so else '不是'}{listed}"
            return f"{fact.name}{'在' if is_so else '不在'}{listed}范围内"
        case FactKind.INDUSTRY | FactKind.CODE:
            is_said = fact.kind is FactKind.INDUSTRY and None not in names
            kind = "" if is_said else "类"
            return f"{fact.name}{'属于' if is_so else '不属于'}{listed}{kind}"
    return f"{fact.name}{'以' if is_so else '不以'}{listed}开头"


def _contains_text(node: Predicate, fact: FactType) -> str:
    return f"{fact.name}包含{_one(node, fact)}"


def _exists_text(node: Predicate, fact: FactType) -> str:
    return f"没有{fact.name}" if node.value is False else f"有{fact.name}"


def _age_text(over: str, under: str) -> Callable[[Predicate, FactType], str]:
    def sentence(node: Predicate, fact: FactType) -> str:
        if "出生" in fact.name:
            return f"{over}{node.value}周岁"
        return f"{fact.name}{under}{node.value}年"

    return sentence


def _in_text(node: Predicate, fact: FactType) -> str:
    return f"{fact.name}为{_listed(node, fact, '或')}"


def _not_in_text(node: Predicate, fact: FactType) -> str:
    return f"{fact.name}不是{_listed(node, fact, '或')}"


def _days_text(words: str) -> Callable[[Predicate, FactType], str]:
    def sentence(node: Predicate, fact: FactType) -> str:
        return f"{fact.name}在{words}{node.value}日内"

    return sentence


SENTENCES: Final[dict[str, Callable[[Predicate, FactType], str]]] = {
    "eq": _is_text,
    "ne": _is_not_text,
    "in": _in_text,
    "not_in": _not_in_text,
    "lt": _compared("低于", "早于"),
    "le": _compared("不超过", "不晚于"),
    "gt": _compared("超过", "晚于"),
    "ge": _compared("不低于", "不早于"),
    "before": _compared("", "早于"),
    "after": _compared("", "晚于"),
    "between": _between_text,
    "within_days": _days_text("最近"),
    "within_next_days": _days_text("今后"),
    "years_at_least": _age_text("年满", "已满"),
    "years_less_than": _age_text("未满", "未满"),
    "prefix": _prefix_text,
    "contains": _contains_text,
    "contains_any": lambda node, fact: f"{fact.name}包含{_listed(node, fact, '或')}",
    "contains_all": lambda node, fact: f"{fact.name}同时包含{_listed(node, fact, '和')}",
    "exists": _exists_text,
}
