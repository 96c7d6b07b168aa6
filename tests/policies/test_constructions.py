"""Constructions of policy writers, each with what it must mean; the words are ours and of no policy."""

from decimal import Decimal

import pytest

from tests.policies.test_reading_clauses import LEXICON
from yueban.policies.drafts import conditions_of, draft_lines, rules_reader
from yueban.policies.offer_from_draft import offer_of
from yueban.policies.reading.clause import read_clause


def atoms(rule):
    for group in ("all", "any", "none"):
        for child in rule.get(group, ()):
            yield from atoms(child)
    if "fact" in rule:
        value = rule["value"]
        yield (
            rule["fact"].removeprefix("enterprise."),
            rule["op"],
            tuple(value) if isinstance(value, list) else value,
        )


def asked(text):
    (offer,) = read_clause(text, LEXICON)
    return set(atoms(conditions_of(offer)))


def given(text):
    (offer,) = read_clause(text, LEXICON)
    return [step.benefit for step in offer.steps]


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("对批发、零售、住宿企业，给予3万元奖励。", {("industry", "prefix", ("F", "H"))}),
        (
            "对纺织服装企业和制造业企业，给予3万元奖励。",
            {("industry", "prefix", ("C",)), ("industry", "prefix", ("C17", "C18"))},
        ),
        ("对食品制造企业，给予3万元奖励。", {("industry", "prefix", ("C13", "C14"))}),
        ("对属于珍珠产业链的企业，给予3万元奖励。", {("chain", "contains", "pearl")}),
        ("对成立3年以内的企业，给予3万元奖励。", {("years", "lt", 3)}),
        (
            "资产总额不超过5000万元、从业人数不超过300人的企业，给予2万元补助。",
            {("assets", "le", "50000000"), ("employees", "le", 300)},
        ),
        (
            "对年销售收入首次突破3000万元的企业，给予10万元奖励。",
            {("revenue", "ge", "30000000"), ("revenue_peak", "lt", "30000000")},
        ),
        ("对当年首次成为限上企业的，给予3万元奖励。", {("is_newly_above_limit", "eq", True)}),
        ("对有效发明专利5件以上的企业，给予1万元补助。", {("invention_patents", "ge", 5)}),
        ("对租用境外仓2000平方米以上的企业，给予8万元补助。", {("overseas_warehouse_area", "ge", 2000)}),
        ("对残疾人占职工比例不低于3%的企业，给予1万元补助。", {("disabled_ratio", "ge", 3)}),
        (
            "对有A类、B类人才的企业，给予5万元奖励。",
            {("talent", "contains_any", ("A",)), ("talent", "contains_any", ("B",))},
        ),
    ],
)
def test_a_condition_is_read_from_its_words(text, conditions):
    assert asked(text) == conditions


def test_industries_side_by_side_mean_any_of_them():
    (offer,) = read_clause("对纺织服装企业和制造业企业，给予3万元奖励。", LEXICON)
    (condition,) = offer.conditions
    assert list(condition.rule) == ["any"]


def test_codes_of_one_list_may_be_the_steps_of_a_ladder():
    (offer,) = read_clause("企业进入上市辅导、新三板挂牌的，分别给予20万元、30万元奖励。", LEXICON)
    assert [[one.rule["value"] for one in step.conditions] for step in offer.steps] == [
        [["planned"]],
        [["neeq"]],
    ]


def test_a_park_of_a_county_level_city_is_not_of_municipal_level():
    assert asked("诸暨市小微企业园被评为四星级的，给予10万元奖励。") == {
        ("honours", "contains_any", ("sme-park.4",))
    }


def test_what_is_said_not_to_apply_is_an_exclusion():
    text = "增值税一般纳税人可以申请认定。房地产业、娱乐业不适用。"
    (offer,) = read_clause(text, LEXICON)
    excluded = [one.rule for one in offer.conditions if "none" in one.rule]
    assert [list(atoms(rule)) for rule in excluded] == [[("industry", "prefix", ("K", "R90"))]]


def test_a_clause_that_recognises_says_for_whom_and_not_what_they_are_then_called():
    text = "从事细分市场2年以上、研发人员占比不低于10%的高新技术企业，可申请认定单项冠军企业。"
    assert asked(text) == {
        ("market_years", "ge", 2),
        ("rd_staff_ratio", "ge", 10),
        ("honours", "contains_any", ("high-tech-enterprise",)),
    }


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("对小微企业，免征印花税。", "1"),
        ("对小微企业，减半征收房产税。", "0.5"),
        ("小微企业按应缴费额的80%缴纳残疾人就业保障金。", "0.2"),
        ("一般纳税人按可抵扣进项税额加计10%抵减应纳税额。", "0.1"),
        ("小微企业按设备投资额的10%从应纳税额中抵免。", "0.1"),
    ],
)
def test_a_relief_is_a_share_of_what_would_be_paid(text, rate):
    assert [one.rate for one in given(text)] == [Decimal(rate)]


def test_how_much_is_deducted_from_income_is_not_taken_for_money():
    assert given("企业研发费用再按100%加计扣除。") == []


def test_of_the_base_only_the_part_above_or_below_counts():
    (above,) = given("对小微企业，按设备投资额超过200万元部分的8%给予补助。")
    assert (above.rate, above.above) == (Decimal("0.08"), 2000000)
    (below,) = given("小微企业应纳税所得额不超过100万元的部分，减半征收企业所得税。")
    assert below.rate == Decimal("0.5")


def test_a_cap_of_a_year_and_one_of_all_years_are_both_kept():
    text = "对小微企业，按租金的50%给予补贴，每年最高1万元，累计最高3万元。"
    (draft,) = draft_lines(text, rules_reader(LEXICON))
    made = offer_of(draft, policy="p", lexicon=LEXICON, kinds={})
    assert made.definition["caps"] == {"year": "10000", "ever": "30000"}
    assert "cap" not in made.definition["benefits"][0]
    assert made.definition["benefits"][0]["gives"] == {
        "kind": "ratio",
        "rate": "0.5",
        "of": "enterprise.rent_paid",
    }


def test_only_the_part_above_a_threshold_is_drafted_as_such():
    (draft,) = draft_lines("对小微企业，按设备投资额超过200万元部分的8%给予补助。", rules_reader(LEXICON))
    made = offer_of(draft, policy="p", lexicon=LEXICON, kinds={})
    assert made.definition["benefits"][0]["gives"]["above"] == "2000000"
