"""Statements written by hand that are sent again and again: PostgreSQL keeps their plans.

Django binds values on its own side and has every statement planned anew; that suits queries that always differ.
A cursor from here binds on the server, so that a statement used a few times on a connection is prepared there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def prepared_cursor() -> Iterator[Any]:
    """A cursor of the current connection, with all that Django does around it, for a statement that repeats."""
    connection.ensure_connection()
    raw: Any = connection.connection
    usual = raw.cursor_factory
    raw.prepare_threshold = PREPARED_AFTER
    raw.cursor_factory = psycopg.Cursor
    try:
        cursor = connection.cursor()
    finally:
        raw.cursor_factory = usual
    with cursor:
        yield cursor


PREPARED_AFTER = 3
