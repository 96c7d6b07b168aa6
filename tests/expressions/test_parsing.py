"""Rules are read strictly, versioned, and each fault names its place."""

from datetime import date

import pytest

from yueban.expressions import All, Any, None_, Predicate, RuleInvalid, dump, parse

HEAVY = {"fact": "band", "op": "eq", "value": "heavy"}


def test_bare_and_versioned_rules_read_alike():
    assert parse(HEAVY) == parse({"language": 1, "rule": HEAVY}) == Predicate("band", "eq", "heavy")


def test_groups_nest():
    rule = parse({"all": [HEAVY, {"any": [HEAVY, {"none": [HEAVY]}]}]})
    leaf = Predicate("band", "eq", "heavy")
    assert rule == All((leaf, Any((leaf, None_((leaf,))))))


def test_a_dumped_rule_carries_the_version():
    assert dump(parse(HEAVY)) == {"language": 1, "rule": HEAVY}


def test_a_date_of_yaml_becomes_its_text():
    assert parse({"fact": "founded", "op": "after", "value": date(2026, 1, 31)}).value == "2026-01-31"


def test_another_version_is_refused_with_what_to_do():
    with pytest.raises(RuleInvalid, match="版本 2") as caught:
        parse({"language": 2, "rule": HEAVY})
    assert "升级" in caught.value.hint


@pytest.mark.parametrize(
    ("json", "path"),
    [
        ("heavy", "rule"),
        ({}, "rule"),
        ({"fact": "band"}, "rule"),
        ({**HEAVY, "note": "x"}, "rule"),
        ({"all": [HEAVY], "any": [HEAVY]}, "rule"),
        ({"all": HEAVY}, "rule.all"),
        ({"all": [HEAVY, {"any": [3]}]}, "rule.all[1].any[0]"),
        ({**HEAVY, "value": {"a": 1}}, "rule.value"),
        ({**HEAVY, "value": ["a", ["b"]]}, "rule.value[1]"),
        ({**HEAVY, "value": float("nan")}, "rule.value"),
        ({"fact": 3, "op": "eq", "value": 1}, "rule"),
        ({"language": 1, "rule": HEAVY, "x": 1}, "rule"),
    ],
)
def test_each_fault_names_its_place(json, path):
    with pytest.raises(RuleInvalid) as caught:
        parse(json)
    assert caught.value.data == {"path": path}


def test_a_rule_nested_without_end_is_refused():
    rule = HEAVY
    for _ in range(100):
        rule = {"all": [rule]}
    with pytest.raises(RuleInvalid, match="嵌套"):
        parse(rule)
