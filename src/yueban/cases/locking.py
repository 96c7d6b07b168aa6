"""Locking a case for an act: the row and what every act asks of it, by one statement that is made once.

Sealed and large columns are left out and read where an act needs them. Who may see the case is told from the row
where that is plain, and asked of the database where it is not.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models
from django.db.models.base import ModelState

from yueban.audit import services as audit
from yueban.cases.errors import CaseNotFound
from yueban.cases.models import Case, LockedWith
from yueban.cases.visibility import cases_visible_to, is_plainly_visible
from yueban.divisions import selectors as divisions
from yueban.kernel.actor import Actor
from yueban.prepared import run_prepared

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
    found = run_prepared(_statement(), [number])
    if not found:
        return None
    (row,) = found
    seq, digest, place, edition = row[:4]
    at = 4
    objects: dict[str, Any] = {}
    for path, model, names in _parts():
        objects[path] = _built(model, names, row[at : at + len(names)])
        at += len(names)
    for path in AROUND:
        owner, _, name = path.rpartition("__")
        objects[owner]._state.fields_cache[name] = objects[path]
    case: Case = objects[""]
    case.locked_with = LockedWith(audit.Head(seq, digest, place) if seq else audit.NO_HEAD, edition)
    return case


def _built(model: type[models.Model], names: Sequence[str], values: Sequence[object]) -> models.Model:
    """A row as its object, as `Model.from_db` makes it, without its signals and its look at every field."""
    made = model.__new__(model)
    made.__dict__.update(zip(names, values, strict=True))
    made._state = ModelState()
    made._state.adding, made._state.db = False, DATABASE
    return made


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
    # Short names: what is longer than 4,096 characters psycopg reads anew each time.
    alias = {path: f"t{number}" for number, path in enumerate(("", *AROUND))}
    for path, model, names in _parts():
        columns += [f"{alias[path]}.{_column(model, name)}" for name in names]
        if path:
            owner, _, name = path.rpartition("__")
            joins.append(
                f"JOIN {model._meta.db_table} {alias[path]} ON {alias[path]}.id={alias[owner]}.{name}_id"
            )
    head = audit.HEAD_OF.format(kind="'case'", number=f"{alias['']}.number")
    return (
        f"SELECT head.seq,head.hash,head.division_code,{divisions.EDITION},{','.join(columns)} "  # noqa: S608 - the models' names
        f"FROM cases_case {alias['']} {' '.join(joins)} LEFT JOIN {head} head ON true "
        f"WHERE {alias['']}.number=%s FOR UPDATE OF {alias['']}"
    )


def _column(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).column)
