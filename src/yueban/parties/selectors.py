"""Reads of parties."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from yueban.accounts import walls
from yueban.kernel import clock
from yueban.kernel.actor import Actor, PartyHeld
from yueban.parties.choices import PartyKind, Relation
from yueban.parties.errors import EnterpriseNotFound
from yueban.parties.mandates import check_live as check_live
from yueban.parties.mandates import check_mandate as check_mandate
from yueban.parties.models import EnterpriseFacts, Kinship, Look, Mandate, Party, Profile, Representation
from yueban.prepared import run_prepared
from yueban.vault import services as vault

ID_PURPOSE = "party.id"
AGE_OF_MAJORITY = 18


@dataclass(frozen=True)
class KnownFact:
    """A value that an authority already holds of a party."""

    value: object
    source: str
    as_of: date


# One statement, because every page of a signed-in person asks it.
PARTIES_OF_USER = """
WITH own AS (SELECT party_id, relation FROM parties_representation WHERE user_id = %(user)s::bigint),
himself AS (SELECT party_id FROM own WHERE relation = 'self'),
held AS (
    SELECT 1 AS turn, relation, NULL::date AS born_on, party_id, NULL::bigint AS mandate_id FROM own
    UNION ALL
    SELECT 2, 'guardian', relative.born_on, relative.id, NULL
    FROM parties_kinship kin JOIN parties_party relative ON relative.id = kin.relative_id
    WHERE kin.party_id IN (SELECT party_id FROM himself)
        AND (kin.relation = 'ward' OR (kin.relation = 'child' AND relative.born_on > %(of_age)s::date))
    UNION ALL
    SELECT 3, 'mandatary', NULL, given.principal_id, given.id
    FROM parties_mandate given JOIN parties_party principal ON principal.id = given.principal_id
    WHERE given.agent_id = %(user)s::bigint AND EXISTS (SELECT FROM himself) AND given.kind <> 'helper'
        AND given.revoked_at IS NULL AND principal.ended_on IS NULL
        AND %(today)s::date BETWEEN given.starts_on AND given.ends_on
)
SELECT party.id, party.number, party.kind, party.name, held.relation, mandate.number, mandate.items
FROM held
JOIN parties_party party ON party.id = held.party_id
LEFT JOIN parties_mandate mandate ON mandate.id = held.mandate_id
ORDER BY held.turn, held.relation DESC, held.born_on, party.id, mandate.id
"""


def parties_of_user(user_id: int) -> tuple[PartyHeld, ...]:
    """The parties this user may act as today: himself first, then who he represents, guards and is mandated by.

    He guards children until the day they are of age, and wards. A helper's mandates are taken up one by one,
    never all at once. Who is no person himself has neither.
    """
    days: dict[str, str | int] = {
        "of_age": of_age_if_born_on().isoformat(),
        "today": clock.today().isoformat(),
    }
    rows = run_prepared(PARTIES_OF_USER, {**days, "user": user_id})
    return tuple(
        PartyHeld(
            id_, number, kind, name, relation, mandate or "", tuple(json.loads(items)) if items else None
        )
        for id_, number, kind, name, relation, mandate, items in rows
    )


def held_by_mandate(mandate: Mandate, relation: Relation) -> PartyHeld:
    """The principal as the agent of this mandate holds it."""
    party = mandate.principal
    return PartyHeld(
        party.pk, party.number, party.kind, party.name, relation, mandate.number, tuple(mandate.items)
    )


def of_age_if_born_on() -> date:
    """Who was born on this day or before is eighteen today."""
    today = clock.today()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - AGE_OF_MAJORITY, day=day)


def live_mandates(on: date) -> QuerySet[Mandate]:
    """Mandates that stand on the day."""
    return Mandate.objects.filter(
        revoked_at=None, principal__ended_on=None, starts_on__lte=on, ends_on__gte=on
    )


def standing_mandates() -> QuerySet[Mandate]:
    """Mandates that were not taken back; some of them may be over."""
    return Mandate.objects.filter(revoked_at=None)


def is_standing(number: str) -> bool:
    """Whether the mandate of this number was not taken back."""
    return standing_mandates().filter(number=number).exists()


def users_standing_for(party_id: int) -> list[int]:
    """The users who are this party or represent it by law."""
    return list(Representation.objects.filter(party_id=party_id).values_list("user_id", flat=True))


def under_one_person(party_id: int) -> list[Party]:
    """The other enterprises that are not ended and whose legal person is the same as this one's, by name."""
    people = Representation.objects.filter(party_id=party_id, relation=Relation.LEGAL_PERSON)
    rows = Representation.objects.filter(
        user__in=people.values("user"), relation=Relation.LEGAL_PERSON, party__kind=PartyKind.ENTERPRISE
    )
    found = Party.objects.filter(pk__in=rows.values("party"), ended_on=None).exclude(pk=party_id)
    return list(found.order_by("name", "pk"))


