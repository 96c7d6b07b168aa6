"""Enterprises by the thousand: what there is not yet goes in by COPY, with what sources say of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from yueban.parties.choices import IdKind, PartyKind
from yueban.parties.models import Party
from yueban.parties.selectors import ID_PURPOSE
from yueban.vault import services as vault

# A table with policies takes no COPY: rows come in through one of the transaction's own.
STAGE = """
CREATE TEMP TABLE IF NOT EXISTS staged_party
    (id bigint, number text, name text, cipher bytea, index bytea, division text) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS staged_facts
    (party_id bigint, source text, facts jsonb, as_of date, expires_on date) ON COMMIT DROP;
TRUNCATE staged_party, staged_facts
"""
KEEP_PARTIES = f"""
INSERT INTO parties_party (id, number, kind, name, id_kind, id_cipher, id_index, division_code, ended_reason)
SELECT id, number, '{PartyKind.ENTERPRISE.value}', name, '{IdKind.USCC.value}', cipher, index, division, ''
FROM staged_party
"""  # noqa: S608 - constants of this program
KEEP_FACTS = """
INSERT INTO parties_enterprisefacts (party_id, source, facts, as_of, expires_on, confidence, method)
SELECT party_id, source, facts, as_of, expires_on, 100, 'import' FROM staged_facts
"""
IDS = "SELECT nextval(pg_get_serial_sequence('parties_party', 'id')) FROM generate_series(1, %s)"


@dataclass(frozen=True, slots=True)
class BulkFacts:
    """What one source says, as JSON that is written as it stands."""

    source: str
    facts: str
    as_of: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class BulkEnterprise:
    """One enterprise with what is said of it."""

    number: str
    name: str
    code: str
    division: str
    told: Sequence[BulkFacts]


def known_numbers(numbers: Collection[str]) -> set[str]:
    """Those of these numbers that somebody has."""
    return set(Party.objects.filter(number__in=numbers).values_list("number", flat=True))


@transaction.atomic
def add_enterprises(rows: Sequence[BulkEnterprise]) -> int:
    """All of them or none; how many rows of facts. Nobody of them may be there already."""
    told = 0
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.execute(IDS, [len(rows)])
        ids = [id_ for (id_,) in cursor.fetchall()]
        with cursor.copy("COPY staged_party FROM STDIN") as copy:
            copy.write("".join(_party_line(id_, row) for id_, row in zip(ids, rows, strict=True)))
        with cursor.copy("COPY staged_facts FROM STDIN") as copy:
            for id_, row in zip(ids, rows, strict=True):
                told += len(row.told)
                copy.write("".join(_facts_lines(id_, row.told)))
        cursor.execute(KEEP_PARTIES)
        cursor.execute(KEEP_FACTS)
    return told


def _party_line(id_: int, row: BulkEnterprise) -> str:
    cipher = vault.encrypt(row.code).hex()
    index = vault.blind_index(row.code, purpose=ID_PURPOSE).hex()
    cells = (str(id_), row.number, row.name, f"\\\\x{cipher}", f"\\\\x{index}", row.division)
    return "\t".join(cells) + "\n"


def _facts_lines(id_: int, told: Iterable[BulkFacts]) -> Iterable[str]:
    for one in told:
        facts = one.facts.replace("\\", "\\\\")
        until = str(one.expires_on) if one.expires_on else "\\N"
        yield f"{id_}\t{one.source}\t{facts}\t{one.as_of}\t{until}\n"
