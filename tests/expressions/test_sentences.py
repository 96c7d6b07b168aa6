"""Rules read as Chinese sentences."""

import pytest

from tests.expressions.rules import VOCABULARY
from yueban.expressions import FactType, Predicate, Vocabulary, check, parse, to_text


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
        ("industry", "prefix", "G54", "主要行业属于道路运输业"),
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


PLACES = FactType(
    "county", "所在区县", type="division", names={"330600000000": "绍兴市", "330681000000": "诸暨市"}
)
TRADES = FactType(
    "trade", "所属行业", type="industry", names={"C": "制造业", "C17": "纺织业", "C1713": "棉印染精加工"}
)
OWN = Vocabulary(
    [
        PLACES,
        TRADES,
        FactType("listed", "上市公司", type="boolean"),
        FactType("shamed", "列入严重违法失信名单", type="boolean"),
        FactType("emerging", "属于战略性新兴产业", type="boolean"),
        FactType("small", "是否为小规模纳税人", type="boolean"),
    ]
)


@pytest.mark.parametrize(
    ("fact", "op", "value", "sentence"),
    [
        ("county", "prefix", "330681", "所在区县是诸暨市"),
        ("county", "prefix", ["330681", "330600"], "所在区县在诸暨市或绍兴市范围内"),
        ("county", "prefix", "3306", "所在区县在绍兴市范围内"),
        ("county", "prefix", "330699", "所在区县在330699范围内"),
        ("county", "eq", "330681000000", "所在区县为诸暨市"),
        ("trade", "prefix", ["C17", "C1713"], "所属行业属于纺织业或棉印染精加工"),
        ("trade", "prefix", ["C1761"], "所属行业属于C1761（纺织业）类"),
        ("trade", "prefix", ["Z99"], "所属行业属于Z99类"),
        ("listed", "eq", True, "是上市公司"),
        ("listed", "eq", False, "不是上市公司"),
        ("shamed", "eq", True, "列入严重违法失信名单"),
        ("shamed", "eq", False, "未列入严重违法失信名单"),
        ("emerging", "eq", False, "不属于战略性新兴产业"),
        ("small", "eq", False, "不是小规模纳税人"),
    ],
)
def test_places_and_industries_are_said_by_name(fact, op, value, sentence):
    assert to_text(parse({"fact": fact, "op": op, "value": value}), OWN) == sentence


@pytest.mark.parametrize(
    ("fact", "value", "sentence"),
    [
        ("county", "330681", "所在区县不是诸暨市"),
        ("county", "3306", "所在区县不在绍兴市范围内"),
        ("trade", "C17", "所属行业不属于纺织业"),
    ],
)
def test_what_is_excluded_is_said_as_a_denial(fact, value, sentence):
    rule = {"none": [{"fact": fact, "op": "prefix", "value": value}]}
    assert to_text(parse(rule), OWN) == sentence


def test_names_say_codes_and_limit_nothing():
    rule = parse({"fact": "trade", "op": "prefix", "value": "M73"})
    assert check(rule, OWN) == []
    assert OWN["trade"].codes is None