def users_standing_for_many(party_ids: Iterable[int]) -> dict[int, list[int]]:
    """The same of many, in one question."""
    found: dict[int, list[int]] = {}
    rows = Representation.objects.filter(party_id__in=list(party_ids))
    for party_id, user_id in rows.values_list("party_id", "user_id"):
        found.setdefault(party_id, []).append(user_id)
    return found


def find_mandate(number: str) -> Mandate | None:
    """The mandate of this number, with its principal and its signature."""
    return Mandate.objects.select_related("principal", "agent", "signature").filter(number=number).first()


def mandates_given_by(party_id: int) -> QuerySet[Mandate]:
    """What a party has given, newest first, ended ones too."""
    rows = Mandate.objects.select_related("principal").filter(principal_id=party_id)
    return rows.order_by("-created_at", "-pk")


def mandates_held_by(user_id: int) -> QuerySet[Mandate]:
    """What a user was given, newest first, ended ones too."""
    return Mandate.objects.select_related("principal").filter(agent_id=user_id).order_by("-created_at", "-pk")


def kin_of(party_id: int) -> QuerySet[Kinship]:
    """The relatives of a person, children first, each with source and date."""
    return (
        Kinship.objects.filter(party_id=party_id)
        .select_related("relative")
        .order_by("relation", "relative__born_on", "pk")
    )


def looks_visible_to(actor: Actor) -> QuerySet[Look]:
    """Who has looked at the data of those the actor is or stands for, newest first."""
    rows = Look.objects.select_related("party").filter(party_id__in=actor.party_ids)
    return rows.order_by("-at", "-pk")


def has_looked(user_id: int | None, party_id: int, since: datetime) -> bool:
    """Whether it stands written down that this user has looked at the party since then."""
    return Look.objects.filter(party_id=party_id, at__gte=since, user_id_of_actor=user_id).exists()


def find_person_by_id(id_number: str) -> Party | None:
    """The person of this identity number, found through the blind index."""
    index = vault.blind_index(id_number, purpose=ID_PURPOSE)
    with walls.platform():  # whoever has the number has it from the person
        return Party.objects.filter(id_index=index, kind=PartyKind.PERSON).first()


def find_enterprise_by_code(uscc: str) -> Party | None:
    """The enterprise of this 统一社会信用代码, found through the blind index."""
    index = vault.blind_index(uscc, purpose=ID_PURPOSE)
    return Party.objects.filter(id_index=index, kind=PartyKind.ENTERPRISE).first()


def enterprises_named(name: str, division_prefix: str) -> list[Party]:
    """The enterprises of exactly this name that sit in a division."""
    rows = Party.objects.filter(
        kind=PartyKind.ENTERPRISE, division_code__startswith=division_prefix, name=name.strip()
    )
    return list(rows.order_by("pk"))


def people_named(name: str, division_prefix: str) -> list[Party]:
    """The persons of exactly this name who live in a division."""
    return list(villagers(division_prefix).filter(name=name.strip()))


def villagers_of(division_prefix: str) -> list[Party]:
    """The persons who live in a division and are alive, by name."""
    return list(villagers(division_prefix).filter(ended_on=None))


def villagers(division_prefix: str) -> QuerySet[Party]:
    """The persons who live in a division, by name and age."""
    rows = Party.objects.filter(kind=PartyKind.PERSON, division_code__startswith=division_prefix)
    return rows.order_by("name", "born_on", "pk")


def user_of_person(party_id: int) -> int | None:
    """The user whose own party this is, where the person has an account."""
    rows = Representation.objects.filter(party_id=party_id, relation=Relation.SELF)
    return rows.values_list("user_id", flat=True).first()


