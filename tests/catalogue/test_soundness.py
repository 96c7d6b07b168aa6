"""Standards that cannot be published: each mistake is named with its field."""

import copy

import pytest

from tests.catalogue.standards import AGENCY, DICTIONARY, ITEM, an_item, compiled, problems
from yueban.catalogue.compile import compile_item
from yueban.catalogue.errors import ItemUnsound


def materials(**changes):
    found = copy.deepcopy(ITEM["materials"])
    found[1] |= changes
    return found


def test_a_condition_on_something_nobody_asks_is_named():
    found = problems(
        materials=materials(when={"fact": "owner.phone", "op": "exists"}, key="plan"),
        form={"sections": [ITEM["form"]["sections"][0]]},
    )
    assert found[0].field == "materials[1].when"
    assert "owner.phone" in found[0].message


def test_a_material_that_no_path_needs_is_named():
    never = {"fact": "shop.kind", "op": "eq", "value": "small"}
    found = problems(materials=materials(when=never))
    assert [(p.field, "没有任何情形" in p.message) for p in found] == [("materials[1].when", True)]


def test_a_condition_that_some_path_leaves_open_is_named():
    changed = copy.deepcopy(ITEM["situation"])
    changed["questions"][0]["options"][1] = {"value": "small", "label": "小", "end": "proceed"}
    changed["outcomes"] = changed["outcomes"][:1]
    fields = [p.field for p in problems(situation=changed)]
    assert "materials[1].when" in fields
    assert "form.sections[1].when" in fields


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ({"fact": "shop.kind", "op": "resembles", "value": "big"}, "resembles"),
        ({"fact": "shop.kind", "op": "eq", "value": "huge"}, "huge"),
        ({"fact": "shop.colour", "op": "eq", "value": "red"}, "shop.colour"),
        ({"fact": "shop.kind"}, "op"),
    ],
)
def test_a_rule_that_cannot_be_read_is_named(rule, word):
    found = problems(materials=materials(when=rule))
    assert found[0].field == "materials[1].when"
    assert word in found[0].message


def test_an_unknown_element_in_the_form_is_named():
    form = copy.deepcopy(ITEM["form"])
    form["sections"][0]["fields"][1]["element"] = "shop.colour"
    assert problems(form=form)[0].field == "form.sections[0].fields[1].element"


def test_the_same_thing_is_not_asked_twice():
    form = copy.deepcopy(ITEM["form"])
    form["sections"][1]["fields"].append({"element": "shop.name"})
    assert problems(form=form)[0].field == "form.sections[1].fields[5].element"


def test_an_unknown_canonical_material_is_named():
    assert problems(materials=materials(canonical="map"))[0].field == "materials[1].canonical"


def test_codes_are_checked_by_their_list():
    assert problems(levels=["4", "9"])[0].field == "levels[1]"


def test_the_decision_stands_at_the_end():
    route = copy.deepcopy(ITEM["route"])
    route[2]["stage"] = 1
    route[0]["stage"] = 2
    assert problems(route=route)[0].field == "route[2]"


def test_an_agency_of_another_level_cannot_adopt_the_item():
    city = AGENCY.model_copy(update={"level": "3"})
    with pytest.raises(ItemUnsound) as caught:
        compile_item(an_item(), city, DICTIONARY)
    assert caught.value.data["problems"][0]["field"] == "adopted_by[0]"
    assert compile_item(an_item(levels=["7"]), city, DICTIONARY).guide.level.code == "3"


def test_every_problem_is_reported_at_once():
    with pytest.raises(ItemUnsound) as caught:
        compile_item(an_item(levels=["9"], materials=materials(canonical="map")), AGENCY, DICTIONARY)
    assert len(caught.value.data["problems"]) == 3


def test_the_clock_set_follows_the_legal_basis():
    permit, filing = compiled().clocks, compiled(clock_set="filing").clocks
    assert permit.is_deemed_accepted and permit.extension is not None and permit.delivery is not None
    assert not filing.is_deemed_accepted and filing.extension is None and not filing.has_decision
    assert filing.notice.amount == 5


def test_what_is_compiled_can_be_stored_and_read_again():
    first = compiled()
    again = type(first).of_json(first.to_json())
    assert again == first
    assert again.vocabulary["shop.kind"].codes == {"big": "名big", "small": "名small"}


def test_steps_of_one_stage_run_in_parallel():
    stages = compiled().route.stages
    assert [[step.key for step in stage] for stage in stages] == [["look", "ask"], ["decide"]]


def test_the_implementation_code_is_composed_of_agency_level_and_basic_code():
    guide = compiled().guide
    assert guide.task_code == f"{AGENCY.uscc}4000118001000"
    assert len(guide.task_code) == 31
