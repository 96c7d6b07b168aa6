"""What an offer would do before it is signed: counted by hand here."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.expressions.rules import ON, VOCABULARY
from tests.matching.tables import rank
from yueban.expressions import Vocabulary, parse
from yueban.matching.backtest import PRICED, try_out
from yueban.matching.merging import Stated, merge
from yueban.matching.profiles import build
from yueban.policies.standard import OfferStandard

CAPITAL = {"fact": "capital", "op": "ge", "value": 1000}
DOTTED = Vocabulary([*VOCABULARY.values(), replace(VOCABULARY["capital"], code="enterprise.capital")])
COUNT = {"fact": "count", "op": "ge", "value": 5}


def offer(*conditions, **changes):
    # The standard asks for dotted codes; the vocabulary of the tests has none, so rules are put in unchecked.
    return OfferStandard.model_construct(
        key="fleet",
        name="车队奖励",
        conditions={"all": list(conditions)},
        benefits=OfferStandard.model_validate(
            {
                "key": "fleet",
                "name": "车队奖励",
                "summary": "按注册资本给予奖励",
                "policy": "fleet-policy",
                "clause": "第一条",
                "department_kind": "transport",
                "redemption": "fast",
                "beneficiary": "enterprise",
                "conditions": {},
                "benefits": [
                    {
                        "key": "share",
                        "label": "注册资本的一成",
                        "gives": {"kind": "ratio", "rate": "0.1", "of": "enterprise.capital"},
                        "cap": "500",
                    }
                ],
            }
        ).benefits,
        picks="highest",
        exclusive=None,
        caps=OfferStandard.model_fields["caps"].default,
        **changes,
    )


def table(*facts):
    merged = [
        merge([Stated(number, "tax", {"capital": None, **one}, ON, None)], on=ON, rank=rank)
        for number, one in enumerate(facts, start=1)
    ]
    return build(merged, VOCABULARY, on=ON)


MONEY = [{"capital": 2000, "count": 9}, {"capital": 9000, "count": 5}]


def tried(offered, profiles, **more):
    return try_out(offered, profiles, DOTTED, **more)


def test_who_matches_who_misses_by_one_and_of_whom_too_little_is_known():
    profiles = table(
        *MONEY,
        {"capital": 10, "count": 9},
        {"capital": 2000, "count": 1},
        {"capital": 10, "count": 1},
        {"count": 9},
    )
    found = tried(offer(CAPITAL, COUNT), profiles)
    assert (found.enterprises, found.true, found.unknown, found.near) == (6, 2, 1, 2)
    assert [(one.condition, one.enterprises) for one in found.near_by_condition] == [
        ("注册资本不低于1000元", 1),
        ("拟购数量不低于5辆", 1),
    ]
    assert [(one.condition, one.enterprises) for one in found.missing_facts] == [("缺“注册资本”", 1)]
    assert found.matching == (1, 2)
    assert found.undecided == (6,)


def with_money(*capitals):
    merged = [
        merge(
            [Stated(number, "tax", {"capital": capital, "enterprise.capital": capital}, ON, None)],
            on=ON,
            rank=rank,
        )
        for number, capital in enumerate(capitals, start=1)
    ]
    return build(merged, DOTTED, on=ON)


def test_the_cost_is_what_each_would_be_given_with_the_cap():
    cost = tried(offer(CAPITAL), with_money(1000, 2000, 90_000, 10)).cost
    assert (cost.total, cost.lowest, cost.median, cost.highest) == (Decimal(800), 100, 200, 500)
    assert not cost.is_estimate


def test_the_cost_of_many_is_told_from_an_even_sample_and_says_so():
    cost = tried(offer(CAPITAL), with_money(*[2000] * (2 * PRICED))).cost
    assert (cost.priced, cost.total, cost.is_estimate) == (PRICED, Decimal(200 * 2 * PRICED), True)


def test_a_figure_that_is_missing_is_told_with_the_cost():
    cost = tried(offer(CAPITAL), table({"capital": 3000})).cost
    assert (cost.total, cost.undecided) == (0, 1)


def test_the_other_offers_of_the_same_enterprises_are_counted():
    others = [
        ("fleet", "itself", parse(COUNT)),
        ("many", "多车", parse(COUNT)),
        ("none", "没有", parse({"fact": "count", "op": "ge", "value": 99})),
    ]
    found = tried(offer(CAPITAL), table(*MONEY, {"capital": 2000}), others=others)
    assert [(one.key, one.enterprises) for one in found.overlaps] == [("many", 2)]


def test_against_the_version_before_it_is_told_who_gains_and_who_loses():
    profiles = table(
        {"capital": 2000, "count": 1}, {"capital": 10, "count": 9}, {"capital": 2000, "count": 9}
    )
    change = tried(offer(CAPITAL), profiles, previous=offer(COUNT)).change
    assert (change.gains, change.gaining, change.loses, change.losing) == (1, (1,), 1, (2,))


def test_an_offer_without_conditions_is_for_everybody_there_is():
    found = tried(offer(), table(*MONEY))
    assert (found.true, found.near, found.unknown) == (2, 0, 0)


def test_what_is_kept_with_the_signed_version_is_plain():
    kept = tried(offer(CAPITAL), table(*MONEY)).to_json()
    assert kept["on"] == date(2026, 11, 22).isoformat()
    assert kept["cost"]["undecided"] == 2
