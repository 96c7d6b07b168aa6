"""Reads of parties."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yueban.kernel.actor import PartyHeld
from yueban.parties.models import Party, Profile, Representation
from yueban.vault import services as vault


@dataclass(frozen=True)
class KnownFact:
    """A value that an authority already holds of a party."""

    value: object
    source: str
    as_of: date


def parties_of_user(user_id: int) -> tuple[PartyHeld, ...]:
    """The parties this user may act as, himself first."""
    rows = (
        Representation.objects.filter(user_id=user_id)
        .select_related("party")
        .order_by("-relation", "party_id")
    )
    return tuple(PartyHeld(r.party_id, r.party.number, r.party.kind, r.party.name, r.relation) for r in rows)


def find_party(party_id: int) -> Party | None:
    """A party by its internal id."""
    return Party.objects.filter(pk=party_id).first()


def known_facts(party_id: int) -> dict[str, KnownFact]:
    """What is known of a party by element code; where two sources speak, the newest date wins."""
    facts: dict[str, KnownFact] = {}
    for profile in Profile.objects.filter(party_id=party_id).order_by("as_of", "pk"):
        for code, value in profile.facts.items():
            facts[code] = KnownFact(value, profile.source, profile.as_of)
    return facts


def id_number_of(party: Party) -> str:
    """The readable identity number: only for documents and checks that need it, never for a list."""
    return vault.decrypt(bytes(party.id_cipher))


def phone_of(party: Party) -> str:
    """The party's phone, or an empty string."""
    return vault.decrypt(bytes(party.phone_cipher)) if party.phone_cipher else ""


def parties_by_number(numbers: Iterable[str]) -> dict[str, Party]:
    """Parties by public number."""
    return {party.number: party for party in Party.objects.filter(number__in=list(numbers))}
