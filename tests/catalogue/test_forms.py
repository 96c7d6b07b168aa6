"""Form data: cleaned by the element's type and format, refused field by field."""

import pytest

from tests.catalogue.standards import compiled
from yueban.catalogue.forms import applicable_sections, field_path, flat, nested, validate
from yueban.kernel.codes import profiles

COMPILED = compiled()
SELLS_FOOD = {"shop.kind": "big", "shop.food": True}
NO_FOOD = {"shop.kind": "big", "shop.food": False}


@pytest.fixture(autouse=True)
def _demo_numbers():
    before = profiles.get_current()
    profiles.set_current("demo")
    yield
    profiles.set_current(before)


def a_form(**changes):
    return {"shop.name": "示例店", "shop.area": "20.50", "cars": [{"car.plate": "浙D12345"}], **changes}


def test_a_good_form_is_cleaned():
    result = validate(COMPILED, a_form(), NO_FOOD)
    assert result.errors == {}
    assert result.cleaned == {"shop.name": "示例店", "shop.area": "20.5", "cars": [{"car.plate": "浙D12345"}]}


@pytest.mark.parametrize(
    ("element", "raw", "stored"),
    [
        ("shop.seats", "１２", 12),
        ("shop.seats", 12, 12),
        ("shop.area", "1,200.50", "1200.5"),
        ("shop.capital", "5000", "5000.00"),
        ("shop.opened_on", "2026年1月5日", "2026-01-05"),
        ("shop.goods", ["tools", "books", "tools"], ["books", "tools"]),
        ("shop.goods", "food", ["food"]),
        ("shop.name", " 示例  店 ", "示例 店"),
    ],
)
def test_values_are_stored_in_one_form(element, raw, stored):
    assert validate(COMPILED, a_form(**{element: raw}), NO_FOOD).cleaned[element] == stored


@pytest.mark.parametrize(
    ("element", "raw"),
    [
        ("shop.seats", "十二"),
        ("shop.seats", "1.5"),
        ("shop.seats", "-1"),
        ("shop.seats", True),
        ("shop.seats", "1e9"),
        ("shop.area", "NaN"),
        ("shop.capital", "1.234"),
        ("shop.opened_on", "2026-02-30"),
        ("shop.opened_on", "0026-02-03"),
        ("shop.goods", ["weapons"]),
        ("shop.goods", {"a": 1}),
        ("shop.name", "店" * 21),
        ("shop.name", "示例\u200b店"),
        ("shop.name", "示例\u202e店"),
        ("shop.name", ["示例店"]),
    ],
)
def test_values_that_cannot_be_taken_are_named_at_their_field(element, raw):
    result = validate(COMPILED, a_form(**{element: raw}), NO_FOOD)
    assert list(result.errors) == [element]
    assert element not in result.cleaned
    assert result.errors[element].endswith("。")


def owner(**changes):
    return a_form(**{"owner.name": "陈示例", **changes})


@pytest.mark.parametrize("name", ["䶮㛃", "买买提·阿不都热依木·示例", "\U00020000示", "示" * 50])
def test_rare_and_long_names_are_taken(name):
    assert validate(COMPILED, owner(**{"owner.name": name}), SELLS_FOOD).cleaned["owner.name"] == name


def test_variants_of_the_separator_become_the_standard_one():
    assert (
        validate(COMPILED, owner(**{"owner.name": "买买提•示例"}), SELLS_FOOD).cleaned["owner.name"]
        == "买买提·示例"
    )


@pytest.mark.parametrize(
    ("element", "good", "bad"),
    [
        ("owner.id_number", "99999919850316001X", "999999198503160011"),
        ("owner.phone", "13800000001", "23800000001"),
        ("owner.phone", "138 0000 0001", "1380000000"),
    ],
)
def test_numbers_are_checked_by_their_format(element, good, bad):
    assert validate(COMPILED, owner(**{element: good}), SELLS_FOOD).errors == {}
    assert list(validate(COMPILED, owner(**{element: bad}), SELLS_FOOD).errors) == [element]


def test_an_enterprise_document_number_is_checked_as_a_credit_code():
    number = compiled().guide.agency.uscc
    with_code = owner(**{"owner.id_type": "uscc", "owner.id_number": number})
    assert validate(COMPILED, with_code, SELLS_FOOD).errors == {}
    as_person = owner(**{"owner.id_type": "resident_id", "owner.id_number": number})
    assert list(validate(COMPILED, as_person, SELLS_FOOD).errors) == ["owner.id_number"]


