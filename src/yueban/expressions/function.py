"""All rules at once for one subject: a Python function generated from them, for a profile that has just changed.

Each rule becomes two short-circuiting expressions, whether it is certainly met and whether it may be; no explanation
is made. A property test holds the function against `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from yueban.expressions.facts import descend
from yueban.expressions.nodes import All, Group, Node, None_, Predicate
from yueban.expressions.operands import read_operand
from yueban.expressions.operators import get_operator
from yueban.expressions.truth import Truth
from yueban.expressions.values import Absent, is_unknown, read, years_before
from yueban.expressions.vocabulary import FactType, Vocabulary

Function = Callable[[Mapping[str, object]], dict[str, Truth]]

# How an operator is written where {v} is the value and {c} what it is compared with.
WRITTEN: Final[dict[str, str]] = {
    "eq": "{v} == {c}",
    "ne": "{v} != {c}",
    "in": "{v} in {c}",
    "not_in": "{v} not in {c}",
    "lt": "{v} < {c}",
    "le": "{v} <= {c}",
    "gt": "{v} > {c}",
    "ge": "{v} >= {c}",
    "before": "{v} < {c}",
    "after": "{v} > {c}",
    "between": "{c}[0] <= {v} <= {c}[1]",
    "within_days": "{c}[0] <= {v} <= {c}[1]",
    "within_next_days": "{c}[0] <= {v} <= {c}[1]",
    "years_at_least": "{v} <= {c}",
    "years_less_than": "{v} > {c}",
    "prefix": "{v}.startswith({c})",
    "contains": "{c} in {v}",
    "contains_any": "not {c}.isdisjoint({v})",
    "contains_all": "{c} <= {v}",
}
TRUTHS: Final = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)
NOTHING: Final[frozenset[str]] = frozenset()


def generate(rules: Mapping[str, Node], *, on: date, vocabulary: Vocabulary) -> Function:
    """A function from the facts of one subject to the value of every rule on this day.

    Raises what `evaluate` raises for rules that cannot be read; the function raises FactInvalid for such values.
    """
    writer = _Writer(vocabulary, on)
    lines = [writer.line_of(node) for node in rules.values()]
    source = "\n".join(
        ["def judge(facts):", *writer.opening(), f" return ({', '.join(lines)}{',' if lines else ''})"]
    )
    scope: dict[str, Any] = dict(writer.constants)
    exec(compile(source, "<rules>", "exec"), scope)  # noqa: S102 - written here from checked rules alone
    judge = scope["judge"]
    keys = tuple(rules)
    return lambda facts: {key: TRUTHS[value] for key, value in zip(keys, judge(facts), strict=True)}


@dataclass
class _Writer:
    """Writes the rules as expressions and collects what they mention."""

    vocabulary: Vocabulary
    on: date
    constants: dict[str, Any] = field(default_factory=dict)
    names: dict[Any, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    derived: dict[str, tuple[str, str]] = field(default_factory=dict)
    derived_lines: list[str] = field(default_factory=list)

    def line_of(self, node: Node) -> str:
        """0 certainly not, 1 unknown, 2 certainly; most rules are certainly not met, so that is asked first."""
        certain, possible = self._node(node, ())
        return f"(0 if not {possible} else 2 if {certain} else 1)"

    def opening(self) -> list[str]:
        """The lines before the rules: each fact read once, each derived fact decided once."""
        return [
            *(
                f" {name}, u{name}, a{name} = {self._constant(_reader(self.vocabulary.get_fact(code)))}(facts)"
                for code, name in self.facts.items()
            ),
            *self.derived_lines,
        ]

    def _node(self, node: Node, trail: tuple[str, ...]) -> tuple[str, str]:
        """The expressions of certainly met and of possibly met."""
        return self._predicate(node, trail) if isinstance(node, Predicate) else self._group(node, trail)

    def _group(self, node: Group, trail: tuple[str, ...]) -> tuple[str, str]:
        parts = [self._node(child, trail) for child in node.children]
        word, empty = (" and ", "True") if isinstance(node, All) else (" or ", "False")
        certain, possible = (f"({word.join(part[side] for part in parts) or empty})" for side in (0, 1))
        return (f"(not {possible})", f"(not {certain})") if isinstance(node, None_) else (certain, possible)

    def _predicate(self, node: Predicate, trail: tuple[str, ...]) -> tuple[str, str]:
        fact = self.vocabulary.get_fact(node.fact)
        operator = get_operator(node.op, fact)
        operand = read_operand(node, operator, fact, self.on)
        if fact.derived is not None:
            return self._derived(fact, lambda known: operator.decide(known, operand, self.on), trail)
        v = self.facts.setdefault(fact.code, f"v{len(self.facts)}")
        if node.op == "exists":
            some = f"{v} {'!=' if operand else '=='} {self._constant(NOTHING)}"
            return _tests(v, some, holds_if_absent=not operand)
        met = WRITTEN[node.op].format(v=v, c=self._constant(_bound(node.op, operand, self.on)))
        return _tests(v, met, holds_if_absent=operator.if_absent)

    def _derived(
        self, fact: FactType, decide: Callable[[bool], bool], trail: tuple[str, ...]
    ) -> tuple[str, str]:
        trail = descend(trail, fact.code)
        if fact.code not in self.derived:
            assert fact.derived is not None  # that is what makes it derived
            certain, possible = self._node(fact.derived, trail)
            known = f"d{len(self.derived)}"
            self.derived[fact.code] = (known, f"p{known}")
            self.derived_lines += [f" {known} = {certain}", f" p{known} = {possible}"]
        certain, possible = self.derived[fact.code]
        sides = [
            *([(certain, possible)] if decide(True) else []),
            *([(f"not {possible}", f"not {certain}")] if decide(False) else []),
        ]
        met, maybe = (" or ".join(side[place] for side in sides) or "False" for place in (0, 1))
        return f"({met})", f"({maybe})"

    def _constant(self, value: Any) -> str:
        key = (type(value), value)
        if key not in self.names:
            self.names[key] = f"c{len(self.names)}"
            self.constants[self.names[key]] = value
        return self.names[key]


def _tests(v: str, met: str, *, holds_if_absent: bool) -> tuple[str, str]:
    """Certainly and possibly met, by whether the value is there, absent or unknown."""
    if holds_if_absent:
        return f"(a{v} or {v} is not None and {met})", f"({v} is None or {met})"
    return f"({v} is not None and {met})", f"(u{v} or {v} is not None and {met})"


def _bound(op: str, operand: Any, on: date) -> Any:
    """What is compared with, days counted from the day of the judgement; always hashable."""
    match op:
        case "within_days":
            return (on - timedelta(days=operand), on)
        case "within_next_days":
            return (on, on + timedelta(days=operand))
        case "years_at_least" | "years_less_than":
            return years_before(on, operand)
        case "prefix":
            return tuple(sorted(operand))
    return operand


def _reader(fact: FactType) -> Callable[[Mapping[str, object]], tuple[object, bool, bool]]:
    """Reads one fact of a subject: its value or None, whether it is unknown, whether it is absent."""
    code = fact.code

    def read_fact(facts: Mapping[str, object]) -> tuple[object, bool, bool]:
        raw = facts.get(code)
        if is_unknown(raw):
            return None, True, False
        if isinstance(raw, Absent):
            return None, False, True
        return read(raw, fact), False, False

    return read_fact
