"""One form and one set of materials: each thing once, as strictly as the strictest asks it, with who asks it."""

from decimal import Decimal

import pytest

from tests.catalogue.bundles import WORDS, bundle, item, material, question, report, section, situation
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles.splitting import child_input, needed_children
from yueban.elements.rows import ElementRow
from yueban.elements.selectors import Dictionary
from yueban.expressions import Truth


def fields_of(compiled):
    return {field.element: field for one in compiled.form.sections for field in one.fields}


def test_a_field_two_items_ask_for_is_asked_once_and_both_are_named():
    one = bundle(item("a", "shop.name"), item("b", section("shop", "shop.name", "shop.area")))
    assert [field.element for part in one.form.sections for field in part.fields] == [
        "shop.name",
        "shop.area",
    ]
    assert [(by.child, by.section) for by in one.field_lineage["shop.name"]] == [
        ("a", "applicant"),
        ("b", "shop"),
    ]
    assert [by.child for by in one.field_lineage["shop.area"]] == ["b"]


def test_the_strictest_of_each_limit_holds():
    one = bundle(
        item("a", section("applicant", {"element": "shop.seats", "bounds": {"minimum": 2, "maximum": 80}})),
        item(
            "b",
            section(
                "applicant",
                {"element": "shop.seats", "required": True, "prefill": True, "bounds": {"minimum": 5}},
            ),
        ),
    )
    seats = fields_of(one)["shop.seats"]
    assert (seats.required, seats.prefill) == (True, True)
    assert (seats.bounds.minimum, seats.bounds.maximum) == (Decimal(5), Decimal(80))


def test_the_shortest_length_and_the_choices_that_all_know_remain():
    one = bundle(
        item("a", section("applicant", {"element": "shop.name", "max_length": 10}, "shop.goods")),
        item("b", section("applicant", "shop.name", {"element": "shop.goods", "only": ["food", "tools"]})),
    )
    found = fields_of(one)
    assert found["shop.name"].max_length == 10
    assert [choice.value for choice in found["shop.goods"].choices] == ["food", "tools"]


def test_everybodys_sections_come_first_and_how_to_collect_comes_last():
    one = bundle(
        item("a", section("shop", "shop.area"), section("delivery", "owner.phone")),
        item("b", section("contact", "owner.name"), section("applicant", "shop.name")),
    )
    assert [part.key for part in one.form.sections] == ["applicant", "contact", "shop", "delivery"]


def test_rows_meet_only_under_the_same_key():
    cars = {"repeat": {"min": 1, "max": 5, "label": "车"}}
    few = {"repeat": {"min": 0, "max": 3, "label": "车"}}
    one = bundle(
        item("a", section("cars", "car.plate", **cars), section("vans", "car.plate", **cars)),
        item("b", section("cars", "car.plate", "car.kind", **few)),
    )
    rows = {part.key: part for part in one.form.sections}
    assert [field.element for field in rows["cars"].fields] == ["car.plate", "car.kind"]
    assert (rows["cars"].repeat.min, rows["cars"].repeat.max) == (1, 3)
    assert [field.element for field in rows["vans"].fields] == ["car.plate"]
    assert [by.child for by in one.field_lineage["cars/car.plate"]] == ["a", "b"]
    assert [by.child for by in one.field_lineage["vans/car.plate"]] == ["a"]


def test_a_date_for_one_item_and_text_for_another_is_refused_with_both_named():
    as_text = Dictionary.of(
        [
            *(row for row in WORDS.elements.values() if row.code != "shop.opened_on"),
            ElementRow(code="shop.opened_on", name="开业日期", type="text"),
        ],
        WORDS.code_lists,
        WORDS.canonical_materials.values(),
    )
    said = report(item("a", "shop.opened_on"), item("b", "shop.opened_on", words=as_text))
    assert said == [
        (
            "children[1].item: “开业日期”（shop.opened_on）在“事项a”里是日期，在“事项b”里是文字。"
            "请把两个事项改到同一数据元、同一口径，或用 fills 写明由哪一项带入。"
        )
    ]


def test_ranges_that_do_not_meet_are_refused():
    said = report(
        item("a", section("applicant", {"element": "shop.seats", "bounds": {"maximum": 10}})),
        item("b", section("applicant", {"element": "shop.seats", "bounds": {"minimum": 20}})),
    )
    assert len(said) == 1
    assert "在“事项a”里要不超过10，在“事项b”里要不小于20，范围没有交集" in said[0]


def test_choices_without_any_in_common_are_refused():
    said = report(
        item("a", section("applicant", {"element": "shop.goods", "only": ["books"]})),
        item("b", section("applicant", {"element": "shop.goods", "only": ["food"]})),
    )
    assert len(said) == 1
    assert "没有共同的选项" in said[0]


