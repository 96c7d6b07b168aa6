"""A rule that nobody can ever meet is found, and no rule that somebody meets is taken for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.expressions import FactType, Truth, Vocabulary, evaluate, parse
from yueban.expressions.contradiction import never_true

VOCABULARY = Vocabulary(
    [
        FactType("e.revenue", "营收", "Revenue", "money"),
        FactType("e.size", "规模", "Size", "code", codes={"small": "小", "large": "大"}),
        FactType("e.listed", "上市", "Listed", "boolean"),
        FactType("e.until", "有效期至", "Until", "date"),
    ]
)


def revenue(op: str, value: object) -> dict[str, object]:
    return {"fact": "e.revenue", "op": op, "value": value}


def size(op: str, value: object) -> dict[str, object]:
    return {"fact": "e.size", "op": op, "value": value}


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [revenue("ge", "200"), revenue("lt", "200")]},
        {"all": [revenue("gt", "200"), {"all": [revenue("le", "200")]}]},
        {"all": [revenue("between", ["1", "2"]), revenue("eq", "3")]},
        {"all": [revenue("ge", "200"), {"none": [revenue("ge", "100")]}]},
        {"all": [size("eq", "small"), size("eq", "large")]},
        {"all": [size("in", ["small"]), size("ne", "small")]},
        {"all": [revenue("ge", "9"), {"any": [revenue("lt", "5"), revenue("lt", "7")]}]},
        {
            "all": [
                {"fact": "e.listed", "op": "exists", "value": False},
                {"fact": "e.listed", "op": "exists", "value": True},
            ]
        },
        {
            "all": [
                {"fact": "e.until", "op": "ge", "value": "2027-01-01"},
                {"fact": "e.until", "op": "le", "value": "2026-12-31"},
            ]
        },
    ],
)
def test_what_excludes_itself_is_found(rule):
    assert never_true(parse(rule), VOCABULARY)


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [revenue("ge", "200"), revenue("le", "200")]},
        {"any": [revenue("ge", "200"), revenue("lt", "200")]},
        {"all": [revenue("ge", "9"), {"any": [revenue("lt", "5"), revenue("lt", "10")]}]},
        {"all": [size("in", ["small", "large"]), size("ne", "small")]},
        {"none": [{"all": [revenue("ge", "1"), revenue("lt", "1")]}]},
        {"all": []},
    ],
)
def test_what_somebody_may_meet_is_not(rule):
    assert not never_true(parse(rule), VOCABULARY)


ATOM = st.one_of(
    st.builds(revenue, st.sampled_from(["ge", "gt", "le", "lt", "eq", "ne"]), st.integers(0, 4).map(str)),
    st.builds(size, st.sampled_from(["eq", "ne"]), st.sampled_from(["small", "large"])),
)
RULE = st.recursive(
    ATOM,
    lambda inner: st.builds(
        lambda kind, parts: {kind: parts},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@given(RULE, st.integers(-1, 10), st.sampled_from(["small", "large"]))
def test_nobody_meets_a_rule_that_is_called_impossible(rule, halves, its_size):
    facts = {"e.revenue": halves / 2, "e.size": its_size}
    met = evaluate(parse(rule), facts, on=date(2026, 1, 1), vocabulary=VOCABULARY).value is Truth.TRUE
    assert not (met and never_true(parse(rule), VOCABULARY))
