"""The proof: each item in force, each place, each channel, the same applicants; everything is undone again.

Where two places ask the same (one digest over questions, form and materials) the channels are led through at the
first of them only, and the other counts as shared; with ``every_place`` they are led through at each.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.commands.parity import applicants
from yueban.commands.parity.channels import CHANNELS, Channel
from yueban.commands.parity.compare import Odd, differences, most
from yueban.commands.parity.places import Crew, Desk, Person, Place, bundle_places_of, places_of
from yueban.commands.parity.reading import PageUnread, Reading

Progress = Callable[[str], None]
SEED = "同源"
EVERY_CHANNEL = "all"
Stand = tuple[Channel, Desk | None]


@dataclass(frozen=True)
class Spot:
    """A channel at a level: what is compared with each other at one place."""

    channel: str
    level: str


@dataclass(frozen=True)
class Difference:
    """What differs: in which item, in which channel (all = the whole place), at which level and place, for whom."""

    kind: str
    item: str
    channel: str
    level: str
    place: str
    applicant: int
    what: str
    expected: str
    found: str


@dataclass
class Proof:
    """What was proved, and what was not."""

    items: set[str] = field(default_factory=set)
    bundles: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)
    applicants: int = 0
    places: int = 0
    shared: int = 0
    readings: int = 0
    differences: list[Difference] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that the command prints."""
        return {
            "ok": not self.differences,
            "items": len(self.items),
            "bundles": len(self.bundles),
            "channels": len(self.channels),
            "levels": len(self.levels),
            "applicants": self.applicants,
            "places": self.places,
            "shared": self.shared,
            "readings": self.readings,
            "differences": [asdict(one) for one in self.differences],
        }


@dataclass(frozen=True)
class Prover:
    """How thoroughly is proved, and by which channels."""

    applicants: int = 3
    every_place: bool = False
    rotates: bool = False  # each applicant goes through one channel of a family, in turn; else through all
    channels: Sequence[Channel] = CHANNELS

    def prove(self, keys: Sequence[str], bundles: Sequence[str], progress: Progress) -> Proof:
        """All these items and bundles; a line of progress for each."""
        proof = Proof()
        steps = [(self.prove_item, key) for key in keys] + [(self.prove_bundle, key) for key in bundles]
        for position, (step, key) in enumerate(steps, 1):
            before = len(proof.differences)
            step(key, proof)
            new = len(proof.differences) - before
            progress(f"{position}/{len(steps)} {key}" + (f"：{new} 处不同" if new else ""))
        return proof

    def prove_item(self, key: str, proof: Proof) -> None:
        """One item at all its places; nothing of it stays in the database."""
        proof.items.add(key)
        self._prove(key, places_of, proof)

    def prove_bundle(self, key: str, proof: Proof) -> None:
        """One bundle at all its places, in the channels that serve bundles."""
        proof.bundles.add(key)
        self._prove(key, bundle_places_of, proof)

    def _prove(self, key: str, places_by: Callable[[str], list[Place]], proof: Proof) -> None:
        with undone():
            places = places_by(key)
            proof.places += len(places)
            chosen = places if self.every_place else list(_first_of_each_digest(places))
            proof.shared += len(places) - len(chosen)
            read = {place.division: self._read(place, proof) for place in chosen}
            proof.applicants += self.applicants
        found = [odd for place in chosen for odd in _odd_channels(key, place, read[place.division])]
        found += _odd_places(key, chosen, read)
        proof.differences += _once(found)

    def _read(self, place: Place, proof: Proof) -> list[dict[Spot, Reading | PageUnread]]:
        """What every channel shows every applicant at a place."""
        crew, found = Crew(place), []
        spots = [(channel, desk) for channel in self.channels for desk in channel.spots(place)]
        for one in {desk for _channel, desk in spots if desk is not None}:
            crew.settle(one)
        for position in range(self.applicants):
            made = applicants.make(place.compiled, position=position, kinds=place.kinds, seed=SEED)
            with undone():
                person = crew.person(made)
                shown: dict[Spot, Reading | PageUnread] = {}
                open_to = [(channel, desk) for channel, desk in spots if made.kind in channel.kinds]
                for channel, desk in _in_turn(place, open_to, position) if self.rotates else open_to:
                    level = place.level if desk is None or channel.key == "api" else desk.level
                    shown[Spot(channel.key, level)] = _shown(channel, crew, person, desk)
                    proof.channels.add(channel.key)
                    proof.levels.add(level)
                    proof.readings += 1
                found.append(shown)
        return found


