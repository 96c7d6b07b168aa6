"""Checking a rule against a vocabulary before it is stored or used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from yueban.expressions.errors import RuleCircular, RuleInvalid
from yueban.expressions.facts import facts_of
from yueban.expressions.nodes import All, Any, Node, Predicate
from yueban.expressions.operands import read_operand
from yueban.expressions.operators import Shape, get_operator
from yueban.expressions.problems import Problem
from yueban.expressions.vocabulary import FactKind, FactType, Vocabulary

# Only "today" depends on it, and any day will do to see whether a value can be read.
ANY_DAY: Final = date(2000, 1, 1)
CODE_SHAPES: Final = frozenset({Shape.ONE, Shape.MANY, Shape.CODE, Shape.CODES})


def check(node: Node, vocabulary: Vocabulary) -> list[Problem]:
    """Every problem of the rule, in its order; an empty list means that evaluate will not raise on it."""
    problems = list(_problems(node, vocabulary, "rule"))
    try:
        facts_of(node, vocabulary)
    except RuleCircular as error:
        problems.append(_problem("rule", error))
    return problems


def check_vocabulary(vocabulary: Vocabulary) -> list[Problem]:
    """Every problem of the derived facts: their rules, and circles among them."""
    problems: list[Problem] = []
    for code, fact in vocabulary.items():
        if fact.derived is None:
            continue
        problems += _problems(fact.derived, vocabulary, code)
        try:
            facts_of(Predicate(code, "eq", value=True), vocabulary)
        except RuleCircular as error:
            problems.append(_problem(code, error))
    return problems


def _problems(node: Node, vocabulary: Vocabulary, path: str) -> Iterator[Problem]:
    if isinstance(node, Predicate):
        yield from _predicate_problems(node, vocabulary, path)
        return
    key = "all" if isinstance(node, All) else "any" if isinstance(node, Any) else "none"
    if not node.children:
        yield Problem(path, "rule.empty", f"“{key}”中没有条件。", "请添加条件或删去这一组。")
    for place, child in enumerate(node.children):
        yield from _problems(child, vocabulary, f"{path}.{key}[{place}]")


def _predicate_problems(predicate: Predicate, vocabulary: Vocabulary, path: str) -> Iterator[Problem]:
    try:
        fact = vocabulary.get_fact(predicate.fact)
        operator = get_operator(predicate.op, fact)
        read_operand(predicate, operator, fact, ANY_DAY)
    except RuleInvalid as error:
        yield _problem(path, error)
        return
    if operator.shape in CODE_SHAPES and fact.codes is not None:
        yield from _code_problems(predicate, fact, path)


def _code_problems(predicate: Predicate, fact: FactType, path: str) -> Iterator[Problem]:
    if fact.kind not in {FactKind.CODE, FactKind.CODES}:
        return
    values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
    for value in values:
        if str(value) not in (fact.codes or {}):
            yield Problem(
                path,
                "rule.unknown_code",
                f"“{fact.name}”的代码表中没有“{value}”。",
                f"可用：{'、'.join(fact.codes or {})}。",
            )


def _problem(path: str, error: RuleInvalid) -> Problem:
    return Problem(path, error.code, error.message, error.hint)
