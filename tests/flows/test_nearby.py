"""Where an item is handled near a place: levels by rule, nearest first, open now, in few queries."""

from datetime import datetime

import pytest

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import CompiledOffering
from yueban.flows.nearby import places_for
from yueban.kernel.clock import BEIJING

pytestmark = pytest.mark.django_db

POTANG = "330602011220"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
SATURDAY = datetime(2026, 11, 28, 10, 0, tzinfo=BEIJING)


def offering(level, does, within=(), note=None):
    return CompiledOffering(level=level, does=does, when=None, when_text=None, within=within, note=note)


VILLAGE_FIRST = (
    offering("village", "intake", note="由代办员帮办"),
    offering("town", "intake"),
    offering("town", "pre_check"),
    offering("county", "decide"),
)


@pytest.fixture
def version():
    return catalogue.get_published("road-freight-permit", POTANG)


def shown(places):
    return [(place.outlet.code, [done.act for done in place.does], place.is_nearest) for place in places]


def offer(monkeypatch, lines):
    monkeypatch.setattr("yueban.catalogue.selectors.offerings_of", lambda version: lines)


def test_an_item_that_says_nothing_is_handled_where_its_agency_is(version):
    assert shown(places_for(version, POTANG, MONDAY)) == [("hall-330602", ["intake", "decide"], True)]


def test_each_level_does_its_part_and_the_nearest_open_entrance_is_marked(version, monkeypatch):
    offer(monkeypatch, VILLAGE_FIRST)
    assert shown(places_for(version, POTANG, MONDAY)) == [
        ("point-330602011220", ["intake"], True),
        ("centre-330602011", ["intake", "pre_check"], False),
        ("hall-330602", ["decide"], False),
    ]


def test_at_noon_the_open_town_goes_before_the_closed_village(version, monkeypatch):
    offer(monkeypatch, VILLAGE_FIRST)
    noon = MONDAY.replace(hour=12, minute=30)
    assert [place.outlet.code for place in places_for(version, POTANG, noon) if place.is_nearest] == [
        "centre-330602011"
    ]


def test_when_all_entrances_are_closed_the_nearest_is_marked_with_its_next_hour(version, monkeypatch):
    offer(monkeypatch, VILLAGE_FIRST)
    first = places_for(version, POTANG, SATURDAY)[0]
    assert (first.is_nearest, first.opening.text) == (True, "周一上午8:30开门")


def test_a_line_for_some_divisions_holds_only_there(version, monkeypatch):
    offer(monkeypatch, (offering("town", "intake", within=("330602011000",)), offering("county", "intake")))
    codes = [place.outlet.code for place in places_for(version, POTANG, MONDAY)]
    assert codes == ["centre-330602011", "hall-330602"]
    other = [place.outlet.code for place in places_for(version, "330602010229", MONDAY)]
    assert other == ["hall-330602"]


def test_a_place_outside_the_agencys_division_is_served_where_the_agency_is(version):
    assert [p.outlet.code for p in places_for(version, "330681001000", MONDAY)] == ["hall-330602"]
    assert [p.outlet.code for p in places_for(version, "", MONDAY)] == ["hall-330602"]


def test_it_costs_at_most_three_queries(version, monkeypatch, django_assert_max_num_queries):
    offer(monkeypatch, VILLAGE_FIRST)
    with django_assert_max_num_queries(3):
        assert len(places_for(version, POTANG, MONDAY)) == 3