def persons_of_users(user_ids: Iterable[int]) -> dict[int, Party]:
    """The user's own person, by user; one query."""
    rows = Representation.objects.filter(user_id__in=list(user_ids), relation=Relation.SELF)
    return {row.user_id: row.party for row in rows.select_related("party")}


def find_party(party_id: int) -> Party | None:
    """A party by its internal id."""
    return Party.objects.filter(pk=party_id).first()


def known_facts(party_id: int) -> dict[str, KnownFact]:
    """What is known of a party by element code; where two sources speak, the newest date wins."""
    return known_facts_of([party_id])[party_id]


def known_facts_of(party_ids: Iterable[int]) -> dict[int, dict[str, KnownFact]]:
    """The same of several parties, by party; one query."""
    found: dict[int, dict[str, KnownFact]] = {id_: {} for id_ in party_ids}
    for profile in Profile.objects.filter(party_id__in=list(found)).order_by("as_of", "pk"):
        for code, value in profile.facts.items():
            found[profile.party_id][code] = KnownFact(value, profile.source, profile.as_of)
    return found


def id_number_of(party: Party) -> str:
    """The readable identity number: only for documents and checks that need it, never for a list."""
    return vault.decrypt(bytes(party.id_cipher))


def phone_of(party: Party) -> str:
    """The party's phone, or an empty string."""
    return vault.decrypt(bytes(party.phone_cipher)) if party.phone_cipher else ""


def phones_of_users(user_ids: Iterable[int]) -> frozenset[str]:
    """The phones of these users as persons: to compare with, never to show."""
    rows = Party.objects.filter(
        representations__user_id__in=list(user_ids), representations__relation="self"
    ).exclude(phone_cipher=None)
    return frozenset(phone_of(row) for row in rows)


def parties_by_number(numbers: Iterable[str]) -> dict[str, Party]:
    """Parties by public number."""
    return {party.number: party for party in Party.objects.filter(number__in=list(numbers))}


def parties_in_order(party_ids: Sequence[int]) -> list[Party]:
    """These parties in this order."""
    found = Party.objects.in_bulk(list(party_ids))
    return [found[one] for one in party_ids if one in found]


def enterprise_called(code: str) -> Party:
    """An enterprise by its number or its unified social credit code; raises EnterpriseNotFound."""
    found = Party.objects.filter(number=code, kind=PartyKind.ENTERPRISE).first() or find_enterprise_by_code(
        code
    )
    if found is None:
        raise EnterpriseNotFound("没有找到这家企业。", hint="请核对企业编号或统一社会信用代码。")
    return found


def facts_of_many(party_ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """What is known of many parties, one query however many; the newest word counts."""
    found: dict[int, dict[str, object]] = {id_: {} for id_ in party_ids}
    rows = Profile.objects.filter(party_id__in=list(found)).order_by("as_of", "pk")
    for party_id, facts in rows.values_list("party_id", "facts"):
        found[party_id].update(facts)
    return found


def parties_by_id(ids: Iterable[int]) -> list[Party]:
    """Parties by internal id in the order of their ids, in one query."""
    return list(Party.objects.filter(pk__in=list(ids)).order_by("pk"))


def enterprises_among(party_ids: Collection[int], division_prefix: str) -> list[int]:
    """Those of them that are enterprises of a place and have not ended; one query however many they are."""
    rows = _enterprises_within(division_prefix).filter(_is_among(party_ids))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def count_enterprises(division_prefix: str, *, without: Collection[int] = ()) -> tuple[int, int]:
    """How many enterprises a place has, some left out, and of how many of them no source says anything."""
    rows = _enterprises_within(division_prefix)
    if without:
        rows = rows.exclude(_is_among(without))
    is_silent = ~Exists(EnterpriseFacts.objects.filter(party_id=OuterRef("pk")))
    found = rows.aggregate(many=Count("pk"), silent=Count("pk", filter=is_silent))
    return found["many"], found["silent"]


def _enterprises_within(division_prefix: str) -> QuerySet[Party]:
    return Party.objects.filter(
        kind=PartyKind.ENTERPRISE, division_code__startswith=division_prefix, ended_on=None
    )


def _is_among(party_ids: Collection[int]) -> Q:
    """An array for one parameter: a list of a hundred thousand would be as many."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(party_ids)]))
