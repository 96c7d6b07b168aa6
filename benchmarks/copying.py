"""Rows by the thousand from one real row: an INSERT … SELECT that changes some columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def copy_row(
    model: type[Model], pk: int, changed: Mapping[str, str], source: str, parameters: Sequence[Any] = ()
) -> int:
    """Insert a copy of row `pk` for each row of `source`, an SQL FROM item; `changed` are expressions by column."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    taken = ", ".join(changed.get(column, f"one.{column}") for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {taken}"  # noqa: S608 - names are the model's
            f" FROM {source} CROSS JOIN (SELECT * FROM {table} WHERE id = %s) AS one",
            [*parameters, pk],
        )
        return int(cursor.rowcount)
