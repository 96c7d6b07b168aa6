"""四端同源: computer, phone, kiosk and window, at every level, name the same version and the same text hash."""

import pytest

from yueban.commands.parity import applicants
from yueban.commands.parity.channels import CHANNELS
from yueban.commands.parity.compare import differences
from yueban.commands.parity.places import Crew, Place, bundle_places_of, places_of
from yueban.commands.parity.prover import undone
from yueban.commands.parity.reading import Reading, VersionSeen

pytestmark = pytest.mark.django_db


def shown(place: Place) -> dict[tuple[str, str], Reading]:
    """What every channel at every level shows to one and the same applicant."""
    crew = Crew(place)
    made = applicants.make(place.compiled, position=0, kinds=place.kinds, seed="四端同源")
    spots = [(channel, desk) for channel in CHANNELS for desk in channel.spots(place)]
    for desk in {desk for _channel, desk in spots if desk is not None}:
        crew.settle(desk)
    person, found = crew.person(made), {}
    for channel, desk in spots:
        with undone():
            found[channel.key, desk.level if desk else place.level] = channel.read(crew, person, desk)
    return found


def named(readings: dict[tuple[str, str], Reading]) -> set[VersionSeen | None]:
    return {version for reading in readings.values() for version in reading.versions.values()}


def test_an_item_is_of_one_version_and_one_hash_in_every_channel_and_at_every_level():
    place = places_of("flexible-employment-subsidy")[0]
    readings = shown(place)
    ends = {"computer", "phone", "elder", "kiosk", "window", "helper", "api"}
    assert {channel for channel, _level in readings} == ends
    assert {level for _channel, level in readings} == {"county", "town", "village"}
    assert all(reading.versions for reading in readings.values())
    assert named(readings) == {VersionSeen(place.version.number, place.version.content_hash)}
    assert differences(readings, is_one_version=True) == []


def test_a_bundle_is_of_one_version_and_one_hash_in_every_channel_that_serves_it():
    place = bundle_places_of("goods-transport")[0]
    readings = shown(place)
    assert {channel for channel, _level in readings} >= {"computer", "phone", "elder", "kiosk"}
    assert {level for _channel, level in readings} == {"county", "town", "village"}
    assert named(readings) == {VersionSeen(place.version.number, place.version.content_hash)}
    assert differences(readings, is_one_version=True) == []


def test_a_hash_speaks_of_the_text_a_changed_word_gives_another():
    from yueban.agencies import selectors as agencies
    from yueban.catalogue import selectors as catalogue
    from yueban.catalogue import services
    from yueban.elements import selectors as elements

    version = catalogue.get_published("flexible-employment-subsidy", "330603000000")
    facts = services.agency_facts(agencies.get_agency(version.agency.code))
    standard = catalogue.standard_of(version)
    told = standard.model_copy(update={"name": standard.name + "（试行）"})
    same, other = (services.prepare(one, facts, elements.dictionary()) for one in (standard, told))
    assert same.content_hash == version.content_hash
    assert other.content_hash != version.content_hash
