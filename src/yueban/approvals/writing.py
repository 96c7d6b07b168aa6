"""Many tasks as one statement: a route's, or those of a thousand routes that time has opened."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection

from yueban.approvals.models import Task
from yueban.kernel.writes import Statement, Write, together
from yueban.prepared import run_prepared


def new_task(**given: object) -> Task:
    """A task not yet written, by names of columns; made the short way that rows from the database take."""
    names, defaults = _columns()
    values: dict[str, Any] = defaults | {"checks": [], "answers": []} | given
    in_order: Any = [values[name] for name in names]
    return Task(*in_order)


@cache
def _columns() -> tuple[tuple[str, ...], dict[str, object]]:
    fields = Task._meta.concrete_fields
    return tuple(field.attname for field in fields), {field.attname: field.get_default() for field in fields}


def insert_tasks(tasks: Sequence[Task]) -> list[Task]:
    """Write new tasks, all in one parameter, and give them their ids."""
    if not tasks:
        return []
    insert = _insert()
    rows = [{name: getattr(task, name) for name in insert.columns} for task in tasks]
    made = run_prepared(*together([Write(insert, rows)], told="id FROM tasks"))
    for task, (number,) in zip(tasks, made, strict=True):
        task.pk = number
        task._state.adding, task._state.db = False, "default"
    return list(tasks)


@cache
def _insert() -> Statement:
    fields = [field for field in Task._meta.concrete_fields if not field.primary_key]
    columns = {field.attname: str(field.db_type(connection)) for field in fields}
    listed = ", ".join(f'"{name}"' for name in columns)
    # The ids come back in the order of the rows: they are inserted one after the other as the document has them.
    sql = f"INSERT INTO approvals_task ({listed}) SELECT new.* FROM {{rows}} RETURNING id"  # noqa: S608 - columns
    return Statement("tasks", columns, sql)