def test_an_identity_card_three_items_want_is_collected_once():
    """Appendix A 8, its first part: three children, the shared identity card collected once."""
    one = bundle(
        *(item(key, materials=[material("identity"), material(f"own-{key}", "plan")]) for key in "ab"),
        item("c", materials=[material("card")]),
    )
    assert [row.canonical for row in one.materials] == ["id-card", "plan"]
    assert [(by.child, by.material) for by in one.material_lineage["identity"]] == [
        ("a", "identity"),
        ("b", "identity"),
        ("c", "card"),
    ]
    assert one.child_by_key["c"].materials == {"card": "identity"}


def test_the_strictest_form_of_a_material_holds_and_paper_copies_are_added_up():
    one = bundle(
        item("a", materials=[material("x", format="2", copies=1, necessity="3", deferral_days=5)]),
        item("b", materials=[material("x", format="3", copies=2, originals=0)]),
        item("c", materials=[material("x", format="1", copies=1, originals=1, necessity="2")]),
    )
    merged = one.materials[0]
    assert (merged.format.code, merged.originals, merged.copies) == ("1", 1, 3)
    assert merged.necessity.code == "1"
    assert merged.deferral_days is None


def test_electronic_copies_are_not_added_up():
    one = bundle(*(item(key, materials=[material("x", format="2", copies=1)]) for key in "ab"))
    assert one.materials[0].copies == 1


def test_the_best_ladder_is_kept_but_a_promise_only_where_all_take_it():
    promise = {"way": "promise", "text": "我承诺。"}
    fetched = {"way": "certificate", "certificate_type": "identity"}
    upload = {"way": "upload"}
    both = bundle(
        item("a", materials=[material("x", satisfy=[promise, upload])]),
        item("b", materials=[material("x", satisfy=[fetched, promise, upload])]),
    )
    assert [way.way for way in both.materials[0].satisfy] == ["certificate", "promise", "upload"]
    one = bundle(
        item("a", materials=[material("x", satisfy=[promise, upload])]),
        item("b", materials=[material("x", satisfy=[upload])]),
    )
    assert [way.way for way in one.materials[0].satisfy] == ["upload"]


def test_promises_in_different_words_are_two_papers():
    one = bundle(
        item("a", materials=[material("x", satisfy=[{"way": "promise", "text": "一。"}])]),
        item("b", materials=[material("x", satisfy=[{"way": "promise", "text": "二。"}])]),
    )
    assert len(one.materials) == 2


def test_what_an_item_asks_is_asked_only_while_it_is_needed():
    big = question("size", "shop.kind", ("big", "!proceed"), ("small", "!no"))
    one = bundle(
        item("a", "shop.name"),
        item("b", "shop.area", situation=situation(big, no="小店不用办。"), materials=[material("x")]),
    )
    big_shop, small_shop = (catalogue.walk(one, {"size": size}) for size in ("big", "small"))
    shown = [
        [
            field.element
            for part in catalogue.applicable_sections(one, path.facts)
            for field in catalogue.applicable_fields(one, part, path.facts)
        ]
        for path in (big_shop, small_shop)
    ]
    assert shown == [["shop.name", "shop.area"], ["shop.name"]]
    plans = [catalogue.plan_materials(one, path.facts) for path in (big_shop, small_shop)]
    assert [[row.material.key for row in plan if row.need is Truth.TRUE] for plan in plans] == [["x"], []]
    assert needed_children(one, small_shop.facts) == ["a"]


def test_each_child_gets_back_its_own_answers_and_its_own_form():
    big = question("size", "shop.kind", ("big", "!proceed"), ("small", "!no"))
    cars = {"repeat": {"min": 1, "max": 3, "label": "车"}}
    one = bundle(
        item("a", section("applicant", "shop.name"), section("cars", "car.plate", "car.kind", **cars)),
        item("b", section("shop", "shop.name", "shop.area"), situation=situation(big, no="不用办。")),
        item("c", section("cars", "car.plate", **cars)),
        children=["a", "b", {"key": "c", "item": "c", "repeat": "cars"}],
    )
    answers = {"size": "big"}
    form = {
        "shop.name": "越店",
        "shop.area": "30",
        "cars": [{"car.plate": "浙D00001", "car.kind": "big"}, {"car.plate": "浙D00002"}],
    }
    assert child_input(one, "a", answers, form) == ({}, {"shop.name": "越店", "cars": form["cars"]})
    assert child_input(one, "b", answers, form) == ({"size": "big"}, {"shop.name": "越店", "shop.area": "30"})
    assert child_input(one, "c", answers, form, row=1) == ({}, {"cars": [{"car.plate": "浙D00002"}]})


@pytest.mark.parametrize("amount", ["1", "200"])
def test_what_the_merged_form_refuses_is_refused_for_every_item(amount):
    one = bundle(
        item("a", section("applicant", {"element": "shop.seats", "bounds": {"minimum": 2}})),
        item("b", section("applicant", {"element": "shop.seats", "bounds": {"maximum": 100}})),
    )
    assert "shop.seats" in catalogue.validate_form(one, {"shop.seats": amount}).errors
