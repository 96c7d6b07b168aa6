"""Writes of parties."""

from datetime import date

from yueban.parties.models import Party, Profile, Representation
from yueban.vault import services as vault

ID_PURPOSE = "party.id"


def save_party(
    *,
    number: str,
    kind: str,
    name: str,
    id_kind: str,
    id_number: str,
    phone: str = "",
    division_code: str = "",
) -> Party:
    """Create or refresh a party found by its identity number (through the blind index)."""
    party, _ = Party.objects.update_or_create(
        id_index=vault.blind_index(id_number, purpose=ID_PURPOSE),
        defaults={
            "number": number,
            "kind": kind,
            "name": name,
            "id_kind": id_kind,
            "id_cipher": vault.encrypt(id_number),
            "phone_cipher": vault.encrypt(phone) if phone else None,
            "division_code": division_code,
        },
    )
    return party


def save_representation(*, user_id: int, party: Party, relation: str) -> Representation:
    """Let a user act as a party."""
    row, _ = Representation.objects.update_or_create(
        user_id=user_id, party=party, defaults={"relation": relation}
    )
    return row


def save_profile(*, party: Party, source: str, facts: dict[str, object], as_of: date) -> Profile:
    """Replace what one source says of a party."""
    row, _ = Profile.objects.update_or_create(
        party=party, source=source, defaults={"facts": facts, "as_of": as_of}
    )
    return row
