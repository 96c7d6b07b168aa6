"""Rules over columns: the same three values as `evaluate`, row by row."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.expressions.rules import ON, RULES, VOCABULARY, facts_and_part
from yueban.expressions import Truth, evaluate
from yueban.expressions.columns import Judge, count_bits, pack, read_table, rows_of, unpack
from yueban.expressions.nodes import All, Any, Predicate

SUBJECTS = st.lists(facts_and_part().map(lambda pair: pair[0]), min_size=1, max_size=70)


def judge_of(subjects):
    return Judge(read_table(subjects, VOCABULARY), VOCABULARY, ON)


@settings(max_examples=300, deadline=None)
@given(RULES, SUBJECTS)
def test_columns_say_of_each_row_what_evaluate_says(rule, subjects):
    verdicts = judge_of(subjects).decide(rule)
    true, false = (unpack(bits, len(subjects)) for bits in (verdicts.true, verdicts.false))
    for row, facts in enumerate(subjects):
        value = evaluate(rule, facts, on=ON, vocabulary=VOCABULARY).value
        assert (bool(true[row]), bool(false[row])) == (value is Truth.TRUE, value is Truth.FALSE)


def fulfilled(node, truths):
    """The rule with each of its conditions simply said to be met or not, in the order they are written."""
    if isinstance(node, Predicate):
        return next(truths)
    values = [fulfilled(child, truths) for child in node.children]
    if isinstance(node, All):
        return all(values)
    return any(values) == isinstance(node, Any)


@settings(max_examples=200, deadline=None)
@given(RULES, SUBJECTS)
def test_near_are_those_whom_one_condition_keeps_out(rule, subjects):
    judge = judge_of(subjects)
    near = unpack(judge.near(rule), len(subjects))
    leaves = list(leaves_of(rule))
    for row, facts in enumerate(subjects[:10]):
        known = [evaluate(leaf, facts, on=ON, vocabulary=VOCABULARY).value for leaf in leaves]
        if Truth.UNKNOWN in known:
            continue  # which way an unknown condition counts depends on where it stands
        truths = [value is Truth.TRUE for value in known]
        turned = [
            [truth != (place == one) for place, truth in enumerate(truths)] for one in range(len(truths))
        ]
        one_away = any(fulfilled(rule, iter(other)) for other in turned)
        assert near[row] == (one_away and not fulfilled(rule, iter(truths)))


def leaves_of(node):
    if isinstance(node, Predicate):
        yield node
    else:
        yield from itertools.chain.from_iterable(leaves_of(child) for child in node.children)


def test_what_nobody_can_change_brings_nobody_near():
    rule = All((Predicate("count", "ge", 5), Predicate("band", "eq", "heavy")))
    judge = judge_of([{"count": 4, "band": "heavy"}, {"count": 5, "band": "light"}, {"count": 4}])
    assert rows_of(judge.near(rule)).tolist() == [0, 1]
    assert rows_of(judge.near(rule, lambda fact: fact != "band")).tolist() == [0]


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_bits_keep_each_row(mask):
    bits = pack(np.array(mask))
    assert unpack(bits, len(mask)).tolist() == mask
    assert rows_of(bits).tolist() == [row for row, is_in in enumerate(mask) if is_in]
    assert count_bits(bits) == sum(mask)
