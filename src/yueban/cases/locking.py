"""Locking a case for an act: the row and what every act asks of it, by one statement that is made once.

Sealed and large columns are left out and read where an act needs them. Who may see the case is told from the row
where that is plain, and asked of the database where it is not.
"""

from functools import cache
from typing import Any

from django.db import models

from yueban.cases.errors import CaseNotFound
from yueban.cases.models import Case
from yueban.cases.visibility import cases_visible_to, is_plainly_visible
from yueban.kernel.actor import Actor
from yueban.prepared import prepared_cursor

DATABASE = "default"
# Each object around the case by its way from it, nearest first.
AROUND = (
    "agency",
    "agency__division",
    "intake_agency",
    "item_version",
    "item_version__item",
    "application",
    "party",
)


def lock_case(*, number: str, actor: Actor) -> Case:
    """The case, locked for this transaction, when the actor may see it; CaseNotFound otherwise."""
    case = _find_locked(number)
    if case is None or not _may_see(case, actor):
        raise CaseNotFound("没有找到这件办件。", hint="请核对编号；只有本人和承办人员能看到办件。")
    return case


def lock_any_case(*, number: str) -> Case:
    """The case, locked, for the platform's own acts; never behind a page."""
    case = _find_locked(number)
    if case is None:
        raise Case.DoesNotExist(number)
    return case


def _may_see(case: Case, actor: Actor) -> bool:
    return is_plainly_visible(case, actor) or cases_visible_to(actor).filter(pk=case.pk).exists()


def _find_locked(number: str) -> Case | None:
    with prepared_cursor() as cursor:
        cursor.execute(_statement(), [number])
        row = cursor.fetchone()
    if row is None:
        return None
    objects: dict[str, Any] = {}
    at = 0
    for path, model, names in _parts():
        objects[path] = model.from_db(DATABASE, names, row[at : at + len(names)])
        at += len(names)
    for path in AROUND:
        owner, _, name = path.rpartition("__")
        setattr(objects[owner], name, objects[path])
    case: Case = objects[""]
    return case


@cache
def _parts() -> list[tuple[str, type[models.Model], list[str]]]:
    """The case and each object around it: its way, its model, and the fields that are read."""
    found: list[tuple[str, type[models.Model], list[str]]] = []
    for path in ("", *AROUND):
        model: Any = Case
        for name in path.split("__") if path else ():
            model = model._meta.get_field(name).related_model
        names = [field.attname for field in model._meta.concrete_fields if not _is_large(field)]
        found.append((path, model, names))
    return found


def _is_large(field: Any) -> bool:
    """Sealed values and JSON take work to read, and no move asks for them."""
    return hasattr(field, "from_db_value")


@cache
def _statement() -> str:
    columns, joins = [], []
    for path, model, names in _parts():
        alias = path or "locked"
        columns += [f'"{alias}"."{_column(model, name)}"' for name in names]
        if path:
            owner, _, name = path.rpartition("__")
            joins.append(
                f'JOIN {model._meta.db_table} AS "{path}" ON "{path}".id = "{owner or "locked"}"."{name}_id"'
            )
    return (
        f"SELECT {', '.join(columns)} FROM cases_case AS locked {' '.join(joins)}"  # noqa: S608 - the models' names
        ' WHERE "locked".number = %s FOR UPDATE OF "locked"'
    )


def _column(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).column)
