"""The material plan: what is needed in a situation, and on which rung of the ladder each stands."""

import copy

from tests.catalogue.standards import ITEM, compiled
from yueban.catalogue.materials import plan
from yueban.expressions import Truth

COMPILED = compiled()
SELLS_FOOD = {"shop.kind": "big", "shop.food": True}


def labels(planned):
    return {one.material.key: one.label for one in planned}


def test_a_material_is_needed_where_its_condition_holds():
    assert labels(plan(COMPILED, SELLS_FOOD)) == {"licence": "为您免交", "plan": "需您提交"}
    assert labels(plan(COMPILED, {"shop.food": False})) == {"licence": "为您免交"}


def test_what_cannot_be_told_yet_is_said_with_the_fact_that_decides():
    undecided = plan(COMPILED, {})[1]
    assert undecided.need is Truth.UNKNOWN
    assert undecided.missing == ("shop.food",)
    assert not undecided.is_necessary


def test_a_certificate_held_is_fetched():
    first = plan(COMPILED, SELLS_FOOD, held={"business-licence"})[0]
    assert first.rung.way == "certificate"
    assert [way.way for way in first.fallbacks] == ["check", "upload"]
    assert "电子证照" in first.how


def test_without_the_certificate_the_next_rung_is_taken():
    first = plan(COMPILED, SELLS_FOOD, held=set())[0]
    assert first.rung.way == "check"
    assert "登记信息" in first.how


def test_a_failing_interface_falls_to_the_next_rung_and_never_blocks():
    first = plan(COMPILED, SELLS_FOOD, held=set(), failed={"licence": {"check"}})[0]
    assert first.is_submitted
    everything = {"licence": {"certificate", "check", "upload"}}
    assert plan(COMPILED, SELLS_FOOD, failed=everything)[0].is_submitted


def test_a_material_that_may_follow_is_not_necessary():
    materials = [material.model_dump(mode="json", by_alias=True) for material in _materials()]
    materials[1] |= {"necessity": "3"}
    planned = plan(compiled(materials=materials), SELLS_FOOD)[1]
    assert planned.is_deferrable and not planned.is_necessary


def _materials():
    from tests.catalogue.standards import an_item

    return an_item().materials


def test_the_handler_s_own_card_counts_only_where_the_standard_says_so():
    def first_rung(holder, held, by_handler):
        licence, *others = copy.deepcopy(ITEM["materials"])
        licence["satisfy"][0]["holder"] = holder
        one = compiled(materials=[licence, *others])
        return plan(one, {"shop.food": False}, held=held, held_by_handler=by_handler)[0].rung.way

    assert first_rung("handler", (), {"business-licence"}) == "certificate"
    assert first_rung("handler", {"business-licence"}, ()) == "check"
    assert first_rung("applicant", (), {"business-licence"}) == "check"
