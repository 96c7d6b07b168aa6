"""How much of a city's work the model city covers, and that every result can really be given."""

import pytest

from yueban.catalogue import selectors as catalogue
from yueban.certificates import selectors as certificates

pytestmark = pytest.mark.django_db


@pytest.fixture
def guides():
    """One version of every item of the city, by the item's key."""
    return {version.item.key: version.compiled for version in catalogue.published_items()}


def test_the_city_has_sixty_items_of_fifteen_departments_and_more():
    versions = list(catalogue.published_items())
    assert len({version.item.key for version in versions}) >= 60
    assert len({version.agency.kind for version in versions}) >= 15


def test_every_clock_set_and_both_ways_of_handling_are_among_them(guides):
    assert {one.clocks.kind for one in guides.values()} == {
        "permit",
        "registration",
        "filing",
        "grant",
        "service",
    }
    assert {one.clocks.promised.amount == 0 for one in guides.values()} == {True, False}
    assert {one.guide.agency.level for one in guides.values()} == {"3", "4", "5"}


def test_a_certificate_is_written_from_the_form_or_made_in_the_running_system(guides):
    fields = {row.key: row.fields for row in certificates.certificate_types()}
    for key, compiled in guides.items():
        given = compiled.guide.result.certificate_type
        if given is None or compiled.guide.runs_in is not None:
            continue
        asked = {
            field.element
            for section in compiled.form.sections
            if section.repeat is None
            for field in section.fields
        } | {question.element for question in compiled.situations.questions.values()}
        needed = {field["key"] for field in fields[given] if field.get("required", True)}
        assert needed <= asked, key
