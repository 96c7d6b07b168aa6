"""The outlets of the model city: every hall, centre and point, and every workbench."""

from collections import Counter

import pytest
from django.db.models import Sum

from yueban.outlets import selectors
from yueban.outlets.models import Outlet

pytestmark = pytest.mark.django_db


def test_there_are_2278_outlets_one_a_division():
    counted = Counter(Outlet.objects.values_list("kind", flat=True))
    assert counted == {"city_hall": 1, "county_hall": 6, "town_centre": 103, "village_point": 2168}
    assert sum(counted.values()) == 1 + 6 + 103 + 2168 == 2278
    assert Outlet.objects.values("division").distinct().count() == 2278
    assert all(outlet.level == outlet.division.level for outlet in selectors.outlets())


def test_there_are_2715_workbenches():
    assert Outlet.objects.aggregate(total=Sum("seats"))["total"] == 2715


def test_what_is_invented_is_marked():
    assert not Outlet.objects.filter(is_demo=False).exclude(address="", phone="").exists()
    assert not Outlet.objects.filter(longitude__isnull=False).exists()


def test_a_village_point_is_run_by_its_town():
    point = selectors.outlet_of_division("330602011220")
    assert (point.name, point.agency.code) == ("坡塘村便民服务点", "town-330602011")
    assert point.equipment == ["card_reader", "scanner", "printer"]


def test_the_nearest_outlets_follow_the_tree_of_divisions(django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [outlet.name for outlet in selectors.nearest("330602011220")]
    assert names == [
        "坡塘村便民服务点",
        "鉴湖街道便民服务中心",
        "绍兴市越城区政务服务中心",
        "绍兴市政务服务中心",
    ]
    kinds = [outlet.kind for outlet in selectors.nearest("330602011220", {"town", "city"})]
    assert kinds == ["town_centre", "city_hall"]


def test_by_distance_where_coordinates_are_known():
    Outlet.objects.filter(code="hall-330600").update(longitude=120.58, latitude=30.03)
    Outlet.objects.filter(code="hall-330681").update(longitude=120.24, latitude=29.71)
    found = selectors.nearest_by_distance(120.25, 29.70)
    assert [outlet.code for outlet, _ in found] == ["hall-330681", "hall-330600"]
    assert found[0][1] == pytest.approx(1.47, abs=0.05)
    assert [o.code for o, _ in selectors.nearest_by_distance(120.25, 29.7, levels={"city"})] == [
        "hall-330600"
    ]
