"""Public numbers of tickets, and the codes with which an asker without an account comes back."""

import hashlib
import re

from django.db import connection

from yueban.kernel import clock
from yueban.kernel.codes.public_number import check_digit
from yueban.vault import services as vault

PREFIX = "GD"
NUMBER = re.compile(rf"{PREFIX}[0-9]{{15}}")


def new_number() -> str:
    """GD + yyyymmdd + 6-digit serial + check digit; the counter's row keeps givers in line."""
    day = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticketcounter (day, last) VALUES (%s, 1) "
            "ON CONFLICT (day) DO UPDATE SET last = tickets_ticketcounter.last + 1 RETURNING last",
            [day],
        )
        row = cursor.fetchone()
    assert row is not None  # RETURNING always gives the row
    body = f"{day:%Y%m%d}{row[0]:06d}"
    return f"{PREFIX}{body}{check_digit(body)}"


def is_number(text: str) -> bool:
    """Whether a text has the form of a ticket's number, with its check digit right."""
    return NUMBER.fullmatch(text) is not None and check_digit(text[2:-1]) == text[-1]


def access_code(idempotency_key: str, number: str) -> str:
    """128 bits in hexadecimal, the same for the same opening: a second click gets the code that was shown first."""
    digest = vault.blind_index(f"{number} {idempotency_key}", purpose="ticket.access")
    return digest[:16].hex()


def digest_of(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
