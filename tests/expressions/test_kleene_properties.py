"""Properties of every rule: it survives JSON, agrees with brute force, and never forgets what it knew."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given, settings

from tests.expressions.rules import ON, PREDICATES, RULES, VOCABULARY, WHOLE_FACTS, facts_and_part
from yueban import expressions
from yueban.expressions import ABSENT, All, Any, Predicate, Truth, check, dump, evaluate, parse, to_text

THIRDS = {Truth.FALSE: 0.0, Truth.UNKNOWN: 0.5, Truth.TRUE: 1.0}


def brute_force(node, facts):
    """Kleene's logic as minimum and maximum of 0, ½, 1; written apart from the code it proves."""
    if isinstance(node, Predicate):
        if node.fact == "large":
            base = brute_force(Predicate("count", "ge", 10), facts)
            return base if (node.op == "eq") == node.value else 1.0 - base
        value = facts.get(node.fact)
        return 0.5 if value is None else float(decide(node, value))
    values = [brute_force(child, facts) for child in node.children]
    if isinstance(node, All):
        return min(values)
    return max(values) if isinstance(node, Any) else 1.0 - max(values)


def same(fact, value):
    return Decimal(str(value)) if fact in {"count", "mass", "capital"} else value


def days_away(value):
    return (date.fromisoformat(value) - ON).days


def reached(value, years):
    day = date.fromisoformat(value)
    return (day.year + years, day.month, day.day) <= (ON.year, ON.month, ON.day)


def starts(value, operand):
    prefixes = operand if isinstance(operand, tuple) else (operand,)
    return any(value.startswith(SIGNIFICANT.get(one, one)) for one in prefixes)


SIGNIFICANT = {
    "330602000000": "330602",
    "330603000000": "330603",
    "330602001000": "330602001",
    "330600000000": "3306",
}
# What each operator means, said once more in the plainest way.
MEANINGS = {
    "contains": lambda value, operand: operand in value,
    "contains_any": lambda value, operand: any(code in value for code in operand),
    "contains_all": lambda value, operand: all(code in value for code in operand),
    "prefix": starts,
    "within_days": lambda value, operand: days_away(value) in range(-operand, 1),
    "within_next_days": lambda value, operand: days_away(value) in range(operand + 1),
    "years_at_least": reached,
    "years_less_than": lambda value, operand: not reached(value, operand),
    "eq": lambda value, operand: value == operand,
    "ne": lambda value, operand: value != operand,
    "lt": lambda value, operand: value < operand,
    "before": lambda value, operand: value < operand,
    "le": lambda value, operand: value <= operand,
    "gt": lambda value, operand: value > operand,
    "after": lambda value, operand: value > operand,
    "ge": lambda value, operand: value >= operand,
}


def decide(node, value):
    op, operand = node.op, node.value
    if op == "exists":
        return (value is not ABSENT and value != []) == (operand is not False)
    if value is ABSENT:
        return op in {"ne", "not_in"}
    if op in {"in", "not_in"}:
        return any(same(node.fact, value) == same(node.fact, one) for one in operand) == (op == "in")
    if op in {"eq", "ne", "lt", "le", "gt", "ge"}:
        return MEANINGS[op](same(node.fact, value), same(node.fact, operand))
    return MEANINGS[op](value, operand)


@given(RULES)
def test_a_rule_survives_json(rule):
    assert parse(json.loads(json.dumps(dump(rule)))) == rule


@settings(max_examples=400)
@given(RULES, facts_and_part())
def test_evaluation_agrees_with_brute_force(rule, facts):
    outcome = evaluate(rule, facts[0], on=ON, vocabulary=VOCABULARY)
    assert THIRDS[outcome.value] == brute_force(rule, facts[0])


@settings(max_examples=400)
@given(RULES, facts_and_part())
def test_the_value_alone_agrees_with_the_explained_one(rule, facts):
    for some in facts:
        explained = evaluate(rule, some, on=ON, vocabulary=VOCABULARY)
        assert expressions.decide(rule, some, on=ON, vocabulary=VOCABULARY) is explained.value


@settings(max_examples=600)
@given(PREDICATES, WHOLE_FACTS)
def test_a_single_condition_agrees_with_what_its_operator_means(predicate, facts):
    outcome = evaluate(predicate, facts, on=ON, vocabulary=VOCABULARY)
    assert THIRDS[outcome.value] == brute_force(predicate, facts)


@settings(max_examples=400)
@given(RULES, facts_and_part())
def test_knowing_more_never_turns_true_into_false_or_back(rule, facts):
    more, less = facts
    before = evaluate(rule, less, on=ON, vocabulary=VOCABULARY)
    after = evaluate(rule, more, on=ON, vocabulary=VOCABULARY)
    assert before.value in {Truth.UNKNOWN, after.value}


@given(RULES, WHOLE_FACTS)
def test_with_every_fact_known_nothing_is_unknown(rule, facts):
    outcome = evaluate(rule, facts, on=ON, vocabulary=VOCABULARY)
    assert outcome.value is not Truth.UNKNOWN
    assert outcome.missing == ()


@given(RULES, facts_and_part())
def test_missing_names_unknown_facts_exactly_while_undecided(rule, facts):
    outcome = evaluate(rule, facts[0], on=ON, vocabulary=VOCABULARY)
    assert (outcome.value is Truth.UNKNOWN) == bool(outcome.missing)
    assert not set(outcome.missing) & set(facts[0])


@given(RULES, facts_and_part())
def test_the_tree_tells_the_same_as_the_outcome(rule, facts):
    outcome = evaluate(rule, facts[0], on=ON, vocabulary=VOCABULARY)
    assert (outcome.tree.value, outcome.tree.missing) == (outcome.value, outcome.missing)
    assert outcome.tree.sentence == to_text(rule, VOCABULARY)
    assert bool(outcome.tree.against()) == (outcome.value is Truth.FALSE)


@given(RULES)
def test_every_generated_rule_is_sound_and_speaks_chinese(rule):
    assert check(rule, VOCABULARY) == []
    assert any("\u4e00" <= character <= "\u9fff" for character in to_text(rule, VOCABULARY))
