"""Where one item can be applied for, and who stands there: the version, the desks of each level, the staff."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from yueban.accounts import services as accounts
from yueban.accounts.choices import Scope
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.agencies import services as agencies_write
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles import selectors as bundles
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.models import BundleVersion, ItemVersion
from yueban.commands.parity.applicants import Applicant, id_number_of
from yueban.commands.parity.markup import Node
from yueban.commands.parity.reading import PageUnread
from yueban.commands.parity.visiting import Who
from yueban.divisions import selectors as divisions
from yueban.flows import identify
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM
from yueban.outlets import selectors as outlets
from yueban.outlets import services as outlets_write
from yueban.parties import services as parties
from yueban.parties.choices import IdKind, PartyKind, Relation
from yueban.parties.models import Party

LEVELS = ("city", "county", "town", "village")
KIND_OF_HALL = {"city": "government-services", "county": "government-services"}
# What the channels are asked about; the rest of a version (agency, windows, days) may differ by place.
ASKED = {"situations", "form", "materials", "facts", "condition_rule", "payment", "intake_periods"}


@dataclass(frozen=True)
class Desk:
    """A desk where the item is handed in: its level, its division, the agency that runs it."""

    level: str
    division: str
    agency: str


@dataclass(frozen=True)
class Place:
    """An item or a bundle as it is in force at one place, with the desks of each level that hand it in there."""

    kind: str  # item or bundle
    item: str
    version: ItemVersion | BundleVersion
    division: str
    level: str
    desks: tuple[Desk, ...]
    taken_in: frozenset[str]  # the levels whose windows and helpers take it in
    home: str  # where the applicants live: every desk and every channel then goes by this very version

    @property
    def compiled(self) -> Compiled | CompiledBundle:
        """The standard of the version."""
        return (
            self.version.compiled_bundle if isinstance(self.version, BundleVersion) else self.version.compiled
        )

    @property
    def is_online(self) -> bool:
        """Whether a person can apply by himself; a bundle always."""
        return isinstance(self.compiled, CompiledBundle) or self.compiled.guide.online.available

    @cached_property
    def digest(self) -> str:
        """A digest over all that is asked: the same digest, the same questions, fields and materials."""
        asked = {name: part for name, part in self.version.compiled_json.items() if name in ASKED}
        text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Who may apply: persons, enterprises, or both."""
        both = (("person", self.version.for_person), ("enterprise", self.version.for_enterprise))
        return tuple(kind for kind, may in both if may)


def places_of(key: str) -> list[Place]:
    """Every place of an item that somebody can reach, by division."""
    offers: dict[str, ItemVersion] = {}
    for offer in catalogue.adopters_of(key):
        # Of two agencies of one division the first serves it; the other is reached by nobody.
        offers.setdefault(offer.agency.division.code, offer)
    return [_place(key, offer, offers.keys() - {division}) for division, offer in offers.items()]


def _place(key: str, offer: ItemVersion, elsewhere: set[str]) -> Place:
    version = catalogue.get_version(offer.pk)
    division = version.agency.division.code
    desks = tuple(_desks(version, division, elsewhere))
    village = next((desk.division for desk in reversed(desks) if desk.level == "village"), division)
    level = str(divisions.level_of(division) or LEVELS[0])
    taken_in = frozenset(desk.level for desk in desks)
    return Place("item", key, version, division, level, desks, taken_in, village)


def bundle_places_of(key: str) -> list[Place]:
    """Every place of a bundle that is in force, by division."""
    offers = bundles.bundle_places(key)
    codes = {offer.division_code for offer in offers}
    return [_bundle_place(key, offer, codes - {offer.division_code}) for offer in offers]


def _bundle_place(key: str, offer: BundleVersion, elsewhere: set[str]) -> Place:
    version, division = bundles.bundle_version(offer.pk), offer.division_code
    desks = tuple(_bundle_desks(division, elsewhere))
    level = str(divisions.level_of(division) or LEVELS[0])
    home = desks[-1].division if desks else division
    return Place("bundle", key, version, division, level, desks, _levels_of_all(version), home)


def _levels_of_all(version: BundleVersion) -> frozenset[str]:
    """The levels at which every item of a bundle is handed in: there a desk takes in the whole."""
    levels = (
        {one.level for one in catalogue.offerings_of(item) if one.does == "intake"}
        for item in bundles.item_versions_of(version).values()
    )
    return frozenset.intersection(*(frozenset(one) for one in levels))


def _bundle_desks(division: str, elsewhere: set[str]) -> Iterator[Desk]:
    """A desk of each level within the division: a bundle is handed in wherever somebody stands."""
    inner = division
    for level in LEVELS:
        found = _division_at(level, inner, (), elsewhere)
        agency = _agency_at(level, found) if found else None
        if found and agency:
            inner = found
            yield Desk(level, found, agency)


def _desks(version: ItemVersion, division: str, elsewhere: set[str]) -> Iterator[Desk]:
    """One desk a level that takes the item in, those of lower levels inside each other where they can be."""
    taken = [one for one in catalogue.offerings_of(version) if one.does == "intake"]
    inner = division
    for level in LEVELS:
        offer = next((one for one in taken if one.level == level), None)
        if offer is None:
            continue
        found = _division_at(level, inner, offer.within, elsewhere) or _division_at(
            level, division, offer.within, elsewhere
        )
        agency = _agency_at(level, found) if found else None
        if found and agency:
            inner = found
            yield Desk(level, found, agency)


