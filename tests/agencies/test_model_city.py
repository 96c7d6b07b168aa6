"""The agencies of the model city: every kind where it exists, every town, right names, demo codes."""

from collections import Counter

import pytest

from yueban.agencies import selectors
from yueban.agencies.models import Agency

pytestmark = pytest.mark.django_db

COUNTIES = ("yuecheng", "keqiao", "shangyu", "xinchang", "zhuji", "shengzhou")
# Kinds that only the city has, and those that one county lacks.
CITY_ONLY = {"sports", "qualification-register"}
LACKING = {("yuecheng", "meteorology")}


def test_every_kind_stands_at_the_city_and_in_every_county_that_has_it():
    stored = set(Agency.objects.exclude(kind="town-government").values_list("code", flat=True))
    kinds = {agency.kind for agency in Agency.objects.filter(code__startswith="shaoxing-")}
    assert len(kinds) >= 38
    wanted = {f"shaoxing-{kind}" for kind in kinds} | {
        f"{county}-{kind}"
        for county in COUNTIES
        for kind in kinds - CITY_ONLY
        if (county, kind) not in LACKING
    }
    assert stored == wanted


def test_all_103_towns_have_their_government():
    towns = Agency.objects.filter(kind="town-government").select_related("division")
    assert towns.count() == 103
    assert all(town.code == f"town-{town.division.code[:9]}" for town in towns)
    counted = Counter(town.division.code[:6] for town in towns)
    assert counted == {"330602": 17, "330603": 16, "330604": 20, "330624": 12, "330681": 23, "330683": 15}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("yuecheng-human-resources", "绍兴市越城区人力资源和社会保障局"),
        ("xinchang-civil-affairs", "新昌县民政局"),
        ("zhuji-education", "诸暨市教育体育局"),
        ("town-330602011", "绍兴市越城区人民政府鉴湖街道办事处"),
        ("town-330602108", "绍兴市越城区富盛镇人民政府"),
        ("town-330624200", "新昌县城南乡人民政府"),
        ("town-330681001", "诸暨市人民政府暨阳街道办事处"),
    ],
)
def test_agencies_bear_their_formal_names(code, name):
    assert selectors.get_agency(code).name == name


def test_branches_stand_below_the_citys_centre():
    below = {agency.code for agency in selectors.subtree("shaoxing-housing-fund")}
    assert below == {"shaoxing-housing-fund", *(f"{county}-housing-fund" for county in COUNTIES)}


def test_the_town_government_of_a_village_is_its_towns():
    assert selectors.agency_of_kind("town-government", "330602011220").code == "town-330602011"


def test_what_is_not_a_real_code_is_marked():
    assert not Agency.objects.filter(is_uscc_demo=False).exists()
