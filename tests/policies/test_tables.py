"""Tables in a clause: a ladder is read row by row, any other table is shown and never dropped."""

import pytest

from tests.policies.test_reading_clauses import LEXICON
from yueban.policies.drafts import draft_text, rules_reader
from yueban.policies.reading.clause import read_clause

LEVELS = """对当年认定的智能工厂，按下表给予奖励。
序号 | 等级 | 奖励（万元）
1 | 国家级 | 50
2 | 省级 | 30
责任单位：市经信局"""


def codes(step):
    return [condition.rule["value"] for condition in step.conditions]


def test_a_ladder_of_levels_is_read_with_the_name_said_before_it():
    (offer,) = read_clause(LEVELS, LEXICON)
    assert [step.benefit.amount for step in offer.steps] == [500000, 300000]
    assert [codes(step) for step in offer.steps] == [
        [["smart-factory.national"]],
        [["smart-factory.provincial"]],
    ]
    assert [step.benefit.label for step in offer.steps] == ["国家级", "省级"]
    assert (offer.department.value, offer.conditions) == ("市经信局", [])
    for step, said in zip(offer.steps, ("50", "30"), strict=True):
        assert LEVELS[slice(*step.benefit.span)] == said


@pytest.mark.parametrize(
    ("cell", "bounds"),
    [
        ("1000-2000万元", [("ge", "10000000"), ("lt", "20000000")]),
        ("1000万元以上", [("ge", "10000000")]),
        ("超过１亿元", [("gt", "100000000")]),
    ],
)
def test_a_ladder_of_figures_has_the_measure_of_its_head(cell, bounds):
    text = f"对规上企业按营业收入分档补助：\n上年度营业收入 | 补助金额 | 说明\n{cell} | 5万元 | 无\n"
    (offer,) = read_clause(text, LEXICON)
    (step,) = offer.steps
    assert [(one.rule["op"], one.rule["value"]) for one in step.conditions] == bounds
    assert {one.rule["fact"] for one in step.conditions} == {"enterprise.revenue"}
    assert [one.rule["fact"] for one in offer.conditions] == ["enterprise.is_above_scale"]


def test_shares_and_their_caps_stand_in_columns_of_their_own():
    text = "按下表补助：\n设备投资额（万元） | 设备投资补助比例 | 最高补助\n500以上 | 8% | 100万元\n1000以上 | 10% | 300万元"
    (offer,) = read_clause(text, LEXICON)
    assert [(float(step.benefit.rate), step.benefit.cap) for step in offer.steps] == [
        (0.08, 1000000),
        (0.1, 3000000),
    ]
    assert [step.conditions[0].rule["value"] for step in offer.steps] == ["5000000", "10000000"]


@pytest.mark.parametrize(
    "table",
    [
        "联系人 | 电话\n张三 | 0575-12345678",
        "等级 | 奖励\n国家级 | 50万元\n火星级 | 30万元",
        "等级 | 奖励\n国家级 | 面议\n省级 | 30万元",
    ],
)
def test_a_table_that_is_no_ladder_is_shown_row_by_row(table):
    text = f"对智能工厂按下表奖励：\n{table}"
    (offer,) = read_clause(text, LEXICON)
    assert offer.steps == []
    told = [one.value for one in offer.unresolved]
    assert all(row in told for row in table.split("\n"))


def test_a_table_after_what_is_given_in_words_is_an_offer_of_its_own():
    text = f"对小微企业给予1万元补助。\n{LEVELS}"
    first, second = read_clause(text, LEXICON)
    assert (len(first.steps), len(second.steps)) == (1, 2)


def test_the_title_of_an_article_says_what_its_table_is_about():
    text = "某政策\n第一条 智能工厂分级标准\n等级 | 奖励\n国家级 | 50万元\n省级 | 30万元\n第二条 附则。\n"
    drafts = [one for one in draft_text(text, rules_reader(LEXICON)) if one.offer.steps]
    (draft,) = drafts
    assert [codes(step) for step in draft.offer.steps] == [
        [["smart-factory.national"]],
        [["smart-factory.provincial"]],
    ]
    place = draft.offer.steps[0].benefit.span
    assert text[draft.start + place.start : draft.start + place.end] == "50万元"
