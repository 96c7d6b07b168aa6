"""What rules decide, with unknown, absent and dated facts."""

from datetime import UTC, date, datetime

import pytest

from tests.expressions.rules import ON, VOCABULARY
from yueban.expressions import ABSENT, Predicate, Truth, evaluate, parse


def outcome(rule, on=ON, **facts):
    return evaluate(parse(rule) if isinstance(rule, dict) else rule, facts, on=on, vocabulary=VOCABULARY)


def test_one_false_condition_decides_without_the_unknown_ones():
    rule = {
        "all": [{"fact": "band", "op": "eq", "value": "heavy"}, {"fact": "count", "op": "ge", "value": 5}]
    }
    assert outcome(rule, band="light").value is Truth.FALSE
    assert outcome(rule, band="heavy").missing == ("count",)
    assert outcome(rule, band="heavy", count=5).is_true


@pytest.mark.parametrize("unknown", [None, ""])
def test_an_empty_answer_is_unknown(unknown):
    assert outcome(Predicate("name", "ne", "甲公司"), name=unknown).is_unknown


def test_a_thing_known_not_to_exist_is_not_unknown():
    assert outcome(Predicate("capital", "ge", 1), capital=ABSENT).is_false
    assert outcome(Predicate("name", "ne", "甲公司"), name=ABSENT).is_true
    assert outcome(Predicate("name", "exists", value=False), name=ABSENT).is_true
    assert outcome(Predicate("name", "exists"), name=ABSENT).is_false
    assert outcome(Predicate("scope", "exists"), scope=[]).is_false
    assert outcome(Predicate("name", "exists")).is_unknown


def test_a_truth_cannot_be_taken_for_a_python_boolean():
    with pytest.raises(TypeError, match="Truth"):
        bool(Truth.UNKNOWN)


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        ("1966-11-22", ON, Truth.TRUE),
        ("1966-11-23", ON, Truth.FALSE),
        ("1968-02-29", date(2028, 2, 28), Truth.FALSE),
        ("1968-02-29", date(2028, 2, 29), Truth.TRUE),
        ("1968-02-29", date(2029, 2, 28), Truth.TRUE),
    ],
)
def test_years_are_reached_on_the_birthday(born, on, expected):
    assert outcome(Predicate("born", "years_at_least", 60), on=on, born=born).value is expected


def test_days_back_and_ahead_count_the_day_itself():
    back, ahead = Predicate("founded", "within_days", 30), Predicate("founded", "within_next_days", 30)
    assert outcome(back, founded="2026-10-23").is_true
    assert outcome(back, founded="2026-10-22").is_false
    assert outcome(back, founded="2026-11-23").is_false
    assert outcome(ahead, founded="2026-12-22").is_true
    assert outcome(ahead, founded=ON).is_true
    assert outcome(ahead, founded="2026-11-21").is_false


def test_today_is_the_day_of_the_evaluation():
    rule = Predicate("founded", "between", ("2020-01-01", "today"))
    assert outcome(rule, founded="2026-11-22").is_true
    assert outcome(rule, founded="2026-11-23").is_false


def test_a_moment_is_a_day_in_beijing():
    rule = Predicate("founded", "eq", "2026-11-23")
    assert outcome(rule, founded=datetime(2026, 11, 22, 17, tzinfo=UTC)).is_true


def test_decimals_are_compared_as_written():
    assert outcome(Predicate("mass", "le", 4.5), mass="4.50").is_true
    assert outcome(Predicate("mass", "gt", "0.3"), mass=0.1 + 0.2).is_true
    assert outcome(Predicate("mass", "eq", 0.1), mass=0.1).is_true


def test_a_division_lies_within_another():
    within = Predicate("place", "prefix", "330602000000")
    assert outcome(within, place="330602001001").is_true
    assert outcome(within, place="330603000000").is_false


def test_the_tree_shows_what_each_fact_was():
    tree = outcome(
        {
            "all": [
                {"fact": "band", "op": "eq", "value": "heavy"},
                {"fact": "capital", "op": "ge", "value": 500000},
            ]
        },
        band="light",
        capital="300000",
    ).tree
    assert [(leaf.sentence, leaf.value, leaf.actual) for leaf in tree.leaves()] == [
        ("车辆总质量范围为4.5吨以上", Truth.FALSE, "4.5吨及以下"),
        ("注册资本不低于50万元", Truth.FALSE, "30万元"),
    ]
    assert [reason.fact for reason in tree.against()] == ["band", "capital"]


def test_the_tree_opens_derived_facts_and_hides_sensitive_ones():
    tree = outcome(
        {
            "all": [
                {"fact": "large", "op": "eq", "value": True},
                {"fact": "born", "op": "years_at_least", "value": 60},
            ]
        },
        count=3,
        born="1950-01-01",
    ).tree
    derived, born = tree.children
    assert (derived.kind, derived.value, derived.children[0].actual) == ("derived", Truth.FALSE, "3辆")
    assert (born.value, born.actual) == (Truth.TRUE, None)
    assert [reason.sentence for reason in tree.against()] == ["拟购数量不低于10辆"]


@pytest.mark.parametrize(
    ("op", "value", "scope", "expected"),
    [
        ("contains", "b", ["a", "b"], Truth.TRUE),
        ("contains", "c", ["a", "b"], Truth.FALSE),
        ("contains_any", ("b", "c"), ["a", "b"], Truth.TRUE),
        ("contains_any", ("c",), ["a", "b"], Truth.FALSE),
        ("contains_any", ("a",), [], Truth.FALSE),
        ("contains_all", ("a", "b"), ["a", "b"], Truth.TRUE),
        ("contains_all", ("a",), ["a", "b"], Truth.TRUE),
        ("contains_all", ("a", "c"), ["a", "b"], Truth.FALSE),
    ],
)
def test_sets_are_compared_by_their_members(op, value, scope, expected):
    assert outcome(Predicate("scope", op, value), scope=scope).value is expected
