"""Situation questions: walked one by one, and proved total and deterministic before they are published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.standards import a_situation, compiled, problems
from yueban.catalogue.errors import AnswerInvalid
from yueban.catalogue.situations import walk

COMPILED = compiled()


def test_the_sound_item_has_no_problems():
    assert problems() == []


def test_the_first_question_is_asked_first():
    path = walk(COMPILED, {})
    assert path.question is not None and path.question.key == "kind"
    assert path.outcome is None and path.facts == {}


def test_answers_lead_to_the_outcome_and_become_facts():
    path = walk(COMPILED, {"kind": "big", "food": "true"})
    assert path.may_proceed and path.question is None
    assert path.facts == {"shop.kind": "big", "shop.food": True}
    assert path.answers == {"kind": "big", "food": "true"}


def test_no_need_is_an_outcome_that_says_why():
    path = walk(COMPILED, {"kind": "small"})
    assert path.is_complete and not path.may_proceed
    assert path.outcome is not None and path.outcome.message == "小店不用办。"


def test_an_answer_left_from_another_path_is_no_fact():
    path = walk(COMPILED, {"kind": "small", "food": "true"})
    assert path.facts == {"shop.kind": "small"}


def test_a_value_that_is_no_option_is_refused_at_its_question():
    with pytest.raises(AnswerInvalid) as caught:
        walk(COMPILED, {"kind": "huge"})
    assert list(caught.value.fields) == ["kind"]


def test_what_is_known_already_is_not_asked():
    path = walk(COMPILED, {}, known={"shop.kind": "big"})
    assert path.question is not None and path.question.key == "food"
    assert path.answered[0].is_known
    assert walk(COMPILED, {"kind": "small"}, known={"shop.kind": "big"}).facts == {"shop.kind": "small"}


def test_an_item_without_questions_proceeds_at_once():
    plain = compiled(
        situation=None,
        form={"sections": [{"key": "a", "title": "甲", "fields": [{"element": "shop.name"}]}]},
        materials=[],
    )
    assert walk(plain, {}).may_proceed


@given(
    st.dictionaries(
        st.sampled_from(["kind", "food", "other"]), st.sampled_from(["big", "small", "true", "false", ""])
    )
)
def test_every_walk_ends_in_one_question_or_one_outcome(answers):
    try:
        path = walk(COMPILED, answers)
    except AnswerInvalid:
        return
    assert (path.question is None) != (path.outcome is None)


def the_problem(**changes):
    found = problems(situation=a_situation(**changes))
    assert found, "the mistake went unnoticed"
    return found


def question(key, element, *options):
    return {"key": key, "element": element, "text": f"{key}?", "options": list(options)}


def test_a_circle_is_named_with_its_questions_and_the_option_that_closes_it():
    found = the_problem(
        questions=[
            question(
                "kind",
                "shop.kind",
                {"value": "big", "label": "大", "next": "food"},
                {"value": "small", "label": "小", "end": "not_needed"},
            ),
            question(
                "food",
                "shop.food",
                {"value": True, "label": "卖", "next": "kind"},
                {"value": False, "label": "不卖", "end": "proceed"},
            ),
        ]
    )
    assert [problem.field for problem in found] == ["situation.questions[1].options[0].next"]
    assert "kind → food → kind" in found[0].message


def test_a_question_that_leads_to_itself_is_a_circle():
    found = the_problem(
        questions=[
            question(
                "kind",
                "shop.kind",
                {"value": "big", "label": "大", "next": "kind"},
                {"value": "small", "label": "小", "end": "proceed"},
            )
        ]
    )
    assert "循环" in found[0].message


@pytest.mark.parametrize(
    ("option", "field", "word"),
    [
        ({"value": "big", "label": "大"}, "options[0]", "next 或 end"),
        ({"value": "big", "label": "大", "next": "food", "end": "proceed"}, "options[0]", "next 或 end"),
        ({"value": "big", "label": "大", "next": "nowhere"}, "options[0].next", "nowhere"),
        ({"value": "big", "label": "大", "end": "nowhere"}, "options[0].end", "nowhere"),
        ({"value": "huge", "label": "巨", "next": "food"}, "options[0].value", "代码表"),
        ({"value": "small", "label": "小？", "next": "food"}, "options[1].value", "两次"),
    ],
)
def test_a_broken_option_is_named_at_its_place(option, field, word):
    changed = a_situation()
    changed["questions"][0]["options"][0] = option
    found = problems(situation=changed)
    assert [(p.field, word in p.message) for p in found][:1] == [(f"situation.questions[0].{field}", True)]


def test_a_start_that_does_not_exist_is_named():
    assert the_problem(start="where")[0].field == "situation.start"


def test_a_question_that_nothing_leads_to_is_named():
    changed = a_situation()
    changed["questions"].append(
        question(
            "lost",
            "shop.name",
            {"value": "a", "label": "a", "end": "proceed"},
            {"value": "b", "label": "b", "end": "proceed"},
        )
    )
    found = problems(situation=changed)
    assert [(p.field, "lost" in p.message) for p in found] == [("situation.questions[2].key", True)]


def test_an_outcome_that_nothing_leads_to_is_named():
    changed = a_situation()
    changed["outcomes"].append({"key": "spare", "kind": "not_eligible", "message": "不行。"})
    assert problems(situation=changed)[0].field == "situation.outcomes[2].key"


def test_two_outcomes_of_one_name_contradict_each_other():
    changed = a_situation()
    changed["outcomes"].append({"key": "proceed", "kind": "not_eligible", "message": "不行。"})
    assert "矛盾" in problems(situation=changed)[0].message


def test_an_element_answered_twice_on_one_path_may_contradict_itself():
    changed = a_situation()
    changed["questions"][1]["options"][0] = {"value": True, "label": "卖", "next": "again"}
    changed["questions"].append(
        question(
            "again",
            "shop.kind",
            {"value": "big", "label": "大", "end": "proceed"},
            {"value": "small", "label": "小", "end": "proceed"},
        )
    )
    found = problems(situation=changed)
    assert found[0].field == "situation.questions[2].element"


def test_an_unknown_element_is_named():
    changed = a_situation()
    changed["questions"][0]["element"] = "shop.colour"
    assert problems(situation=changed)[0].field == "situation.questions[0].element"
