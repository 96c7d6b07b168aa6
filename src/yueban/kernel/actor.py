"""Actor: who is acting, in which posts or for which parties, through which channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

# Relations in which staff act for somebody: on a mandate to a helper, or with the person standing by.
SERVED: Final = frozenset({"principal", "present"})


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A role held at an agency; ``agency`` is the agency's code, ``division`` a 12-digit code.

    ``agencies`` are the codes of the agency and all below it; with ``is_city_wide`` (a supervisor of the
    government-services agency) the post reaches every agency within its division instead.
    ``stands_in_for`` is the user id of the colleague on leave whose post it is, with his name.
    ``agency_id`` and ``agency_ids`` are the same agencies by id where the post was read from the database: what
    a list is narrowed by.
    """

    role: str
    agency: str
    agency_name: str
    division: str
    agencies: tuple[str, ...] = ()
    is_city_wide: bool = False
    stands_in_for: int | None = None
    stands_in_name: str = ""
    agency_id: int | None = None
    agency_ids: frozenset[int] = frozenset()

    @property
    def agency_codes(self) -> frozenset[str]:
        """The agency and all below it; what a city-wide post reaches beyond is found by its division."""
        return frozenset((self.agency, *self.agencies))

    def covers(self, agency: str) -> bool:
        """Whether the post reaches this agency; its division is a second condition."""
        return self.is_city_wide or agency in self.agency_codes

    def snapshot(self) -> dict[str, Any]:
        """What the audit keeps of it; the name of the colleague only where one is stood in for."""
        kept = {
            "role": self.role,
            "agency": self.agency,
            "agency_name": self.agency_name,
            "division": self.division,
        }
        if self.stands_in_for is None:
            return kept
        return kept | {"for_user_id": self.stands_in_for, "for": self.stands_in_name}


@dataclass(frozen=True, slots=True)
class PartyHeld:
    """A person or enterprise the actor may act for; ``relation`` says as what (self, legal_person …).

    ``mandate`` is the number of the mandate that it rests on, ``items`` the keys of the items that this
    covers (None = all that the party may do).
    """

    id: int
    number: str
    kind: str
    name: str
    relation: str
    mandate: str = ""
    items: tuple[str, ...] | None = None

    @property
    def is_served(self) -> bool:
        """Whether a member of staff acts for the party at the desk; its other matters stay unseen."""
        return self.relation in SERVED

    def may(self, item_key: str) -> bool:
        """Whether the item is among those the holder may act in."""
        return self.items is None or item_key in self.items


@dataclass(frozen=True, slots=True)
class Actor:
    """Built once per request by ``flows/identify.py`` and passed down to every service and selector."""

    user_id: int | None
    name: str
    posts: tuple[PostHeld, ...] = ()
    parties: tuple[PartyHeld, ...] = ()
    channel: str = "portal"
    mandate: str | None = None

    @property
    def roles(self) -> frozenset[str]:
        """Every role held anywhere."""
        return frozenset(post.role for post in self.posts)

    @property
    def is_staff(self) -> bool:
        """Whether the actor holds any post."""
        return bool(self.posts)

    @property
    def is_signed_in(self) -> bool:
        """Whether a person stands behind the actor (false for SYSTEM and ANONYMOUS)."""
        return self.user_id is not None

    @property
    def party_ids(self) -> frozenset[int]:
        """The parties whose matters, all of them, the actor may see as his own."""
        return frozenset(party.id for party in self.parties if party.items is None and not party.is_served)

    @property
    def stood_in_for(self) -> frozenset[int]:
        """The colleagues on leave whose posts the actor holds besides his own."""
        return frozenset(post.stands_in_for for post in self.posts if post.stands_in_for is not None)

    def held(self, party_id: int, item_key: str | None = None) -> PartyHeld | None:
        """As what the actor holds the party; with an item the first holding that covers it."""
        found = (party for party in self.parties if party.id == party_id)
        return next((party for party in found if item_key is None or party.may(item_key)), None)

    def has_role(self, role: str, agency: str | None = None) -> bool:
        """Whether the role is held, at the given agency or (None) at any."""
        return any(post.role == role and agency in (None, post.agency) for post in self.posts)

    def agencies_with(self, role: str) -> frozenset[str]:
        """Codes of the agencies at which the role is held."""
        return frozenset(post.agency for post in self.posts if post.role == role)

    def snapshot(self) -> dict[str, Any]:
        """What the audit keeps: ids, names, roles, channel; never an identity number or a phone."""
        return {
            "user_id": self.user_id,
            "name": self.name,
            "channel": self.channel,
            "mandate": self.mandate,
            "posts": [post.snapshot() for post in self.posts],
            "parties": [
                {
                    "number": p.number,
                    "kind": p.kind,
                    "name": p.name,
                    "relation": p.relation,
                    "mandate": p.mandate,
                }
                for p in self.parties
            ],
        }


SYSTEM = Actor(user_id=None, name="系统", channel="system")
ANONYMOUS = Actor(user_id=None, name="未登录访客")