def _in_turn(place: Place, spots: Sequence[Stand], position: int) -> Iterator[Stand]:
    """One stand of every family, another one for the next applicant and for the next item."""
    families: dict[str, list[Stand]] = {}
    for channel, desk in spots:
        families.setdefault(channel.family, []).append((channel, desk))
    start = zlib.crc32(place.item.encode()) + position
    yield from (stands[start % len(stands)] for stands in families.values())


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _shown(channel: Channel, crew: Crew, person: Person, desk: Desk | None) -> Reading | PageUnread:
    try:
        with undone():
            return channel.read(crew, person, desk)
    except PageUnread as unread:
        return unread


def _first_of_each_digest(places: Sequence[Place]) -> Iterator[Place]:
    seen: set[str] = set()
    for place in places:
        if place.digest not in seen:
            seen.add(place.digest)
            yield place


def _odd_channels(
    key: str, place: Place, read: Sequence[Mapping[Spot, Reading | PageUnread]]
) -> Iterator[Difference]:
    """What one channel shows otherwise than the others at the same place."""
    for position, shown in enumerate(read):
        for spot, unread in shown.items():
            if isinstance(unread, PageUnread):
                yield _difference(key, spot, place, position, Odd(spot, "页面", "可以读", str(unread)))
        for odd in differences(_readings(shown), is_one_version=True):
            assert isinstance(odd.who, Spot)
            yield _difference(key, odd.who, place, position, odd)


def _odd_places(
    key: str,
    places: Sequence[Place],
    read: Mapping[str, Sequence[Mapping[Spot, Reading | PageUnread]]],
) -> Iterator[Difference]:
    """What one place asks otherwise than the others, in all its channels."""
    if len(places) < 2:
        return
    by_division = {place.division: place for place in places}
    for position in range(len(read[places[0].division])):
        readings = {
            division: most(_readings(shown[position])) for division, shown in read.items() if shown[position]
        }
        for odd in differences(readings, is_one_version=False):
            place = by_division[str(odd.who)]
            yield _difference(key, Spot(EVERY_CHANNEL, place.level), place, position, odd)


def _readings(shown: Mapping[Spot, Reading | PageUnread]) -> dict[Spot, Reading]:
    return {spot: reading for spot, reading in shown.items() if isinstance(reading, Reading)}


def _difference(key: str, spot: Spot, place: Place, position: int, odd: Odd) -> Difference:
    return Difference(
        kind=place.kind,
        item=key,
        channel=spot.channel,
        level=spot.level,
        place=place.division,
        applicant=position + 1,
        what=odd.what,
        expected=odd.expected,
        found=odd.found,
    )


def _once(found: Sequence[Difference]) -> Iterator[Difference]:
    """The same difference is told for the first applicant who met it."""
    seen: set[tuple[str, ...]] = set()
    for one in found:
        name = (one.channel, one.level, one.place, one.what, one.expected, one.found)
        if name not in seen:
            seen.add(name)
            yield one


def keys_in_force() -> list[str]:
    """Every item that is in force somewhere."""
    return sorted({version.item.key for version in catalogue.published_items()})


def bundles_in_force() -> list[str]:
    """Every bundle that is in force somewhere."""
    return sorted({version.bundle.key for version in bundles_read.bundles_in_force()})
