"""What an offer gives, in words."""

import re
from pathlib import Path

import pytest
import yaml

from yueban.elements import selectors as elements
from yueban.expressions import Vocabulary
from yueban.expressions.vocabulary import FactType
from yueban.policies.standard import Benefit
from yueban.policies.telling import say_benefit

PACK = Path(__file__).parents[2] / "cities/shaoxing"
pytestmark = pytest.mark.django_db
FIGURE, HIRES = "enterprise.digital_investment", "enterprise.new_hires"


@pytest.mark.parametrize(
    ("gives", "cap", "said"),
    [
        ({"kind": "ratio", "rate": "1", "of": FIGURE}, None, "的100%"),
        ({"kind": "ratio", "rate": "0.3", "of": FIGURE}, "1000000", "的30%，最高100万元"),
        ({"kind": "ratio", "rate": "0.015", "of": FIGURE, "above": "500000"}, None, "超过50万元的部分的1.5%"),
        ({"kind": "fixed", "amount": "500000"}, None, "50万元"),
        ({"kind": "per_unit", "amount": "1500", "of": FIGURE, "most": 20}, None, "每元1500元，最多20元"),
        ({"kind": "per_unit", "amount": "1500", "of": HIRES}, None, "按当年新招用人数，每人1500元"),
        (
            {"kind": "per_unit", "amount": "500", "of": HIRES, "most": 100},
            "60000",
            "按当年新招用人数，每人500元，最多100人，最高6万元",
        ),
    ],
)
def test_a_benefit_is_told_with_its_share_what_it_counts_and_its_limit(gives, cap, said):
    benefit = Benefit.model_validate({"key": "one", "label": "一档", "gives": gives, "cap": cap})
    assert say_benefit(benefit, elements.vocabulary()).endswith(said)


def test_a_figure_without_a_unit_stands_for_it():
    gives = {"kind": "per_unit", "amount": "100", "of": "enterprise.trainee_months", "most": 6}
    benefit = Benefit.model_validate({"key": "one", "label": "一档", "gives": gives})
    nameless = {
        "enterprise.trainee_months": FactType("enterprise.trainee_months", "见习月数", type="integer")
    }
    assert say_benefit(benefit, Vocabulary(nameless)) == "每见习月数100元，最多6个"


def test_no_limit_of_the_city_is_a_bare_number():
    vocabulary = elements.vocabulary()
    told = [
        say_benefit(
            Benefit.model_validate({name: benefit[name] for name in Benefit.model_fields if name in benefit}),
            vocabulary,
        )
        for path in (PACK / "policies").glob("*/offers/*.yaml")
        for benefit in yaml.safe_load(path.read_text("utf-8"))["benefits"]
        if benefit["gives"].get("most")
    ]
    assert len(told) > 5
    assert [one for one in told if re.search(r"最多\d+(?![\d人个件项元万%])", one)] == []
