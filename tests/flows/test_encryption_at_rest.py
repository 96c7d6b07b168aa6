"""After a whole case no column holds an identity number or a phone readable."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import connection

from tests import people
from tests.flows.journeys import carry_a_case
from yueban.cases.models import Case
from yueban.parties import selectors as parties
from yueban.vault.errors import Undecipherable

pytestmark = pytest.mark.django_db

COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY')
ORDER BY table_name, column_name
"""


def columns_with(texts: set[str]) -> set[str]:
    """Every column in which one of these texts stands somewhere."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            query = f'SELECT 1 FROM "{table}" WHERE "{column}"::text ~ %s LIMIT 1'
            cursor.execute(query, ["|".join(sorted(texts))])
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found


def numbers_of_the_cast() -> set[str]:
    """Every person's number and phone in the pack and in the form that the tests fill in."""
    pack = yaml.safe_load((Path(settings.CITY_DIR) / "cast.yaml").read_text(encoding="utf-8"))
    found = {row["id_number"] for row in pack["parties"] if row["id_kind"] != "uscc"}
    found |= {row["phone"] for row in pack["parties"] if row["phone"]}
    found |= set(re.findall(r"999999(?:19|20)\d{9}[\dX]|138\d{8}", str(people.FORM)))
    return found


def test_no_column_tells_an_identity_number_or_a_phone_of_the_cast():
    carry_a_case()
    numbers = numbers_of_the_cast()
    assert len(numbers) > 15
    assert columns_with(numbers) == set()


def test_the_scan_finds_what_it_looks_for():
    case = people.submitted()
    Case.objects.filter(pk=case.pk).update(decision_reason=f"证件{people.FORM['contact.id_number']}")
    assert columns_with(numbers_of_the_cast()) == {"cases_case.decision_reason"}


def test_what_is_sealed_reads_as_it_was_written_and_rows_from_before_are_read_too():
    case = people.submitted()
    case.refresh_from_db()
    assert case.form["contact.id_number"] == people.FORM["contact.id_number"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET form = %s WHERE id = %s", ['{"old": "plain"}', case.pk])
    case.refresh_from_db()
    assert case.form == {"old": "plain"}


def test_without_the_key_nothing_is_read(settings):
    party = people.actor(people.OWNER).parties[0]
    assert parties.known_facts(party.id)
    settings.YUEBAN_FIELD_KEYS = ["2" * 64]
    with pytest.raises(Undecipherable):
        parties.known_facts(party.id)
