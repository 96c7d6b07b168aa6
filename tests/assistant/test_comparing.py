"""Whether a fact stands in an answer is decided by the product as by the reference of the frozen set."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.consult import test_frozen_set as reference
from yueban.assistant.evaluation import comparing

# What the rules turn on: digits, dashes, widths, Chinese numerals, Latin words, spaces and marks.
PARTS = [
    *"0159,.%-–~至到五十年个元 　，：:，。“”（）[]",
    "５",
    "０．５",
    "工作日",
    "ten",
    "often",
    "Days",
    "10,000",
    "9:00",
]
TEXT = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)


@settings(max_examples=400)
@given(answer=TEXT, fact=TEXT)
def test_as_the_reference_says(answer, fact):
    assert comparing.normal(answer) == reference.normal(answer)
    if reference.normal(fact):
        assert comparing.holds(answer, fact) == reference.holds(answer, fact)
        assert comparing.holds(f"{answer}{fact}", fact) == reference.holds(f"{answer}{fact}", fact)


@pytest.mark.parametrize(
    ("facts", "stands"),
    [
        ([], True),
        ([["5个工作日"]], True),
        ([["15个工作日"], ["5个工作日"]], False),
        ([["15个工作日", "5个工作日"], ["免费", "不收费"]], True),
        ([["工作日"], ["收费80元"]], False),
    ],
)
def test_of_every_list_one_must_stand(facts, stands):
    assert comparing.holds_all("承诺 ５ 个工作日，不收费。", facts) is stands
