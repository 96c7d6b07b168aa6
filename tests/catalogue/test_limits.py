"""Limits of numbers and dates, of elements and of single fields, and codes a field does not offer."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from tests.catalogue.standards import ITEM, compiled, problems
from tests.people import FORM
from yueban.catalogue.forms import validate
from yueban.catalogue.selectors import get_published
from yueban.elements.rows import ElementRow
from yueban.elements.selectors import Bounds
from yueban.kernel import clock

FACTS = {"shop.kind": "big", "shop.food": False}
LIMITS = {
    "shop.area": {"above": 4.5, "maximum": 200, "too_low": "4.5平方米及以下的无需办理。"},
    "shop.seats": {"minimum": 1, "maximum": 50},
    "shop.opened_on": {"not_before": "today"},
}


@pytest.fixture(autouse=True)
def _today():
    clock.set_source(lambda: datetime(2026, 11, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
    yield
    clock.set_source(None)


def a_form_item(**by_element):
    """The shop permit with its fields changed by element."""
    sections = [
        {**section, "fields": [{**row, **by_element.get(row["element"], {})} for row in section["fields"]]}
        for section in ITEM["form"]["sections"]
    ]
    return {"form": {"sections": sections}}


LIMITED = compiled(**a_form_item(**{element: {"bounds": bounds} for element, bounds in LIMITS.items()}))


def errors(**values):
    data = {"shop.name": "示例店", "shop.area": "20", "cars": [{"car.plate": "浙D12345"}], **values}
    return validate(LIMITED, data, FACTS).errors


@pytest.mark.parametrize(
    ("element", "value", "message"),
    [
        ("shop.area", "3.5", "4.5平方米及以下的无需办理。"),
        ("shop.area", "4.50", "4.5平方米及以下的无需办理。"),
        ("shop.area", "200.01", "面积不能超过200平方米。请核对后重填。"),
        ("shop.seats", "0", "座位数不能小于1。"),
        ("shop.seats", "51", "座位数不能超过50。请核对后重填。"),
        ("shop.opened_on", "2026-11-04", "开业日期不能早于今天。"),
    ],
)
def test_a_value_beyond_its_limits_is_named_in_chinese(element, value, message):
    assert errors(**{element: value}) == {element: message}


@pytest.mark.parametrize(
    ("element", "value"),
    [("shop.area", "4.51"), ("shop.area", "200"), ("shop.seats", 1), ("shop.opened_on", "2026-11-05")],
)
def test_a_value_at_its_limit_is_taken(element, value):
    assert errors(**{element: value}) == {}


def test_a_field_narrows_its_element_and_never_widens_it():
    element = Bounds(above=0, maximum=100)
    assert element.narrowed(Bounds(above=4.5, maximum=200)) == Bounds(above=4.5, maximum=100)
    assert element.narrowed(None) == element


def test_limits_stand_in_the_schema():
    properties = LIMITED.form.json_schema["properties"]
    assert (properties["shop.seats"]["minimum"], properties["shop.seats"]["maximum"]) == (1, 50)
    assert properties["shop.area"]["x-exclusiveMinimum"] == "4.5"
    assert properties["shop.opened_on"]["x-not-before"] == "today"


def test_limits_survive_being_stored():
    stored = type(LIMITED).of_json(LIMITED.to_json())
    assert stored == LIMITED


def test_limits_that_mean_nothing_for_the_type_are_refused():
    (problem,) = problems(**a_form_item(**{"shop.name": {"bounds": {"maximum": 3}}}))
    assert problem.path[-1] == "bounds"
    with pytest.raises(ValidationError):
        ElementRow(code="shop.opened_on", name="开业日期", type="date", bounds=Bounds(minimum=1))


def test_a_field_offers_only_the_codes_it_names():
    one = compiled(**a_form_item(**{"shop.goods": {"only": ["food"]}}))
    data = {"shop.name": "示例店", "shop.area": "20", "cars": [{"car.plate": "浙D12345"}]}
    assert validate(one, {**data, "shop.goods": ["food"]}, FACTS).is_valid
    assert set(validate(one, {**data, "shop.goods": ["tools"]}, FACTS).errors) == {"shop.goods"}
    (problem,) = problems(**a_form_item(**{"shop.goods": {"only": ["cats"]}}))
    assert problem.path[-2:] == ("only", 0)


FREIGHT_FACTS = {"vehicle.readiness": "owned", "vehicle.mass_band": "heavy"}


def freight_errors(form, **changes):
    version = get_published("road-freight-permit", "330602000000")
    found = validate(version.compiled, {**form, **changes}, FREIGHT_FACTS).errors
    return {path: message for path, message in found.items() if not path.startswith("enterprise.")}


@pytest.mark.django_db
def test_a_truck_that_needs_no_permit_cannot_be_applied_for():
    (truck,) = FORM["vehicles"]
    for mass in ("3.5", "4.5"):
        found = freight_errors(FORM, vehicles=[{**truck, "vehicle.gross_mass": mass}])
        assert set(found) == {"vehicles-0-vehicle.gross_mass"}
        assert "无需办理" in found["vehicles-0-vehicle.gross_mass"]
    late = [{**truck, "vehicle.inspection_valid_until": date(2026, 11, 4).isoformat()}]
    assert set(freight_errors(FORM, vehicles=late)) == {"vehicles-0-vehicle.inspection_valid_until"}
    assert freight_errors(FORM) == {}


@pytest.mark.django_db
def test_post_asks_where_to_and_the_clerk_s_ways_are_not_offered():
    assert set(freight_errors(FORM, **{"delivery.method": "post"})) == {
        "delivery.recipient",
        "delivery.recipient_phone",
        "delivery.address",
    }
    assert set(freight_errors(FORM, **{"delivery.method": "notice"})) == {"delivery.method"}
    assert set(freight_errors(FORM, **{"contact.id_type": "uscc"})) >= {"contact.id_type"}


@pytest.mark.django_db
def test_the_guide_names_sole_traders_where_they_may_apply():
    for key in ("road-freight-permit", "food-business-permit", "public-place-hygiene-permit"):
        assert "个体工商户" in get_published(key).compiled.guide.applicants