def _division_at(level: str, within: str, only: tuple[str, ...], elsewhere: set[str]) -> str | None:
    """The first division of a level that this version serves and that has a desk."""
    for row in divisions.subtree(within).filter(level=level, is_functional=False, ended_on=None)[:400]:
        chain = divisions.ancestry(row.code)
        inside = not only or any(divisions.is_within(row.code, whole) for whole in only)
        if (
            inside
            and not elsewhere.intersection(chain[: chain.index(within)])
            and _agency_at(level, row.code)
        ):
            return row.code
    return None


def _agency_at(level: str, division: str) -> str | None:
    found = agencies.find_agency_of_kind(KIND_OF_HALL.get(level, "town-government"), division)
    if found is None or divisions.level_of(found.division.code) != ("town" if level == "village" else level):
        return None
    return found.code


@dataclass(frozen=True)
class Person:
    """An applicant as the platform knows him: who signs in, and for whom he applies."""

    who: Who
    party: Party
    applicant: Applicant

    @property
    def at_kiosk(self) -> Who:
        """The same with his card on the reader of a kiosk."""
        return replace(self.who, actor=replace(self.who.actor, channel="kiosk"))


class Crew:
    """The people of one place: applicants, clerks, a helper, a system with a key; made when first asked for."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.seen: dict[tuple[str, str], Node] = {}  # (channel, address) -> a page without anybody's own
        self._staff: dict[Desk, Who] = {}
        self._secret = ""
        self._terminals: dict[Desk, str] = {}

    def person(self, applicant: Applicant) -> Person:
        """The applicant with an account; an enterprise by its legal person."""
        own = _party(
            PartyKind.PERSON, f"同源经办{applicant.position + 1}", 299 + applicant.position, self.place
        )
        user = _user(f"parity-{applicant.position}", own.name)
        party = own
        if applicant.kind == "person":
            party = _party(PartyKind.PERSON, applicant.name, applicant.position, self.place)
            parties.save_representation(user_id=user.pk, party=party, relation=Relation.SELF)
        else:
            party = _party(PartyKind.ENTERPRISE, applicant.name, applicant.position, self.place)
            parties.save_representation(user_id=user.pk, party=own, relation=Relation.SELF)
            parties.save_representation(user_id=user.pk, party=party, relation=Relation.LEGAL_PERSON)
        return Person(_who(user, "portal"), party, applicant)

    def settle(self, desk: Desk) -> None:
        """The staff of a desk, its terminal and the key of its agency, before anything is led through there."""
        self.staff(desk)
        self.terminal(desk)
        self.secret(desk)

    def staff(self, desk: Desk) -> Who:
        """Who sits at a desk: a clerk, in a village the helper."""
        if desk not in self._staff:
            role = roles.HELPER if desk.level == "village" else roles.CLERK
            user = _user(f"parity-{role}-{desk.division}", "同源窗口")
            agencies_write.give_post(
                user=user, role=role, agency=desk.agency, actor=SYSTEM, division=desk.division
            )
            self._staff[desk] = _who(user, "desk")
        return self._staff[desk]

    def terminal(self, desk: Desk) -> str:
        """What the browser of a kiosk carries that is registered at the outlet where a desk stands."""
        if desk not in self._terminals:
            outlet = outlets.outlet_of_division(desk.division)
            if outlet is None:
                raise PageUnread(f"{desk.division} 没有可以放自助机的网点")
            code = f"parity-{desk.division}"
            _kiosk, key = outlets_write.register_kiosk(
                code=code, outlet=outlet, name="同源自助机", items=(), parts=()
            )
            self._terminals[desk] = f"{code}:{key}"
        return self._terminals[desk]

    def secret(self, desk: Desk) -> str:
        """The key of a system of the agency that runs a desk."""
        if not self._secret:
            asked: Any = SimpleNamespace(
                number="parity",
                name="同源核对",
                agency_code=desk.agency,
                scopes=[str(Scope.CATALOGUE_READ), str(Scope.CASES_APPLY)],
                asked_by_id=_user("parity-keys", "同源密钥").pk,
                expires_on=clock.today().replace(year=clock.today().year + 1, day=1),
            )
            self._secret = accounts.api_keys.create(request=asked, actor=SYSTEM).secret
        return self._secret


def _who(user: User, channel: str) -> Who:
    return Who(user, identify.actor_of_user(user.pk, channel=channel))


def _user(username: str, name: str) -> User:
    return accounts.save_demo_user(username=username, name=name, note="", order=0)


def _party(kind: PartyKind, name: str, position: int, place: Place) -> Party:
    return parties.save_party(
        number=f"parity-{kind}-{position}",
        kind=kind,
        name=name,
        id_kind=IdKind.RESIDENT if kind == PartyKind.PERSON else IdKind.USCC,
        id_number=id_number_of(kind, position),
        division_code=place.home,
    )
