"""Divisions that are renamed or merged: nothing is lost, everything is found."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from yueban.audit import selectors as audit
from yueban.divisions import selectors, services
from yueban.divisions.errors import DivisionNotFound, MergeRefused
from yueban.divisions.models import Division
from yueban.divisions.services import DivisionRow
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db

POTANG, NEIGHBOUR, THIRD = "330602011220", "330602011219", "330602011218"


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture(autouse=True)
def _three_villages():
    rows = [
        DivisionRow(code, name, "village", "330602011000")
        for code, name in ((POTANG, "坡塘村委会"), (NEIGHBOUR, "邻村委会"), (THIRD, "远村委会"))
    ]
    services.save_divisions(rows=rows)


def test_a_renamed_division_keeps_its_code_and_is_found_by_both_names(today):
    for _ in range(2):
        services.rename_division(code=POTANG, name="新坡塘村委会", actor=SYSTEM)
    assert [row.code for row in selectors.divisions_called("新坡塘村委会")] == [POTANG]
    assert [row.code for row in selectors.divisions_called("坡塘村委会")] == [POTANG]
    assert selectors.name_on(POTANG, today - timedelta(days=1)) == "坡塘村委会"
    assert selectors.name_on(POTANG, today) == "新坡塘村委会"
    kinds = [event.kind for event in audit.events_of(Reference("division", POTANG))]
    assert kinds == ["division_renamed"]


def test_a_name_changed_in_the_pack_is_kept_too():
    services.save_divisions(rows=[DivisionRow(POTANG, "大坡塘村委会", "village", "330602011000")])
    assert [row.code for row in selectors.divisions_called("坡塘村委会")] == [POTANG]


def test_a_merged_division_stays_and_leads_to_the_one_that_took_it_in(today):
    services.merge_division(code=THIRD, into=NEIGHBOUR, on=today, actor=SYSTEM)
    services.merge_division(code=NEIGHBOUR, into=POTANG, on=today, actor=SYSTEM)
    assert selectors.get_division(THIRD).name == "远村委会"
    assert selectors.current_code(THIRD) == selectors.current_code(NEIGHBOUR) == POTANG
    living = [row.code for row in selectors.children_of("330602011000")]
    assert POTANG in living and NEIGHBOUR not in living and THIRD not in living
    assert selectors.current_code("999999999999") == "999999999999"


def test_until_its_last_day_a_division_stands(today):
    services.merge_division(code=NEIGHBOUR, into=POTANG, on=today + timedelta(days=1), actor=SYSTEM)
    assert selectors.current_code(NEIGHBOUR) == NEIGHBOUR
    assert NEIGHBOUR in [row.code for row in selectors.children_of("330602011000")]


def test_what_cannot_be_merged_is_refused(today):
    def merge(code, into):
        services.merge_division(code=code, into=into, on=today, actor=SYSTEM)

    with pytest.raises(MergeRefused, match="级别不同"):
        merge(POTANG, "330602011000")
    with pytest.raises(MergeRefused):
        merge(POTANG, POTANG)
    merge(NEIGHBOUR, POTANG)
    with pytest.raises(MergeRefused, match="反过来"):
        merge(POTANG, NEIGHBOUR)
    with pytest.raises(DivisionNotFound):
        merge(POTANG, "999999999999")
    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.filter(code=POTANG).update(merged_into=Division.objects.get(code=THIRD))


def test_the_pack_says_who_was_merged_once(today):
    row = DivisionRow(
        NEIGHBOUR, "邻村委会", "village", "330602011000", merged_into=POTANG, ended_on=date(2026, 6, 1)
    )
    assert services.store_divisions(rows=[row]).merged == ((NEIGHBOUR, POTANG),)
    assert services.store_divisions(rows=[row]).merged == ()
    assert selectors.current_code(NEIGHBOUR) == POTANG


def test_functional_areas_are_there_without_being_counties():
    codes = [area.code for area in selectors.functional_areas()]
    assert codes == ["330651000000", "330652000000", "330653000000", "330654000000"]
    assert all(area.parent is not None and "待核" in area.note for area in selectors.functional_areas())
    assert not set(codes) & {county.code for county in selectors.counties()}
    assert not set(codes) & {child.code for child in selectors.children_of("330600000000")}
