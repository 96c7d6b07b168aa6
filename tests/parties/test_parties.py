"""Parties: identity numbers are stored unreadable and found again; facts carry their source and date."""

from datetime import date

import psycopg
import pytest
from django.db import connection

from tests import people
from yueban.parties import selectors, services
from yueban.parties.choices import IdKind, PartyKind, Relation
from yueban.parties.models import Party

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "99999919900101001X", "13900000009"


def person(name: str = "李四", **more: str) -> Party:
    return services.save_party(
        number="p-test",
        kind=PartyKind.PERSON,
        name=name,
        id_kind=IdKind.RESIDENT,
        id_number=NUMBER,
        phone=PHONE,
        **more,
    )


def test_the_identity_number_and_the_phone_are_nowhere_readable_in_the_row():
    person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM parties_party WHERE number = 'p-test'")
        row = cursor.fetchone()
    stored = b"|".join(bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in row)
    assert NUMBER.encode() not in stored
    assert PHONE.encode() not in stored
    assert "李四".encode() in stored


def test_they_are_read_where_they_are_needed():
    party = Party.objects.get(pk=person().pk)
    assert selectors.id_number_of(party) == NUMBER
    assert selectors.phone_of(party) == PHONE


def test_the_same_identity_number_is_the_same_party_under_its_new_name():
    first = person()
    again = person(name="李肆")
    assert (again.pk, Party.objects.get(pk=first.pk).name) == (first.pk, "李肆")


def test_a_party_without_phone_has_an_empty_one():
    party = services.save_party(
        number="p-2",
        kind=PartyKind.PERSON,
        name="张三",
        id_kind=IdKind.RESIDENT,
        id_number="999999199001010028",
    )
    assert selectors.phone_of(party) == ""


def test_of_two_sources_the_newer_word_counts_and_says_whose_it_is():
    party = person()
    services.save_profile(
        party=party, source="公安", facts={"a": "旧", "b": "只有公安"}, as_of=date(2026, 1, 1)
    )
    services.save_profile(party=party, source="市场监管", facts={"a": "新"}, as_of=date(2026, 6, 1))
    facts = selectors.known_facts(party.pk)
    assert (facts["a"].value, facts["a"].source, facts["a"].as_of) == ("新", "市场监管", date(2026, 6, 1))
    assert facts["b"].source == "公安"


def test_what_a_source_says_replaces_what_it_said():
    party = person()
    services.save_profile(party=party, source="公安", facts={"a": "1", "b": "2"}, as_of=date(2026, 1, 1))
    services.save_profile(party=party, source="公安", facts={"a": "3"}, as_of=date(2026, 2, 1))
    assert {code: fact.value for code, fact in selectors.known_facts(party.pk).items()} == {"a": "3"}


def test_a_legal_person_acts_for_himself_and_for_the_enterprise_and_for_no_other():
    owner = people.actor(people.OWNER)
    assert [(party.kind, party.relation) for party in owner.parties] == [
        (PartyKind.PERSON, Relation.SELF),
        (PartyKind.ENTERPRISE, Relation.LEGAL_PERSON),
    ]
    assert owner.party_ids.isdisjoint(people.actor(people.STRANGER).party_ids)
    assert people.actor(people.CLERK).parties == ()


def test_one_user_stands_to_one_party_in_one_way():
    party, user_id = person(), people.actor(people.CITIZEN).user_id
    services.save_representation(user_id=user_id, party=party, relation=Relation.SELF)
    services.save_representation(user_id=user_id, party=party, relation=Relation.LEGAL_PERSON)
    assert [row.relation for row in party.representations.all()] == [Relation.LEGAL_PERSON]


def test_two_parties_cannot_share_an_identity_number_even_past_the_services():
    first = person()
    with pytest.raises(Exception, match="id_index") as refusal:
        Party.objects.create(
            number="p-3", kind="person", name="别人", id_kind="resident_id", id_index=first.id_index
        )
    assert isinstance(refusal.value.__cause__, psycopg.errors.UniqueViolation)
