"""Clauses as policy writers write them, and what the deterministic reader must find in each."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from yueban.policies.reading.clause import read_clause
from yueban.policies.reading.lexicon import read_lexicon

HERE = Path(__file__).parent
LEXICON = read_lexicon(HERE.parents[1] / "cities/shaoxing/policies/lexicon.yaml")
CLAUSES = yaml.safe_load((HERE / "clauses.yaml").read_text(encoding="utf-8"))


def codes_of(step):
    rules = [condition.rule for condition in step.conditions]
    flat = [part for rule in rules for part in rule.get("any", [rule])]
    return [code for rule in flat for code in rule["value"]]


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause["text"][:16])
def test_what_is_given_and_to_whom(clause):
    (offer,) = read_clause(clause["text"], LEXICON)
    given_here = [
        {
            name: getattr(step.benefit, name)
            for name in ("amount", "rate", "cap")
            if getattr(step.benefit, name) is not None
        }
        for step in offer.steps
    ]
    assert given_here == [
        {name: Decimal(str(value)) for name, value in one.items()} for one in clause["given"]
    ]
    if "needs" in clause:
        assert [codes_of(step) for step in offer.steps] == clause["needs"]
    if "common" in clause:
        assert [list(one.rule.values()) for one in offer.conditions] == clause["common"]
    assert (offer.exclusivity.value if offer.exclusivity else None) == clause.get("exclusivity")
    assert (offer.department.value if offer.department else None) == clause.get("department")
    assert bool(offer.first_time) == clause.get("first_time", False)


def test_two_cases_of_a_sentence_are_two_steps_of_one_offer():
    (offer,) = read_clause("对首次认定的国家高新技术企业给予20万元奖励，重新认定的给予10万元奖励。", LEXICON)
    assert [step.benefit.amount for step in offer.steps] == [200000, 100000]


def test_sentences_for_different_cases_are_offers_of_their_own():
    first, second = read_clause(
        "对列入省未来工厂培育（试点）企业的，给予50万元奖励；评定为省级未来工厂的，再给予150万元奖励。",
        LEXICON,
    )
    assert (first.steps[0].benefit.amount, second.steps[0].benefit.amount) == (500000, 1500000)
    assert first.conditions != second.conditions


def test_what_is_not_understood_is_shown_and_never_dropped():
    text = "对参加火星展会的企业，给予2万元补助。"
    (offer,) = read_clause(text, LEXICON)
    assert "火星展会" in "".join(told.value for told in offer.unresolved)
    assert offer.confidence < 1
    (nothing,) = read_clause("加强组织领导，形成工作合力。", LEXICON)
    assert nothing.steps == []
    assert nothing.confidence == 0
    assert nothing.unresolved[0].value == "加强组织领导，形成工作合力。"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "对",
                "国家级",
                "、",
                "省级",
                "智能工厂",
                "的企业",
                "，",
                "分别",
                "给予",
                "10万元",
                "30%",
                "最高",
                "。",
                "；",
                "首次突破",
                "1亿元",
                "营业收入",
                "按",
                "每人",
                "（",
                "）",
                "2级",
                "及以上",
                "DCMM",
                "500人",
                "百分之五",
                "一二三",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_clause_is_read_and_every_word_found_stands_where_it_says(text):
    offers = read_clause(text, LEXICON)
    for offer in offers:
        for told in offer.unresolved:
            assert 0 <= told.span.start <= told.span.end <= len(text)
        for step in offer.steps:
            assert 0 <= step.benefit.span.start < step.benefit.span.end <= len(text)
            for condition in (*offer.conditions, *step.conditions):
                assert 0 <= condition.span.start <= condition.span.end <= len(text)
