"""Faults of meaning are problems at check time and raise at evaluation; none is silently false."""

import pytest

from tests.expressions.rules import ON, VOCABULARY
from yueban.expressions import (
    FactInvalid,
    FactType,
    Predicate,
    RuleCircular,
    RuleInvalid,
    RuleUnknownFact,
    RuleUnknownOperator,
    Vocabulary,
    check,
    check_vocabulary,
    evaluate,
    facts_of,
    parse,
)


@pytest.mark.parametrize(
    ("predicate", "code", "error"),
    [
        (Predicate("weight", "eq", 1), "rule.unknown_fact", RuleUnknownFact),
        (Predicate("count", "like", 1), "rule.unknown_operator", RuleUnknownOperator),
        (Predicate("count", "prefix", "1"), "rule.unknown_operator", RuleUnknownOperator),
        (Predicate("band", "lt", "heavy"), "rule.unknown_operator", RuleUnknownOperator),
        (Predicate("count", "eq", "many"), "rule.invalid", RuleInvalid),
        (Predicate("count", "eq", 1.5), "rule.invalid", RuleInvalid),
        (Predicate("count", "eq", True), "rule.invalid", RuleInvalid),
        (Predicate("count", "eq", None), "rule.invalid", RuleInvalid),
        (Predicate("count", "in", ()), "rule.invalid", RuleInvalid),
        (Predicate("count", "in", 1), "rule.invalid", RuleInvalid),
        (Predicate("count", "between", (5, 1)), "rule.invalid", RuleInvalid),
        (Predicate("count", "between", (1, 2, 3)), "rule.invalid", RuleInvalid),
        (Predicate("founded", "before", "2026-02-30"), "rule.invalid", RuleInvalid),
        (Predicate("founded", "within_days", -1), "rule.invalid", RuleInvalid),
        (Predicate("registered", "eq", "true"), "rule.invalid", RuleInvalid),
        (Predicate("registered", "exists", "yes"), "rule.invalid", RuleInvalid),
        (Predicate("name", "prefix", ""), "rule.invalid", RuleInvalid),
        (Predicate("place", "prefix", "越城"), "rule.invalid", RuleInvalid),
        (Predicate("industry", "eq", "G54300"), "rule.invalid", RuleInvalid),
    ],
)
def test_a_fault_is_a_problem_and_raises(predicate, code, error):
    [problem] = check(predicate, VOCABULARY)
    assert (problem.path, problem.code) == ("rule", code)
    assert problem.hint
    with pytest.raises(error):
        evaluate(predicate, {}, on=ON, vocabulary=VOCABULARY)


def test_a_fault_raises_even_where_the_rest_decides():
    rule = parse(
        {"any": [{"fact": "count", "op": "ge", "value": 1}, {"fact": "weight", "op": "eq", "value": 1}]}
    )
    with pytest.raises(RuleUnknownFact):
        evaluate(rule, {"count": 5}, on=ON, vocabulary=VOCABULARY)


def test_problems_name_their_places_in_order():
    rule = parse(
        {
            "all": [
                {"fact": "x", "op": "eq", "value": 1},
                {"any": []},
                {"none": [{"fact": "y", "op": "eq", "value": 1}]},
            ]
        }
    )
    assert [problem.path for problem in check(rule, VOCABULARY)] == [
        "rule.all[0]",
        "rule.all[1]",
        "rule.all[2].none[0]",
    ]


def test_a_code_outside_the_list_is_a_problem():
    [problem] = check(Predicate("band", "in", ("light", "huge")), VOCABULARY)
    assert problem.code == "rule.unknown_code"
    assert "huge" in problem.message
    assert "light、heavy" in problem.hint


def test_a_value_of_the_wrong_type_raises_and_names_the_fact():
    with pytest.raises(FactInvalid, match="拟购数量") as caught:
        evaluate(Predicate("count", "ge", 1), {"count": "许多"}, on=ON, vocabulary=VOCABULARY)
    assert caught.value.data == {"fact": "count"}


def test_the_error_does_not_repeat_a_sensitive_value():
    with pytest.raises(FactInvalid) as caught:
        evaluate(Predicate("born", "exists"), {"born": "1990-13-01"}, on=ON, vocabulary=VOCABULARY)
    assert "1990" not in str(caught.value)


def circular() -> Vocabulary:
    return Vocabulary(
        [
            FactType("a", "甲", type="boolean", derived=Predicate("b", "eq", value=True)),
            FactType("b", "乙", type="boolean", derived=Predicate("a", "eq", value=True)),
        ]
    )


def test_a_circle_of_derived_facts_is_named():
    rule = Predicate("a", "eq", value=True)
    assert [problem.code for problem in check(rule, circular())] == ["rule.circular"]
    assert {problem.path for problem in check_vocabulary(circular())} == {"a", "b"}
    with pytest.raises(RuleCircular, match="a → b → a"):
        evaluate(rule, {}, on=ON, vocabulary=circular())


def test_derived_facts_are_traced_to_what_they_rest_on():
    rule = parse({"all": [{"fact": "large", "op": "eq", "value": True}, {"fact": "band", "op": "exists"}]})
    assert facts_of(rule) == ("large", "band")
    assert facts_of(rule, VOCABULARY) == ("count", "band")
    assert check_vocabulary(VOCABULARY) == []


def test_a_derived_fact_must_be_a_yes_or_no():
    with pytest.raises(RuleInvalid, match="boolean"):
        FactType("a", "甲", type="text", derived=Predicate("b", "eq", value=True))


def test_an_undefined_type_is_refused():
    with pytest.raises(RuleInvalid, match="未定义"):
        FactType("a", "甲", type="colour")
