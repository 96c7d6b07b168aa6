"""Public numbers of applications and cases."""

import secrets
from datetime import date

from django.db import connection

from yueban.kernel import clock
from yueban.kernel.codes import public_number

# Without the letters and digits that look alike on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


OF_ITEM, OF_BUNDLE = "SQ", "YJ"


def new_application_number() -> str:
    """A random number: guessing one gives nothing."""
    return _random(OF_ITEM)


def new_bundle_application_number() -> str:
    """The same for a 一件事; its first letters tell the two apart."""
    return _random(OF_BUNDLE)


def is_of_bundle(number: str) -> bool:
    """Whether an application's number is that of a 一件事."""
    return number.startswith(OF_BUNDLE)


def _random(first: str) -> str:
    return first + "".join(secrets.choice(ALPHABET) for _ in range(14))


def new_case_number(division_code: str) -> str:
    """区划6 + yyyymmdd + 8-digit serial + check digit; the counter row keeps givers in line."""
    division6 = division_code[:6]
    day = clock.today()
    return public_number.case_number(division6, day, _next_serial(division6, day))


def _next_serial(division6: str, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numbercounter (division6, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (division6, day) DO UPDATE SET last = cases_numbercounter.last + 1 RETURNING last",
            [division6, day],
        )
        row = cursor.fetchone()
    assert row is not None  # RETURNING always gives the row
    return int(row[0])
