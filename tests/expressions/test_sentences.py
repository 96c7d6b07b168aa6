"""Rules read as Chinese sentences."""

import pytest

from tests.expressions.rules import VOCABULARY
from yueban.expressions import FactType, Predicate, Vocabulary, parse, to_text


@pytest.mark.parametrize(
    ("fact", "op", "value", "sentence"),
    [
        ("name", "eq", "甲公司", "企业名称为“甲公司”"),
        ("name", "prefix", ["绍兴", "越城"], "企业名称以“绍兴”或“越城”开头"),
        ("name", "exists", True, "有企业名称"),
        ("name", "exists", False, "没有企业名称"),
        ("count", "ge", 5, "拟购数量不低于5辆"),
        ("count", "between", [1, 50], "拟购数量在1辆至50辆之间（含）"),
        ("mass", "le", 4.50, "总质量不超过4.5吨"),
        ("mass", "le", "4.50", "总质量不超过4.5吨"),
        ("capital", "gt", 500000, "注册资本超过50万元"),
        ("capital", "lt", "1234.50", "注册资本低于1234.5元"),
        ("founded", "before", "2026-01-01", "成立日期早于2026年1月1日"),
        ("founded", "le", "today", "成立日期不晚于当日"),
        ("founded", "within_days", 30, "成立日期在最近30日内"),
        ("founded", "years_at_least", 3, "成立日期已满3年"),
        ("born", "years_at_least", 60, "年满60周岁"),
        ("born", "years_less_than", 14, "未满14周岁"),
        ("registered", "eq", True, "已登记"),
        ("registered", "eq", False, "尚未登记"),
        ("registered", "ne", True, "尚未登记"),
        ("band", "eq", "heavy", "车辆总质量范围为4.5吨以上"),
        ("band", "in", ["light", "heavy"], "车辆总质量范围为4.5吨及以下或4.5吨以上"),
        ("foreign", "eq", "no", "没有境外股东"),
        ("foreign", "eq", "yes", "有境外股东"),
        ("scope", "contains", "b", "经营范围包含冷藏运输"),
        ("scope", "contains_all", ["a", "b", "c"], "经营范围同时包含普通货运、冷藏运输和罐式运输"),
        ("place", "prefix", "330602000000", "住所在越城区范围内"),
        ("industry", "prefix", "G54", "主要行业属于道路运输业类"),
        ("large", "eq", True, "符合“大型车队”"),
        ("large", "eq", False, "不符合“大型车队”"),
    ],
)
def test_a_condition_reads_naturally(fact, op, value, sentence):
    assert to_text(parse({"fact": fact, "op": op, "value": value}), VOCABULARY) == sentence


HEAVY = {"fact": "band", "op": "eq", "value": "heavy"}
MANY = {"fact": "count", "op": "ge", "value": 5}
REGISTERED = {"fact": "registered", "op": "eq", "value": True}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"all": [HEAVY, MANY]}, "车辆总质量范围为4.5吨以上，且拟购数量不低于5辆"),
        ({"any": [HEAVY, MANY]}, "车辆总质量范围为4.5吨以上，或者拟购数量不低于5辆"),
        (
            {"all": [{"any": [HEAVY, MANY]}, REGISTERED]},
            "（车辆总质量范围为4.5吨以上，或者拟购数量不低于5辆），且已登记",
        ),
        ({"all": [{"any": [HEAVY]}, REGISTERED]}, "车辆总质量范围为4.5吨以上，且已登记"),
        ({"none": [HEAVY]}, "车辆总质量范围不是4.5吨以上"),
        ({"none": [MANY]}, "拟购数量低于5辆"),
        ({"none": [REGISTERED]}, "尚未登记"),
        ({"none": [{"all": [HEAVY, MANY]}]}, "不符合“车辆总质量范围为4.5吨以上，且拟购数量不低于5辆”"),
        ({"none": [HEAVY, REGISTERED]}, "不属于下列任何一种情形：车辆总质量范围为4.5吨以上；已登记"),
        ({"none": [{"fact": "name", "op": "exists", "value": True}]}, "没有企业名称"),
        ({"all": []}, "无条件"),
    ],
)
def test_a_group_reads_naturally(rule, sentence):
    assert to_text(parse(rule), VOCABULARY) == sentence


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("车辆是否已上牌照", "later", "车辆还没买或还没上牌"),
        ("车辆总质量是否超过4.5吨", "heavy", "车辆总质量有超过4.5吨的"),
        ("是否已有经营许可", "no", "没有经营许可"),
        ("是否须编制规划", "yes", "须编制规划"),
    ],
)
def test_a_name_that_asks_is_answered_not_repeated(name, value, sentence):
    codes = {"later": "还没买或还没上牌", "heavy": "有超过4.5吨的"}
    answers = codes if value in codes else {"yes": "是", "no": "否"}
    fact = FactType("asked", name, "Asked", "code", codes=answers)
    rule = parse({"fact": "asked", "op": "eq", "value": value})
    assert to_text(rule, Vocabulary({"asked": fact})) == sentence


def test_a_rule_still_being_edited_is_printed_as_it_stands():
    assert to_text(Predicate("founded", "before", "下周"), VOCABULARY) == "成立日期早于“下周”"
    assert to_text(Predicate("count", "like", 3), VOCABULARY) == "拟购数量“like”3辆"
