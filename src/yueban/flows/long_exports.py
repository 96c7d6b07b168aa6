"""长清单导出: the worker writes what would keep a page waiting; only who asked takes it, for some days."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.errors import NothingToExport
from yueban.cases.models import CaseExport
from yueban.files.models import StoredFile
from yueban.flows import export_cases, export_claims, identify
from yueban.jobs import services as jobs
from yueban.kernel.actor import Actor

JOB = "flows.export_cases"


def _writer(filters: Mapping[str, str]) -> Any:
    """Who writes the list: that of the cases, or that of the claims."""
    return export_claims if filters.get("list") == export_claims.LIST else export_cases


def count(actor: Actor, filters: Mapping[str, str]) -> int:
    """How many rows the sheet will have."""
    return int(_writer(filters).count(actor, filters))


@transaction.atomic
def ask(actor: Actor, filters: Mapping[str, str]) -> CaseExport:
    """Have the list written; the same list under way is not asked for twice."""
    export_cases.check_staff(actor)
    total = _writer(filters).count(actor, filters)
    if not total:
        raise NothingToExport("没有可导出的内容。", hint="请到列表换个条件再导出。")
    export, is_new = cases.ask_export(actor=actor, filters=filters, total=total)
    if is_new:
        _writer(filters).record(actor, "export_asked", filters, total, number=export.number)
        jobs.enqueue(JOB, number=export.number)
    return export


def make(number: str) -> None:
    """Write the file with what its asker may see now; run again after a kill it begins anew."""
    export = cases.begin_export(number)
    if export is None:
        return
    actor = replace(identify.actor_of_user(export.user_id, channel="desk"), parties=())
    if not actor.is_staff:
        cases.fail_export(export)
        return
    try:
        _write(export, actor)
    except Exception:
        cases.fail_export(export)
        raise  # the worker tries again


def _write(export: CaseExport, actor: Actor) -> None:
    def on_part(written: int) -> bool:
        return cases.note_written(export, written, export.total)

    writer = _writer(export.filters)
    content, count = writer.build(actor, export.filters, on_part=on_part)
    with transaction.atomic():
        name = writer.file_name()
        if cases.finish_export(export, content=content, name=name, count=count, actor=actor):
            writer.record(actor, "export", export.filters, count, number=export.number)


@transaction.atomic
def take(actor: Actor, number: str) -> StoredFile:
    """The file for its asker; that he took it is recorded."""
    export_cases.check_staff(actor)
    export = cases_read.get_export(actor, number)
    stored = cases_read.file_of(export)
    _writer(export.filters).record(actor, "export_taken", export.filters, export.written, number=number)
    return stored


@transaction.atomic
def delete(actor: Actor, number: str) -> None:
    """Remove an export with its file; one that is being written comes to nothing."""
    export = cases_read.get_export(actor, number)
    _writer(export.filters).record(actor, "export_deleted", export.filters, export.written, number=number)
    cases.delete_export(export)


def forget_old() -> int:
    """Remove the files whose days are over; returns how many."""
    old = list(cases_read.expired_exports())
    for export in old:
        with transaction.atomic():
            cases.delete_export(export)
    return len(old)
