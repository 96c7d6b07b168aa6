"""Appendix A 13: the size of an enterprise by the table of 2017, and what an offer to small ones makes of it."""

from datetime import date

import pytest

from tests.law.test_offers import OFFERS, vocabulary
from yueban.expressions import Truth, evaluate, parse
from yueban.parties.derived_facts import derive

ON = date(2026, 11, 23)
INDUSTRIAL = {"enterprise.industry": "C1713", "enterprise.loan": "2000000"}


@pytest.mark.parametrize(
    ("employees", "revenue", "size", "entitled"),
    [
        (300, 20_000_000, "medium", Truth.FALSE),
        (300, 19_990_000, "small", Truth.TRUE),  # 300 人够中型，营业收入 1999 万元不够：落一级
        (19, 50_000_000, "micro", Truth.TRUE),  # 不到 20 人：营业收入再多也是微型
        (300, None, None, Truth.UNKNOWN),  # 营业收入不知道：规模不知道，不当作微型
    ],
)
def test_the_size_falls_one_class_and_an_unknown_figure_leaves_it_unknown(employees, revenue, size, entitled):
    stated = INDUSTRIAL | {"enterprise.employees": employees, "enterprise.revenue": revenue}
    facts = {**stated, **derive(stated, ON)}
    assert facts.get("enterprise.size") == size
    offer = OFFERS["small-loan-stamp"]  # 小型、微型企业借款合同免征印花税
    outcome = evaluate(parse(offer.conditions), facts, on=ON, vocabulary=vocabulary())
    assert outcome.value is entitled
    assert set(outcome.missing) == ({"enterprise.size"} if size is None else set())
