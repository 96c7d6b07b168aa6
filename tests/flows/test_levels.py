"""下沉矩阵: what each level does and on what paper, beside what it actually handled; counted in sets."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from tests import people
from yueban.cases.models import Case
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.standard.service import Delegation, Offering
from yueban.flows import levels
from yueban.flows.publish_item import draft_item
from yueban.kernel import clock

pytestmark = pytest.mark.django_db
COUNTY, TOWN, VILLAGE = "330602000000", "330602011000", "330602011201"
SUBSIDY, FREIGHT = "flexible-employment-subsidy", "road-freight-permit"


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def row(key, **asked):
    return next(row for row in levels.level_rows(**asked) if row.key == key)


def cell(key, level, **asked):
    return next(cell for cell in row(key, **asked).cells if cell.level == level)


def test_the_matrix_says_what_each_level_does_in_the_order_of_a_case():
    assert [line.does for line in cell(SUBSIDY, "village").does] == ["intake"]
    assert [line.does for line in cell(SUBSIDY, "town").does] == ["intake", "pre_check"]
    assert [line.does for line in cell(SUBSIDY, "county").does] == ["intake", "decide"]
    assert cell(SUBSIDY, "city").is_empty


def test_every_item_in_force_has_its_row_once():
    keys = [row.key for row in levels.level_rows()]
    assert sorted(keys) == sorted({version.item.key for version in catalogue.versions_in_force()})


def test_the_matrix_is_narrowed_by_place_level_and_act():
    in_villages = {row.key for row in levels.level_rows(level="village")}
    assert SUBSIDY in in_villages
    assert FREIGHT not in in_villages
    assert SUBSIDY not in {row.key for row in levels.level_rows(level="village", act="decide")}
    assert levels.level_rows(COUNTY)


def test_cases_are_counted_where_they_were_handed_in_and_where_they_were_decided():
    before = cell(FREIGHT, "county").counts
    case = people.granted()
    cache.clear()
    after = cell(FREIGHT, "county").counts
    assert (after.received, after.decided) == (before.received + 1, before.decided + 1)
    Case.objects.filter(pk=case.pk).update(intake_division=VILLAGE)
    cache.clear()
    assert cell(FREIGHT, "village").counts.received == 1
    assert cell(FREIGHT, "county").counts.received == before.received
    assert cell(FREIGHT, "county", division="330603000000").counts.received == 0


def test_what_is_longer_ago_than_a_year_is_not_counted():
    case = people.granted()
    long_ago = clock.now() - timedelta(days=400)
    before = cell(FREIGHT, "county").counts.received
    Case.objects.filter(pk=case.pk).update(received_at=long_ago, decided_at=long_ago)
    cache.clear()
    assert cell(FREIGHT, "county").counts.received == before - 1


def test_a_level_that_takes_in_and_had_no_case_is_told_apart():
    Case.objects.update(received_at=None)
    assert cell(SUBSIDY, "village").is_only_on_paper
    assert not cell(SUBSIDY, "city").is_only_on_paper


def test_the_paper_of_a_delegation_is_carried_into_what_is_published():
    version = catalogue.get_published(FREIGHT, COUNTY)
    paper = Delegation(kind="委托", document="关于委托实施行政许可的决定（示例）", number="示政发〔2026〕1号")
    offering = Offering(level="county", does="intake", delegation=paper)
    standard = catalogue.standard_of(version).model_copy(update={"offerings": (offering,)})
    from tests.flows.test_publish_item import an_editor

    draft = draft_item(
        standard=standard, agency=version.agency.code, effective_on=clock.today(), actor=an_editor("author")
    )
    (line,) = catalogue.offerings_of(draft)
    assert line.delegation == paper


def test_the_matrix_costs_the_same_questions_however_many_items_and_cases(django_assert_num_queries):
    people.granted()
    levels.level_rows(COUNTY)
    cache.clear()
    with django_assert_num_queries(4):
        levels.level_rows(COUNTY)
