"""What offers give: steps, shares, caps, what was had before; each amount worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.expressions import FactType, Vocabulary
from yueban.policies.amounts import Paid, compute, instalments
from yueban.policies.standard import OfferStandard

ON = date(2026, 11, 23)
VOCABULARY = Vocabulary(
    [
        FactType("enterprise.digital_investment", "数字化投入", "Digital investment", "money", "元"),
        FactType("enterprise.new_hires", "新招用人数", "New hires", "integer", "人"),
        FactType("enterprise.honours", "资质荣誉", "Honours", "codes"),
    ]
)


def offer(**changes):
    stated = {
        "key": "example",
        "name": "示例",
        "summary": "示例",
        "policy": "policy",
        "clause": "第一条",
        "department_kind": "industry",
        "redemption": "auto",
        "conditions": {"fact": "enterprise.honours", "op": "exists"},
    }
    return OfferStandard.model_validate(stated | changes)


def stars(*amounts, **changes):
    benefits = [
        {
            "key": f"star-{grade}",
            "label": f"{grade}星",
            "when": {"fact": "enterprise.honours", "op": "contains", "value": f"sme-park.{grade}"},
            "gives": {"kind": "fixed", "amount": amount},
        }
        for grade, amount in zip((3, 4, 5), amounts, strict=True)
    ]
    return offer(benefits=benefits, **changes)


def of(standard, facts, **more):
    return compute(standard, facts, on=ON, vocabulary=VOCABULARY, **more)


DIGITAL = offer(
    benefits=[
        {
            "key": "share",
            "label": "数字化投入",
            "gives": {"kind": "ratio", "rate": "0.30", "of": "enterprise.digital_investment"},
            "cap": 1000000,
        }
    ]
)


@pytest.mark.parametrize(
    ("invested", "amount"),
    [("100000", "30000"), ("3333333.33", "1000000"), ("3333333.00", "999999.90"), ("5000000", "1000000")],
)
def test_a_share_of_what_was_invested_up_to_its_cap(invested, amount):
    assert of(DIGITAL, {"enterprise.digital_investment": invested}).amount == Decimal(amount)


def test_a_figure_that_nobody_knows_gives_nothing_yet_and_is_named():
    found = of(DIGITAL, {})
    assert (found.amount, found.missing) == (0, ("enterprise.digital_investment",))


def test_four_stars_after_three_paid_twenty_pays_the_other_twenty():
    park = stars(200000, 400000, 600000, exclusive={"group": "star", "scope": "ever"})
    before = [Paid("example", "star", 2024, "", Decimal(200000))]
    found = of(park, {"enterprise.honours": ["sme-park.4"]}, paid=before)
    assert found.amount == 200000
    assert [line.amount for line in found.workings] == [400000, -200000]


def test_both_in_one_year_give_the_higher_alone():
    park = stars(200000, 400000, 600000)
    assert of(park, {"enterprise.honours": ["sme-park.5", "sme-park.4"]}).amount == 600000


def test_whoever_may_not_have_it_twice_gets_nothing_more_in_the_same_scope():
    once = stars(1, 2, 3, exclusive={"group": "star", "scope": "year", "way": "once"})
    had = [Paid("other", "star", 2026, "", Decimal(1))]
    facts = {"enterprise.honours": ["sme-park.5"]}
    assert of(once, facts, paid=had).amount == 0
    assert of(once, facts, paid=[Paid("other", "star", 2025, "", Decimal(1))]).amount == 3
    assert of(once, facts, paid=[Paid("other", "else", 2026, "", Decimal(1))]).amount == 3


def test_a_yearly_cap_counts_what_this_offer_gave_this_year():
    capped = offer(
        benefits=[
            {
                "key": "hire",
                "label": "每人1500元",
                "gives": {"kind": "per_unit", "amount": 1500, "of": "enterprise.new_hires", "most": 20},
            }
        ],
        caps={"year": 40000},
    )
    assert of(capped, {"enterprise.new_hires": 12}).amount == 18000
    assert of(capped, {"enterprise.new_hires": 30}).amount == 30000
    had = [Paid("example", "", 2026, "", Decimal(25000))]
    assert of(capped, {"enterprise.new_hires": 12}, paid=had).amount == 15000


def test_what_a_person_sets_is_told_as_a_most_and_not_as_an_amount():
    brain = offer(
        benefits=[{"key": "run", "label": "运营补助", "gives": {"kind": "up_to", "amount": 1000000}}]
    )
    found = of(brain, {})
    assert (found.amount, found.most) == (0, 1000000)


def test_what_a_person_may_still_set_is_the_rest_of_the_year():
    brain = offer(
        benefits=[{"key": "run", "label": "运营补助", "gives": {"kind": "up_to", "amount": 1000000}}],
        caps={"year": 1000000},
    )
    had = [Paid("example", "", 2026, "", Decimal(600000)), Paid("example", "", 2025, "", Decimal(1000000))]
    found = of(brain, {}, paid=had)
    assert (found.amount, found.most) == (0, 400000)
    assert [line.amount for line in found.workings] == [-600000]
    spent = of(brain, {}, paid=[Paid("example", "", 2026, "", Decimal(1000000))])
    assert (spent.amount, spent.most) == (0, 0)


@pytest.mark.parametrize(
    ("scope", "of_the_east_now", "of_the_east_before"),
    [("year", 200000, 600000), ("project", 600000, 600000), ("project_year", 600000, 600000)],
)
def test_another_park_counts_only_where_parks_are_counted_together(
    scope, of_the_east_now, of_the_east_before
):
    park = stars(200000, 400000, 600000, exclusive={"group": "star", "scope": scope})
    facts = {"enterprise.honours": ["sme-park.5"]}
    for year, amount in ((2026, of_the_east_now), (2025, of_the_east_before)):
        had = [Paid("example", "star", year, "东园", Decimal(400000))]
        assert of(park, facts, paid=had, project="西园").amount == amount


@pytest.mark.parametrize(("scope", "amount"), [("project", 200000), ("project_year", 600000)])
def test_the_same_park_in_an_earlier_year_counts_over_the_years_alone(scope, amount):
    park = stars(200000, 400000, 600000, exclusive={"group": "star", "scope": scope})
    had = [Paid("example", "star", 2025, "东园", Decimal(400000))]
    assert of(park, {"enterprise.honours": ["sme-park.5"]}, paid=had, project="东园").amount == amount


def test_a_cap_for_one_project_leaves_the_others_alone():
    shared = DIGITAL.model_copy(update={"caps": offer(caps={"project": 1000000}).caps})
    facts = {"enterprise.digital_investment": "1500000"}
    had = [Paid("example", "", 2025, "东园", Decimal(800000))]
    assert of(shared, facts, paid=had, project="东园").amount == 200000
    assert of(shared, facts, paid=had, project="西园").amount == 450000


@given(st.decimals("0.01", "99999999", places=2))
def test_instalments_are_together_exactly_the_whole(amount):
    split = offer(
        instalments=[{"share": "0.33"}, {"share": "0.33", "months": 12}, {"share": "0.34", "months": 24}]
    )
    parts = instalments(split, amount)
    assert sum(part for _, part in parts) == amount
    assert [months for months, _ in parts] == [0, 12, 24]


@given(
    st.integers(0, 10**9),
    st.lists(st.tuples(st.integers(2024, 2026), st.integers(0, 10**6)), max_size=5),
)
def test_never_less_than_nothing_and_never_more_than_the_rule_gives(invested, had):
    standard = DIGITAL.model_copy(
        update={"exclusive": stars(1, 2, 3, exclusive={"group": "g", "scope": "ever"}).exclusive}
    )
    paid = [Paid("example", "g", year, "", Decimal(amount)) for year, amount in had]
    facts = {"enterprise.digital_investment": str(invested)}
    amount, alone = of(standard, facts, paid=paid).amount, of(standard, facts).amount
    assert 0 <= amount <= alone <= 1000000
    assert amount + sum(one.amount for one in paid) >= alone


FIGURES = Vocabulary(
    [
        FactType("e.premium", "实缴保费", "Premium", "money", "元"),
        FactType("e.before", "上年实缴保费", "Premium before", "money", "元"),
        FactType("e.people", "招用人数", "Hires", "integer", "人"),
        FactType("e.paid_elsewhere", "其中已领别的补贴的人数", "Paid elsewhere", "integer", "人"),
        FactType("e.vat", "实缴增值税", "VAT", "money", "元"),
    ]
)


def worked(benefit, facts, **changes):
    stated = {"key": "one", "label": "一档"} | benefit
    return compute(offer(benefits=[stated], **changes), facts, on=ON, vocabulary=FIGURES)


@pytest.mark.parametrize(
    ("premium", "amount"),
    [(1_000_000, 120_000), (4_500_000, 450_000), (9_000_000, 450_000)],
)
def test_of_the_base_no_more_than_a_part_counts(premium, amount):
    """Half of what lies above 76万, of at most 90万 of it: (100 - 76) x 50 % = 12; 90 x 50 % = 45."""
    gives = {"kind": "ratio", "rate": "0.5", "of": "e.premium", "above": "760000", "most": "900000"}
    assert worked({"gives": gives}, {"e.premium": premium}).amount == amount


@pytest.mark.parametrize(("now", "before", "amount"), [(500, 300, 20), (300, 500, 0)])
def test_growth_counts_and_never_falls_below_zero(now, before, amount):
    """10 % of (500 - 300) = 20; nothing where it shrank."""
    gives = {"kind": "ratio", "rate": "0.1", "of": "e.premium", "less": "e.before"}
    assert worked({"gives": gives}, {"e.premium": now, "e.before": before}).amount == amount


def test_growth_is_not_known_while_one_of_the_figures_is_not():
    gives = {"kind": "ratio", "rate": "0.1", "of": "e.premium", "less": "e.before"}
    assert worked({"gives": gives}, {"e.premium": 500}).missing == ("e.before",)


def test_whoever_was_paid_for_elsewhere_is_not_counted_again():
    """(8 - 3) people x 1500 = 7500."""
    gives = {"kind": "per_unit", "amount": "1500", "of": "e.people", "less": "e.paid_elsewhere"}
    computed = worked({"gives": gives}, {"e.people": 8, "e.paid_elsewhere": 3})
    assert computed.amount == 7500
    assert "8 − 3" in computed.workings[0].text


@pytest.mark.parametrize(("vat", "amount"), [(5_000, 5_000), (9_000, 8_000), (20_000, 8_000)])
def test_of_two_limits_the_lower_one_holds(vat, amount):
    """12 people x 1000 = 12000; the cap is 8000, the tax paid 5000, 9000 or 20000."""
    benefit = {
        "gives": {"kind": "per_unit", "amount": "1000", "of": "e.people"},
        "cap": "8000",
        "within": "e.vat",
    }
    assert worked(benefit, {"e.people": 12, "e.vat": vat}).amount == amount


def test_an_extra_is_given_beside_the_highest_of_the_others():
    """The higher of 30 and 50, and 5 beside it: 55."""
    fixed = [
        {"key": key, "label": key, "gives": {"kind": "fixed", "amount": amount}, "extra": extra}
        for key, amount, extra in (("low", 30, False), ("high", 50, False), ("more", 5, True))
    ]
    assert compute(offer(benefits=fixed), {}, on=ON, vocabulary=FIGURES).amount == 55
