"""Offerings by rule: what a level does, the default without lines, and what is refused."""

import pytest

from tests.catalogue.standards import an_item, compiled, problems
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.quality import check_quality
from yueban.catalogue.selectors import offerings_of

FOOD = {"fact": "shop.food", "op": "eq", "value": True}
LINES = [
    {"level": "village", "does": "intake", "note": "代办员帮办"},
    {"level": "county", "does": "intake", "when": FOOD},
    {"level": "county", "does": "decide"},
]


def acts(offerings):
    return [(one.level, one.does) for one in offerings]


def a_version(stored):
    return ItemVersion(compiled_json=stored, content_hash=str(len(str(stored))))


def test_an_item_without_lines_is_handed_in_and_decided_at_its_agencys_level():
    assert acts(compiled().offerings) == [("county", "intake"), ("county", "decide")]


def test_a_condition_is_printed_as_a_sentence():
    found = compiled(offerings=LINES).offerings
    assert [one.when_text for one in found] == [None, "卖食品", None]
    assert found[0].note == "代办员帮办"


def test_a_versions_offerings_are_read_without_its_compiled_form():
    stored = compiled(offerings=LINES).to_json()
    assert acts(offerings_of(a_version({"offerings": stored["offerings"], "guide": stored["guide"]}))) == [
        ("village", "intake"),
        ("county", "intake"),
        ("county", "decide"),
    ]


def test_a_version_of_before_offers_what_its_level_does():
    stored = compiled().to_json()
    del stored["offerings"]
    assert acts(offerings_of(a_version(stored))) == [("county", "intake"), ("county", "decide")]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([LINES[2], LINES[2]], "offerings[1]"),
        ([{"level": "town", "does": "intake", "within": ["330602"]}], "offerings[0].within"),
        ([LINES[0] | {"when": {"fact": "shop.moon", "op": "exists"}}], "offerings[0].when"),
        (
            [LINES[0] | {"when": {"fact": "shop.kind", "op": "eq", "value": "small"}}],
            "offerings[0].when",
        ),
    ],
)
def test_lines_that_make_no_sense_are_named(lines, field):
    assert field in [problem.field for problem in problems(offerings=lines)]


def test_whoever_says_where_says_where_it_begins_and_where_it_ends():
    def rules(lines):
        return [found.rule for found in check_quality(an_item(offerings=lines)) if found.field == "offerings"]

    assert rules([]) == rules(LINES) == []
    assert rules(LINES[:1]) == ["Q19"]
    assert rules(LINES[2:]) == ["Q19"]
