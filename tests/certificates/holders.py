"""Parties that hold certificates in tests; the numbers belong to nobody."""

from yueban.parties.models import Party


def make_enterprise(number="test-enterprise", name="绍兴市青瓷物流有限公司") -> Party:
    """An enterprise."""
    return Party.objects.create(
        number=number, kind="enterprise", name=name, id_kind="uscc", id_cipher=b"", id_index=number.encode()
    )


def make_person(number="test-person", name="诸葛䶮") -> Party:
    """A person."""
    return Party.objects.create(
        number=number,
        kind="person",
        name=name,
        id_kind="resident_id",
        id_cipher=b"",
        id_index=number.encode(),
    )
