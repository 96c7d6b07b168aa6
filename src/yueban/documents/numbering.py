"""Numbers of documents: 绍越交运受字〔2026〕1号, per agency, kind and year, without gaps or doubles."""

from django.db import connection

from yueban.documents.choices import NUMBER_WORDS

# The row stays locked until the caller's transaction ends: a rollback gives the number back.
TAKE_NEXT = """
INSERT INTO documents_documentcounter (agency_code, kind, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (agency_code, kind, year) DO UPDATE SET last = documents_documentcounter.last + 1
RETURNING last
"""


def take_number(*, prefix: str, agency_code: str, kind: str, year: int, word: str = "") -> str:
    """The next number of the series; must run inside the transaction that stores the document.

    One series a kind, whatever its word: 绍越人社给字〔2026〕1号 is followed by 绍越人社确字〔2026〕2号.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NEXT, [agency_code, kind, year])
        row = cursor.fetchone()
    assert row is not None  # RETURNING always gives the row
    return f"{prefix}{word or NUMBER_WORDS[kind]}字〔{year}〕{row[0]}号"
