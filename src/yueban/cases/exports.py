"""Long exports of cases as rows: asked for, written by the worker, kept for some days for the one who asked."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from yueban.cases.choices import ExportState
from yueban.cases.errors import ExportNotFound, ExportNotReady, TooManyExports
from yueban.cases.models import CaseExport
from yueban.files import services as files
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.vault import services as vault

LIVE = (ExportState.WAITING, ExportState.RUNNING)
MOST_KEPT = 20


def exports_of(actor: Actor) -> QuerySet[CaseExport]:
    """What this very person asked for and may still take, the newest first."""
    if actor.user_id is None:
        return CaseExport.objects.none()
    rows = CaseExport.objects.filter(user_id=actor.user_id, expires_at__gt=clock.now())
    return rows.select_related("file").order_by("-asked_at", "-pk")


def get_export(actor: Actor, number: str) -> CaseExport:
    """One of them; ExportNotFound for a wrong number, another's and one whose days are over alike."""
    found = exports_of(actor).filter(number=number).first()
    if found is None:
        raise ExportNotFound("没有找到这份导出文件。", hint="文件只保留几天，过期请从办件列表重新导出。")
    return found


def file_of(export: CaseExport) -> StoredFile:
    """The whole file; raises ExportNotReady while there is none."""
    if export.file is None:
        raise ExportNotReady("这份文件还没有生成好。", hint="请过一会儿刷新本页。")
    return export.file


def ask_export(*, actor: Actor, filters: Mapping[str, str], total: int) -> tuple[CaseExport, bool]:
    """The export of a list that is under way, or a new one; whether it is new."""
    assert actor.user_id is not None  # the flow lets in staff alone
    index = vault.blind_index(json.dumps(dict(filters), sort_keys=True), purpose="case-export")
    live = CaseExport.objects.filter(user_id=actor.user_id, filters_index=index, state__in=LIVE)
    found = live.first()
    if found is not None:
        return found, False
    if exports_of(actor).count() >= MOST_KEPT:
        raise TooManyExports(f"您已有{MOST_KEPT}份导出文件。", hint="请先删除用不着的，再导出新的。")
    now = clock.now()
    try:
        with transaction.atomic():
            made = CaseExport.objects.create(
                number=f"DC{now.astimezone(clock.BEIJING):%Y%m%d}{secrets.token_hex(5).upper()}",
                user_id=actor.user_id,
                filters=dict(filters),
                filters_index=index,
                total=total,
                asked_at=now,
                expires_at=now + timedelta(days=settings.YUEBAN_EXPORT_DAYS),
            )
    except IntegrityError:  # the second click of two
        return live.get(), False
    return made, True


def begin_export(number: str) -> CaseExport | None:
    """Take an export up, from its first row; None where it is written already or was deleted."""
    rows = CaseExport.objects.filter(number=number).exclude(state=ExportState.DONE)
    rows.update(state=ExportState.RUNNING, attempt=F("attempt") + 1, written=0)
    return rows.first()


def note_written(export: CaseExport, written: int, total: int) -> bool:
    """Tell how far it is; whether this try is still wanted."""
    return bool(_mine(export).update(written=written, total=max(total, written)))


def finish_export(export: CaseExport, *, content: bytes, name: str, count: int, actor: Actor) -> bool:
    """Offer the whole file; nothing happens where it was deleted or another try has taken over."""
    found = _mine(export).select_for_update().first()
    if found is None:
        return False
    found.file = files.store_file(content=content, name=name, actor=actor)
    found.state, found.written, found.total = ExportState.DONE, count, count
    found.made_at = clock.now()
    found.expires_at = found.made_at + timedelta(days=settings.YUEBAN_EXPORT_DAYS)
    found.save(update_fields=["file", "state", "written", "total", "made_at", "expires_at"])
    return True


def fail_export(export: CaseExport) -> None:
    """Say that this try came to nothing."""
    _mine(export).update(state=ExportState.FAILED)


def delete_export(export: CaseExport) -> None:
    """Remove an export with its file."""
    CaseExport.objects.filter(pk=export.pk).delete()
    if export.file is not None:
        files.delete_file(export.file)


def expired_exports() -> QuerySet[CaseExport]:
    """Those whose days are over."""
    return CaseExport.objects.filter(expires_at__lte=clock.now()).select_related("file")


def _mine(export: CaseExport) -> QuerySet[CaseExport]:
    return CaseExport.objects.filter(pk=export.pk, attempt=export.attempt, state=ExportState.RUNNING)
