"""Bundles of the model city: where they are offered, what they join, and how they follow their items."""

import pytest
from django.db import DatabaseError, connection, transaction

from yueban.catalogue import selectors, services
from yueban.catalogue.bundles.national import national_list
from yueban.catalogue.choices import VersionState
from yueban.catalogue.errors import BundleNotFound
from yueban.catalogue.models import BundleVersion, ItemVersion
from yueban.elements import selectors as elements
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db
COUNTY, TOWN, CITY = "330602000000", "330602001000", "330600000000"
ITEM = "road-freight-permit"


def standards():
    rows = BundleVersion.objects.order_by("bundle_id", "-number").distinct("bundle_id")
    return [services.BundleStandard.model_validate(row.definition) for row in rows]


def in_force():
    return selectors.get_bundle("goods-transport", COUNTY)


def test_every_county_offers_the_bundles_whose_items_it_has():
    places = {version.division_code for version in selectors.bundle_places("goods-transport")}
    assert len(places) == 6
    assert CITY not in places
    assert {version.bundle.key for version in selectors.bundles_in_force(COUNTY)} >= {
        "goods-transport",
        "open-restaurant",
        "company-closure",
        "newborn",
        "retirement",
        "school-enrolment",
    }


def test_a_town_is_served_by_its_county():
    assert selectors.get_bundle("goods-transport", TOWN) == in_force()


def test_a_bundle_not_offered_here_says_so():
    with pytest.raises(BundleNotFound, match="没有在用的一件事"):
        selectors.get_bundle("goods-transport", CITY)


def test_a_version_knows_the_item_versions_it_joins():
    version = in_force()
    children = selectors.item_versions_of(version)
    assert children["permit"] == selectors.get_published(ITEM, COUNTY)
    assert version.compiled_bundle.child_by_key["permit"].version_hash == children["permit"].content_hash


def test_lists_of_bundles_ask_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.bundles_in_force(COUNTY)


def test_publishing_the_same_bundles_again_changes_nothing():
    before = in_force()
    changes = services.publish_bundles(standards=standards(), effective_on=clock.today(), actor=SYSTEM)
    assert (changes.created, changes.changed) == (0, 0)
    assert changes.unchanged > 0
    assert in_force() == before


def test_a_new_version_of_an_item_is_a_new_version_of_the_bundles_that_join_it_and_of_no_other():
    before, other = in_force(), selectors.get_bundle("newborn", COUNTY)
    elsewhere = selectors.get_bundle("goods-transport", "330603000000")
    publish_item(summary="换了说法。")
    made = services.refresh_bundles(item_key=ITEM, agency_division=COUNTY, on=clock.today(), actor=SYSTEM)
    assert {version.bundle.key for version in made} >= {"goods-transport"}
    after = in_force()
    assert (after.number, before.number) == (2, 1)
    assert selectors.item_versions_of(after)["permit"] == selectors.get_published(ITEM, COUNTY)
    assert selectors.bundle_version(before.pk).effective_until == clock.today()
    assert selectors.get_bundle("newborn", COUNTY) == other
    assert selectors.get_bundle("goods-transport", "330603000000") == elsewhere


def test_a_bundle_whose_item_is_withdrawn_is_suspended_with_the_reason_and_comes_back_with_it():
    before = in_force()
    ItemVersion.objects.filter(pk=selectors.get_published(ITEM, COUNTY).pk).update(
        state=VersionState.SUSPENDED
    )
    renew()
    with pytest.raises(BundleNotFound):
        selectors.get_bundle("goods-transport", COUNTY)
    assert "没有在用的事项" in selectors.bundle_version(before.pk).words
    ItemVersion.objects.filter(item__key=ITEM, agency__division__code=COUNTY).update(
        state=VersionState.PUBLISHED
    )
    renew()
    assert in_force().number == 2


def test_what_was_published_cannot_be_changed_or_deleted():
    version = in_force()
    for statement in (
        "UPDATE catalogue_bundleversion SET compiled = '{}' WHERE id = %s",
        "DELETE FROM catalogue_bundleversion WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [version.pk])


def test_the_national_list_has_five_batches_of_55_and_leaves_what_is_not_known_blank():
    found = national_list()
    assert (len(found.batches), found.size) == (5, 55)
    assert all(len(batch.entries) == batch.size for batch in found.batches)
    assert any(entry.name is None for batch in found.batches for entry in batch.entries)
    assert [(count.done, count.of) for count in found.published] == [(28, 33)]


def publish_item(**changes):
    version = selectors.get_published(ITEM, COUNTY)
    standard = selectors.standard_of(version).model_copy(update=changes)
    facts = services.agency_facts(version.agency)
    prepared = services.prepare(standard, facts, elements.dictionary())
    services.publish_prepared(prepared=[prepared], effective_on=clock.today(), actor=SYSTEM)


def renew():
    services.refresh_bundles(item_key=ITEM, agency_division=COUNTY, on=clock.today(), actor=SYSTEM)
