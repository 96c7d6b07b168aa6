"""Publication: versions follow one another, the same content changes nothing, what was published never changes."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from yueban.agencies import selectors as agencies
from yueban.audit import selectors as audit
from yueban.catalogue import selectors, services
from yueban.catalogue.errors import ItemNotFound
from yueban.catalogue.models import ItemVersion
from yueban.elements import selectors as elements
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
KEY, COUNTY, AGENCY = "road-freight-permit", "330602000000", "yuecheng-transport"


def in_force():
    return selectors.get_published(KEY, COUNTY)


def prepared(**changes):
    standard = selectors.standard_of(in_force()).model_copy(update=changes)
    return [
        services.prepare(standard, services.agency_facts(agencies.get_agency(AGENCY)), elements.dictionary())
    ]


def publish(**changes):
    return services.publish_prepared(
        prepared=prepared(**changes), effective_on=date(2026, 1, 1), actor=SYSTEM
    )


def test_the_same_content_again_changes_nothing():
    before = in_force()
    assert publish().unchanged == 1
    assert in_force() == before


def test_changed_content_is_a_new_version_and_the_old_one_stays_as_it_was():
    before = in_force()
    definition = dict(before.definition)
    assert publish(summary="换了说法。").changed == 1
    after = in_force()
    assert (after.number, after.summary) == (before.number + 1, "换了说法。")
    assert after.content_hash != before.content_hash
    old = selectors.get_version(before.pk)
    assert old.definition == definition
    assert old.effective_until == after.effective_on == clock.today()


def test_only_one_version_is_in_force_at_an_agency():
    publish(summary="一。")
    publish(summary="二。")
    rows = selectors.versions_in_force().filter(item__key=KEY, agency__code=AGENCY)
    assert [row.summary for row in rows] == ["二。"]
    assert list(selectors.versions_of(KEY, AGENCY).values_list("number", flat=True)) == [3, 2, 1]


def test_a_version_with_a_later_day_waits_for_it():
    before = in_force()
    begins = clock.today() + timedelta(days=10)
    publish(summary="以后。", effective_on=begins)
    assert in_force() == before
    assert selectors.get_published(KEY, COUNTY, on=begins).summary == "以后。"
    assert selectors.get_published(KEY, COUNTY, on=begins - timedelta(days=1)) == before


def test_changed_elements_make_a_new_version_of_unchanged_words():
    standard = selectors.standard_of(in_force())
    dictionary = elements.dictionary()
    renamed = dictionary.elements["enterprise.name"].model_copy(update={"name": "单位名称"})
    changed = type(dictionary).of(
        [*dictionary.elements.values(), renamed],
        dictionary.code_lists,
        dictionary.canonical_materials.values(),
    )
    one = services.prepare(standard, services.agency_facts(agencies.get_agency(AGENCY)), changed)
    assert services.publish_prepared(prepared=[one], effective_on=date(2026, 1, 1), actor=SYSTEM).changed == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_itemversion SET definition = '{}' WHERE id = %s",
        "UPDATE catalogue_itemversion SET compiled = '{}' WHERE id = %s",
        "UPDATE catalogue_itemversion SET content_hash = 'x' WHERE id = %s",
        "UPDATE catalogue_itemversion SET effective_on = '2020-01-01' WHERE id = %s",
        "UPDATE catalogue_itemversion SET state = 'draft' WHERE id = %s",
        "DELETE FROM catalogue_itemversion WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_what_was_published(statement):
    version = in_force()
    with pytest.raises(Error, match="cannot be"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [version.pk])
    assert ItemVersion.objects.get(pk=version.pk).content_hash == version.content_hash


def test_a_suspended_version_is_not_offered_and_can_be_resumed():
    version = in_force()
    services.suspend_version(version_id=version.pk, reason="系统升级", actor=SYSTEM)
    assert selectors.get_published(KEY, COUNTY).agency.code != AGENCY
    assert selectors.get_version(version.pk).state == "suspended"
    services.resume_version(version_id=version.pk, reason="升级完成", actor=SYSTEM)
    assert in_force().pk == version.pk


def test_an_item_nobody_has_in_force_is_not_found():
    for version in selectors.adopters_of(KEY):
        services.cancel_version(version_id=version.pk, reason="取消", actor=SYSTEM)
    with pytest.raises(ItemNotFound):
        selectors.get_published(KEY)
    assert selectors.find_published(KEY) is None
    assert KEY not in [version.item.key for version in selectors.published_items()]


def test_publication_is_recorded():
    publish(summary="记一笔。")
    last = list(audit.events_of(Reference("item", KEY)))[-1]
    assert last.kind == "published"
    assert last.data["agency"] == AGENCY
    assert last.data["hash"] == in_force().content_hash


def test_the_version_of_the_agency_serving_the_place_is_taken():
    assert selectors.get_published(KEY, "330681107000").agency.code == "zhuji-transport"
    assert selectors.get_published(KEY).agency.code == AGENCY
    assert len(selectors.adopters_of(KEY)) == 6


def test_each_item_is_listed_once_for_a_place_and_an_audience():
    rows = selectors.published_items(division="330681000000", audience="enterprise")
    keys = [version.item.key for version in rows]
    assert len(keys) == len(set(keys))
    assert KEY in keys and "old-age-allowance" not in keys, "one for enterprises, one for persons alone"
    assert {version.agency.division.code for version in rows} <= {"330681000000", "330600000000"}
    assert selectors.published_items(life_stage="准入准营")
    assert selectors.published_items(life_stage="没有这个阶段") == []


def test_the_list_asks_the_database_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        for version in selectors.published_items(division=COUNTY):
            assert version.agency.division.name
            assert version.item.key


def test_words_no_version_is_found_by_any_more_leave_the_index():
    for version in selectors.adopters_of(KEY):
        services.cancel_version(version_id=version.pk, reason="取消", actor=SYSTEM)
    old = ItemVersion.objects.filter(item__key=KEY).first().search_text
    assert old.keys.exists()
    services.publish_prepared(
        prepared=[
            services.prepare(
                selectors.standard_of(ItemVersion.objects.filter(item__key=KEY).first()).model_copy(
                    update={"aliases": ("全新的说法",)}
                ),
                services.agency_facts(agencies.get_agency(AGENCY)),
                elements.dictionary(),
            )
        ],
        effective_on=date(2026, 1, 1),
        actor=SYSTEM,
    )
    assert not old.keys.exists()
    assert [found.key for found in selectors.search_items("全新的说法")] == [KEY]
    assert KEY not in [found.key for found in selectors.search_items("拉货执照") if found.matched]
