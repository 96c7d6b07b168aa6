"""Rows by the thousand from one real row: an INSERT … SELECT that changes some columns."""

from collections.abc import Mapping, Sequence
from typing import Any

COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_name = %s AND table_schema = current_schema() AND is_identity = 'NO' ORDER BY ordinal_position
"""


def copy_row(
    cursor: Any,
    table: str,
    where: str,
    changed: Mapping[str, str],
    source: tuple[str, Sequence[Any]],
) -> int:
    """Insert a copy of the one row that `where` names for each row of `source`, an SQL FROM item with its values.

    `changed` are expressions by column; what is not named stays as the row has it.
    """
    cursor.execute(COLUMNS, [table])
    columns = [row[0] for row in cursor.fetchall()]
    taken = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({named}) SELECT {taken}"  # noqa: S608 - names are the tables' own
        f" FROM {source[0]} CROSS JOIN (SELECT * FROM {table} WHERE {where} LIMIT 1) AS one",
        source[1],
    )
    return int(cursor.rowcount)