@pytest.mark.parametrize(
    ("plate", "is_right"),
    [
        ("浙D12345", True),
        ("浙d·1234f", True),
        ("浙D1234", False),
        ("浙I12345", False),
        ("浙DF12345", True),
        ("12345", False),
    ],
)
def test_plates_are_those_the_registry_gives(plate, is_right):
    result = validate(COMPILED, a_form(cars=[{"car.plate": plate}]), NO_FOOD)
    assert (result.errors == {}) == is_right
    assert set(result.errors) <= {"cars-0-car.plate"}


def test_what_is_required_and_missing_is_named():
    result = validate(COMPILED, {}, NO_FOOD)
    assert set(result.errors) == {"shop.name", "shop.area", "cars"}


def test_a_draft_may_be_half_filled_but_not_wrong():
    result = validate(COMPILED, {"shop.seats": "x", "shop.name": "店"}, NO_FOOD, partial=True)
    assert set(result.errors) == {"shop.seats"}
    assert result.cleaned == {"shop.name": "店"}


def test_a_section_is_asked_only_where_its_condition_holds():
    assert [s.key for s in applicable_sections(COMPILED, NO_FOOD)] == ["shop", "cars"]
    assert [s.key for s in applicable_sections(COMPILED, SELLS_FOOD)] == ["shop", "owner", "cars"]
    assert set(validate(COMPILED, a_form(), SELLS_FOOD).errors) == {"owner.name"}


def test_what_was_filled_in_a_section_no_longer_asked_is_left_out():
    result = validate(COMPILED, owner(**{"owner.phone": "wrong"}), NO_FOOD)
    assert result.errors == {}
    assert "owner.name" not in result.cleaned


def test_an_unknown_key_is_refused_in_the_form_and_in_a_row():
    result = validate(COMPILED, a_form(is_admin="1", cars=[{"car.plate": "浙D12345", "price": "1"}]), NO_FOOD)
    assert set(result.errors) == {"is_admin", "cars-0-price"}
    assert "is_admin" not in result.cleaned


def test_rows_are_counted():
    car = {"car.plate": "浙D12345"}
    assert set(validate(COMPILED, a_form(cars=[]), NO_FOOD).errors) == {"cars"}
    assert set(validate(COMPILED, a_form(cars=[car] * 3), NO_FOOD).errors) == {"cars"}
    assert set(validate(COMPILED, a_form(cars="浙D12345"), NO_FOOD).errors) == {"cars"}
    assert validate(COMPILED, a_form(cars=[car] * 2), NO_FOOD).is_valid


def test_each_row_has_its_own_errors():
    cars = [{"car.plate": "浙D12345"}, {"car.kind": "huge"}]
    assert set(validate(COMPILED, a_form(cars=cars), NO_FOOD).errors) == {
        "cars-1-car.plate",
        "cars-1-car.kind",
    }


def test_what_was_cleaned_is_clean():
    once = validate(COMPILED, owner(**{"shop.seats": "12", "shop.capital": "5"}), SELLS_FOOD).cleaned
    assert validate(COMPILED, once, SELLS_FOOD).cleaned == once


def test_flat_names_and_nested_data_are_the_same_thing():
    data = a_form(cars=[{"car.plate": "浙D12345", "car.kind": "big"}, {"car.plate": "浙D54321"}])
    assert flat(COMPILED, data)[field_path("car.plate", "cars", 1)] == "浙D54321"
    assert nested(COMPILED, flat(COMPILED, data)) == data


def test_rows_left_wholly_empty_are_dropped():
    assert nested(COMPILED, {"cars-0-car.plate": " ", "cars-2-car.plate": "浙D12345"}) == {
        "cars": [{"car.plate": "浙D12345"}]
    }


def test_the_json_schema_names_types_codes_and_what_is_required():
    schema = COMPILED.form.json_schema
    assert schema["required"] == ["shop.name", "shop.area", "cars"]
    assert schema["properties"]["shop.goods"]["items"]["enum"] == ["books", "food", "tools"]
    assert schema["properties"]["cars"]["maxItems"] == 2
    assert schema["additionalProperties"] is False
