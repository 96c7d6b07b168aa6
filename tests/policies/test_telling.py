"""What an offer gives, in words."""

import pytest

from yueban.elements import selectors as elements
from yueban.policies.standard import Benefit
from yueban.policies.telling import say_benefit

pytestmark = pytest.mark.django_db
FIGURE = "enterprise.digital_investment"


@pytest.mark.parametrize(
    ("gives", "cap", "said"),
    [
        ({"kind": "ratio", "rate": "1", "of": FIGURE}, None, "的100%"),
        ({"kind": "ratio", "rate": "0.3", "of": FIGURE}, "1000000", "的30%，最高100万元"),
        ({"kind": "ratio", "rate": "0.015", "of": FIGURE, "above": "500000"}, None, "超过50万元的部分的1.5%"),
        ({"kind": "fixed", "amount": "500000"}, None, "50万元"),
        ({"kind": "per_unit", "amount": "1500", "of": FIGURE, "most": 20}, None, "1500元，最多20"),
    ],
)
def test_a_benefit_is_told_with_its_share_what_it_counts_and_its_limit(gives, cap, said):
    benefit = Benefit.model_validate({"key": "one", "label": "一档", "gives": gives, "cap": cap})
    assert say_benefit(benefit, elements.vocabulary()).endswith(said)
