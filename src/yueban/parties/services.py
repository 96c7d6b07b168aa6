"""Writes of parties."""

import secrets
from collections.abc import Sequence
from datetime import date

from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.codes import resident_id
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.reference import Reference
from yueban.parties.bulk import BulkEnterprise as BulkEnterprise
from yueban.parties.bulk import BulkFacts as BulkFacts
from yueban.parties.bulk import add_enterprises as add_enterprises
from yueban.parties.bulk import known_numbers as known_numbers
from yueban.parties.choices import INVERSE, EndReason, Kin
from yueban.parties.enterprise_facts import FactsChange as FactsChange
from yueban.parties.enterprise_facts import save_enterprise_facts as save_enterprise_facts
from yueban.parties.enterprise_facts import save_fact_sources as save_fact_sources
from yueban.parties.mandates import ALPHABET
from yueban.parties.mandates import give_mandate as give_mandate
from yueban.parties.mandates import revoke_mandate as revoke_mandate
from yueban.parties.models import Kinship, Look, Mandate, Party, Profile, Representation
from yueban.parties.selectors import ID_PURPOSE
from yueban.parties.tags import TagsFile as TagsFile
from yueban.parties.tags import faults_of_tag as faults_of_tag
from yueban.parties.tags import save_tags as save_tags
from yueban.vault import services as vault


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
            "born_on": _born_on(id_number),
        },
    )
    return party


def _born_on(id_number: str) -> date | None:
    """The birthday that an identity number holds; an enterprise's code holds none."""
    try:
        return resident_id.parse(id_number).birth_on
    except CodeError:
        return None


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


def save_kinship(*, party: Party, relative: Party, relation: str, source: str, as_of: date) -> Kinship:
    """Record that ``relative`` is the child (parent, spouse, ward) of ``party``, and the reverse of it."""
    row, _ = Kinship.objects.update_or_create(
        party=party, relative=relative, defaults={"relation": relation, "source": source, "as_of": as_of}
    )
    back = INVERSE.get(Kin(relation))
    if back is not None:
        Kinship.objects.update_or_create(
            party=relative, relative=party, defaults={"relation": back, "source": source, "as_of": as_of}
        )
    return row


def record_end(*, party: Party, ended_on: date, reason: str, actor: Actor) -> Party:
    """A person has died, an enterprise was deregistered: from now on nothing is granted to it."""
    party.ended_on, party.ended_reason = ended_on, EndReason(reason)
    party.save(update_fields=["ended_on", "ended_reason"])
    data = {"on": ended_on.isoformat(), "reason": party.ended_reason}
    audit.record(Reference("party", party.number), "party_ended", actor=actor, data=data)
    return party


def record_look(
    *, party: Party, actor: Actor, what: Sequence[str], purpose: str, reference: Reference | None = None
) -> Look:
    """Keep that one of the staff saw data of a party, so that the party can see it too."""
    post = actor.posts[0] if actor.posts else None
    return Look.objects.create(
        party=party,
        at=clock.now(),
        user_id_of_actor=actor.user_id,
        actor_name=actor.name,
        agency_name=post.agency_name if post else "",
        role=post.role if post else "",
        what=list(what),
        purpose=purpose,
        reference_kind=reference.kind if reference else "",
        reference_number=reference.number if reference else "",
    )


def lock_mandate(*, number: str) -> Mandate | None:
    """The mandate as it stands now, locked, so that no revocation slips between the check and the act."""
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("principal")
    return rows.filter(number=number).first()


def new_number() -> str:
    """A public number for somebody who has none yet; it says nothing of the person."""
    return "P" + "".join(secrets.choice(ALPHABET) for _ in range(12))


def move_residents(*, old: str, new: str) -> int:
    """People, enterprises and live mandates follow a division that was merged; how many parties."""
    Mandate.objects.filter(division_code=old, revoked_at=None, ends_on__gte=clock.today()).update(
        division_code=new
    )
    return Party.objects.filter(division_code=old).update(division_code=new)
