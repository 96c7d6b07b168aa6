"""The questions of a bundle: each thing asked once, what is settled not asked, and who falls out with which words."""

import pytest

from tests.catalogue.bundles import bundle, item, question, report, situation
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles.need import fallen_out
from yueban.catalogue.bundles.splitting import child_input, needed_children
from yueban.catalogue.errors import AnswerInvalid

SIZE = question("size", "shop.kind", ("big", "!proceed"), ("small", "!no"))
FOOD = question("food", "shop.food", (True, "!proceed"), (False, "!no"))


def asked(one, answers):
    return [step.question.key for step in catalogue.walk(one, answers).answered if not step.is_known]


def test_two_items_that_want_to_know_the_same_ask_once():
    one = bundle(
        item("a", situation=situation(SIZE, no="甲不用办。")),
        item("b", situation=situation({**SIZE, "key": "how_big"}, no="乙不用办。")),
    )
    path = catalogue.walk(one, {"size": "big"})
    assert path.may_proceed
    assert asked(one, {"size": "big"}) == ["size"]
    assert needed_children(one, path.facts) == ["a", "b"]
    assert child_input(one, "b", {"size": "big"}, {})[0] == {"how_big": "big"}


def test_an_answer_given_to_the_second_question_cannot_contradict_the_first():
    one = bundle(
        item("a", situation=situation(SIZE, no="甲不用办。")),
        item("b", situation=situation({**SIZE, "key": "how_big"}, no="乙不用办。")),
    )
    assert catalogue.walk(one, {"size": "big", "how_big": "small"}).facts["shop.kind"] == "big"


def test_an_item_whose_own_questions_end_falls_out_with_its_sentence():
    one = bundle(item("a", situation=situation(FOOD, no="不卖食品的不用办。")), item("b"))
    path = catalogue.walk(one, {"food": "false"})
    assert path.may_proceed
    assert needed_children(one, path.facts) == ["b"]
    assert fallen_out(one, path.facts)["a"].message == "不卖食品的不用办。"


def test_where_nothing_is_left_to_do_every_item_says_why_once():
    one = bundle(
        item("a", situation=situation(SIZE, no="小店不用办。")),
        item("b", situation=situation(SIZE, no="小店不用办。")),
        item("c", situation=situation(SIZE, no="小店也不用备案。")),
    )
    outcome = catalogue.walk(one, {"size": "small"}).outcome
    assert outcome.kind == "not_needed"
    assert outcome.message == "小店不用办。\n小店也不用备案。"


def test_what_the_bundle_settles_is_not_asked_and_the_item_hears_the_answer():
    one = bundle(
        item("a", situation=situation(SIZE, no="不用办。")),
        children=[{"key": "a", "item": "a", "answers": {"size": "big"}}],
    )
    assert catalogue.walk(one, {}).may_proceed
    assert child_input(one, "a", {}, {})[0] == {"size": "big"}


def test_rules_on_a_settled_answer_are_decided():
    rows = {
        "key": "applicant",
        "title": "申请人",
        "fields": [
            {"element": "shop.name"},
            {"element": "shop.area", "when": {"fact": "shop.kind", "op": "eq", "value": "big"}},
            {"element": "shop.seats", "when": {"fact": "shop.kind", "op": "eq", "value": "small"}},
        ],
    }
    both = question("size", "shop.kind", ("big", "!proceed"), ("small", "!proceed"))
    one = bundle(
        item("a", rows, situation=situation(both)),
        children=[{"key": "a", "item": "a", "answers": {"size": "big"}}],
    )
    assert [(f.element, f.when) for f in one.form.sections[0].fields] == [
        ("shop.name", None),
        ("shop.area", None),
    ]


def test_a_question_may_follow_an_element_the_bundle_has_asked():
    own = situation(question("kind", "shop.kind", ("big", "!proceed"), ("small", "!proceed")))
    other = question("kind", "car.kind", ("big", "!proceed"), ("small", "!no"))
    one = bundle(
        item("a"),
        item("b", situation=situation(other, no="小车不用办。")),
        children=["a", {"key": "b", "item": "b", "settles": {"kind": "shop.kind"}}],
        situation=own,
    )
    assert asked(one, {"kind": "small"}) == ["kind"]
    path = catalogue.walk(one, {"kind": "small"})
    assert needed_children(one, path.facts) == ["a"]
    assert child_input(one, "b", {"kind": "big"}, {})[0] == {"kind": "big"}


def test_an_optional_item_is_asked_for_before_its_own_questions():
    one = bundle(
        item("a"),
        item("b", situation=situation(FOOD, no="不用办。")),
        children=["a", {"key": "b", "item": "b", "need": "optional"}],
    )
    assert asked(one, {"take-b": "false"}) == ["take-b"]
    assert needed_children(one, catalogue.walk(one, {"take-b": "false"}).facts) == ["a"]
    path = catalogue.walk(one, {"take-b": "true", "food": "true"})
    assert needed_children(one, path.facts) == ["a", "b"]
    assert fallen_out(one, {"bundle.takes_b": False})["b"].message == "您选择这次不办“事项b”。"


def test_an_item_on_condition_is_asked_only_where_the_condition_can_hold():
    one = bundle(
        item("a", situation=situation(SIZE, no="不用办。")),
        item("b", situation=situation(FOOD, no="不用办。")),
        children=[
            "a",
            {
                "key": "b",
                "item": "b",
                "need": "conditional",
                "when": {"fact": "bundle.needs_a", "op": "eq", "value": True},
            },
        ],
    )
    assert catalogue.walk(one, {"size": "small"}).outcome.kind == "not_needed"
    assert catalogue.walk(one, {"size": "big"}).question.key == "food"


def test_the_bundles_own_questions_come_first_and_may_end_it():
    own = situation(question("first", "shop.food", (True, "!proceed"), (False, "!stop")), stop="不用来。")
    one = bundle(item("a", situation=situation(SIZE, no="不用办。")), situation=own)
    assert catalogue.walk(one, {}).question.key == "first"
    assert catalogue.walk(one, {"first": "false"}).outcome.message == "不用来。"
    assert catalogue.walk(one, {"first": "true"}).question.key == "size"


def test_an_unknown_answer_is_refused():
    one = bundle(item("a", situation=situation(SIZE, no="不用办。")))
    with pytest.raises(AnswerInvalid, match="没有“huge”这个选项"):
        catalogue.walk(one, {"size": "huge"})


def test_an_answer_that_a_later_item_does_not_know_is_found_at_design_time():
    first = question("kind", "shop.kind", ("big", "!proceed"), ("small", "!proceed"))
    said = report(
        item("a", situation=situation(first)),
        item("b", situation=situation(question("one", "shop.food", (True, "!proceed"), (False, "!proceed")))),
        children=["a", {"key": "b", "item": "b", "settles": {"one": "shop.kind"}}],
    )
    assert any("可能答“big、small”，“事项b”的问题“one？”没有这个选项" in line for line in said)


def test_a_question_cannot_follow_what_nobody_has_asked():
    said = report(
        item("a", situation=situation(SIZE, no="不用办。")),
        children=[{"key": "a", "item": "a", "settles": {"size": "shop.goods"}}],
    )
    assert any("但前面没有问过它" in line for line in said)


def test_answers_with_which_an_item_can_never_be_done_are_refused():
    said = report(
        item("a", situation=situation(SIZE, no="不用办。")),
        children=[{"key": "a", "item": "a", "answers": {"size": "small"}}],
    )
    assert said == [
        "children[0].answers: “事项a”的情形问题没有一条路可以继续办理，它永远办不了。请核对 answers 里的回答。"
    ]
