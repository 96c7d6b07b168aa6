"""The divisions of the model city."""

import pytest

from yueban.divisions import codes, selectors, services
from yueban.divisions.errors import DivisionNotFound
from yueban.divisions.models import Division
from yueban.divisions.services import DivisionRow

pytestmark = pytest.mark.django_db


def test_the_city_has_six_counties_and_one_hundred_and_three_towns():
    assert [division.name for division in selectors.counties()] == [
        "越城区",
        "柯桥区",
        "上虞区",
        "新昌县",
        "诸暨市",
        "嵊州市",
    ]
    assert Division.objects.filter(level="town").count() == 103
    assert Division.objects.filter(is_functional=False).count() == 2278


def test_a_subtree_is_everything_whose_code_begins_with_the_prefix():
    tashan = selectors.get_division("330602001000")
    assert tashan.prefix == "330602001"
    assert tashan.parent is not None and tashan.parent.name == "越城区"
    villages = selectors.subtree(tashan.code)
    assert villages.count() == 1 + selectors.children_of(tashan.code).count()
    assert all(village.code.startswith("330602001") for village in villages)


def test_a_code_that_ends_in_zeros_keeps_the_digits_of_its_level():
    assert codes.prefix_of("000000000000") == ""
    assert codes.prefix_of("330600000000") == "3306"
    assert codes.prefix_of("330602100000") == "330602100"
    assert codes.ancestry("330602001003") == ("330602001003", "330602001000", "330602000000", "330600000000")
    assert codes.ancestry("330600000000") == ("330600000000",)


def test_places_lie_within_places():
    assert selectors.is_within("330602001003", "330602000000")
    assert not selectors.is_within("330603001003", "330602000000")
    assert selectors.full_name("330602001000") == "绍兴市越城区塔山街道"


def test_a_division_that_is_not_there_is_an_error_with_a_hint():
    with pytest.raises(DivisionNotFound) as caught:
        selectors.get_division("999999000000")
    assert "999999000000" in caught.value.message
    assert caught.value.hint
    assert selectors.find_division("999999000000") is None


def test_a_zone_on_the_level_of_its_parent_has_it_from_the_first_load():
    rows = [
        DivisionRow("330699000000", "示例区", "county", "330600000000"),
        DivisionRow("330698000000", "示例新区", "county", "330699000000", is_functional=True),
    ]
    assert services.save_divisions(rows=rows).created == 2
    assert selectors.get_division("330698000000").parent.code == "330699000000"
    assert services.save_divisions(rows=rows).unchanged == 2


def test_a_functional_area_outside_the_national_list_hangs_under_its_city():
    area = "330655000000"
    rows = [DivisionRow(area, "示例新区", "county", "330600000000", "Example New Area", is_functional=True)]
    assert services.save_divisions(rows=rows).created == 1
    assert services.save_divisions(rows=rows).unchanged == 1
    renamed = [
        DivisionRow(area, "示例新城", "county", "330600000000", "Example New Area", is_functional=True)
    ]
    assert services.save_divisions(rows=renamed).changed == 1
    assert selectors.get_division(area).parent.code == "330600000000"
