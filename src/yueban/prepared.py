"""Statements written by hand that are sent again and again: PostgreSQL keeps their plans.

Django binds values on its own side and has every statement planned anew; that suits queries that always differ.
A statement sent from here binds on the server, so that one used a few times on a connection is prepared there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

PREPARED_AFTER = 3


def run_prepared(sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Send a statement that repeats, with all that Django does around one; the rows it returns, if any."""
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    raw: Any = here.connection
    raw.prepare_threshold = PREPARED_AFTER
    cursor: Any = psycopg.Cursor(raw)
    with here.make_debug_cursor(cursor) if here.queries_logged else here.make_cursor(cursor) as sent:
        sent.execute(sql, values)
        # Not cursor.description, which names and types every column.
        return sent.fetchall() if cursor.pgresult.nfields else []
