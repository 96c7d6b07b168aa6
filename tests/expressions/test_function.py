"""The function generated from rules: the same three values as `evaluate`."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.expressions.rules import ON, RULES, VOCABULARY, facts_and_part
from yueban.expressions import FactInvalid, RuleUnknownFact, Truth, evaluate, parse
from yueban.expressions.function import generate


@settings(max_examples=300, deadline=None)
@given(st.lists(RULES, max_size=5), facts_and_part())
def test_the_function_says_of_every_rule_what_evaluate_says(rules, facts):
    named = {str(place): rule for place, rule in enumerate(rules)}
    judge = generate(named, on=ON, vocabulary=VOCABULARY)
    for some in facts:
        explained = {
            key: evaluate(rule, some, on=ON, vocabulary=VOCABULARY).value for key, rule in named.items()
        }
        assert judge(some) == explained


def test_days_count_from_the_day_it_was_made_for():
    rule = {"young": parse({"fact": "founded", "op": "years_less_than", "value": 3})}
    facts = {"founded": "2024-01-01"}
    assert generate(rule, on=date(2026, 12, 31), vocabulary=VOCABULARY)(facts) == {"young": Truth.TRUE}
    assert generate(rule, on=date(2027, 1, 1), vocabulary=VOCABULARY)(facts) == {"young": Truth.FALSE}


def test_a_rule_or_a_value_that_cannot_be_read_is_an_error():
    with pytest.raises(RuleUnknownFact):
        generate({"x": parse({"fact": "nowhere", "op": "exists"})}, on=ON, vocabulary=VOCABULARY)
    judge = generate({"x": parse({"fact": "count", "op": "ge", "value": 1})}, on=ON, vocabulary=VOCABULARY)
    with pytest.raises(FactInvalid):
        judge({"count": "many"})
