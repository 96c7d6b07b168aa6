"""导出 CSV: the cases a person may see, sent as they are read, so that ten thousand begin as soon as ten."""

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import chain

from django.db import transaction
from django.db.models import Q, QuerySet

from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.flows import export_cases
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference

FIRST, PART = 50, 500
MARK = "\ufeff"  # without it a spreadsheet takes Chinese for another encoding
Narrow = Callable[[QuerySet[Case]], QuerySet[Case]]


def stream(actor: Actor, narrow: Narrow, *, filters: str) -> Iterator[bytes]:
    """The parts of the file; `narrow` is applied to what this person may see. Begun and ended it is recorded."""
    if not actor.is_staff:
        raise NotAllowed("只有工作人员能导出办件。", hint="请用带岗位的账号登录。")
    rows = narrow(cases_read.cases_visible_to(actor))
    rows = rows.select_related("agency", "intake_agency", "party").defer("form", "facts", "answers")
    _record(actor, "export_begun", filters, 0)
    return _parts(actor, rows.order_by("-applied_at", "-pk"), filters)


def _parts(actor: Actor, rows: QuerySet[Case], filters: str) -> Iterator[bytes]:
    count, head = 0, [export_cases.COLUMNS]
    try:
        for part in _read(rows):
            lines = list(export_cases.lines(part))
            yield _text(chain(head, lines), is_first=bool(head))
            count, head = count + len(lines), []
    finally:
        _record(actor, "export", filters, count)


def _read(rows: QuerySet[Case]) -> Iterator[list[Case]]:
    """Part after part by where the last one ended: no cursor stays open while somebody's line is slow."""
    part = list(rows[:FIRST])
    count = 0
    yield part
    while part and (count := count + len(part)) < export_cases.MOST_ROWS:
        last = part[-1]
        later = Q(applied_at__lt=last.applied_at) | Q(applied_at=last.applied_at, pk__lt=last.pk)
        part = list(rows.filter(later, applied_at__lte=last.applied_at)[:PART])
        if part:
            yield part


def _text(lines: Iterator[object], *, is_first: bool) -> bytes:
    kept = StringIO()
    csv.writer(kept).writerows(lines)  # type: ignore[arg-type]
    return ((MARK if is_first else "") + kept.getvalue()).encode()


@transaction.atomic
def _record(actor: Actor, kind: str, filters: str, count: int) -> None:
    data = {"what": "办件 CSV", "rows": count, "filters": filters}
    audit.record(Reference("user", str(actor.user_id)), kind, actor=actor, data=data)


def file_name() -> str:
    """办件-20261122.csv."""
    return f"办件-{clock.today():%Y%m%d}.csv"
