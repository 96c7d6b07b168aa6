"""审计导出: the auditor takes a part of the audit out of the house; why and what stands in his own chain."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from yueban.audit import selectors as audit_read
from yueban.audit import services as audit
from yueban.audit.models import Event
from yueban.flows.audit_view import events_visible_to
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid
from yueban.kernel.reference import Reference

COLUMNS = ("时间", "对象", "序号", "事件", "事件名称", "办理人", "单位", "渠道", "内容", "杂凑值")
SHORTEST_PURPOSE = 4
MOST_IN_EXCEL = 10_000
MOST = 1_000_000


@transaction.atomic
def begin(actor: Actor, wanted: audit_read.Wanted, filters: Mapping[str, str], *, purpose: str) -> bool:
    """Keep who takes what and for which purpose; gives whether it fits into one sheet."""
    reach = events_visible_to(actor)
    said = purpose.strip()
    if len(said) < SHORTEST_PURPOSE:
        raise Invalid.of_fields({"purpose": "请写明导出的用途和批准的依据，至少4个字。"})
    fits = audit_read.matching(reach, wanted)[: MOST_IN_EXCEL + 1].count() <= MOST_IN_EXCEL
    data = {"what": "审计记录", "purpose": said, "filters": dict(filters), "as": "xlsx" if fits else "csv"}
    audit.record(Reference("user", str(actor.user_id)), "audit_exported", actor=actor, data=data)
    return fits


def rows(actor: Actor, wanted: audit_read.Wanted, said: Mapping[str, str]) -> Iterator[tuple[str | int, ...]]:
    """The events found that he may read, the newest first, a thousand at a time from the database."""
    found = audit_read.matching(events_visible_to(actor), wanted).order_by("-at", "-pk")[:MOST]
    return (_row(event, said.get(event.kind, event.kind)) for event in found.iterator(chunk_size=1000))


def _row(event: Event, said: str) -> tuple[str | int, ...]:
    posts = event.actor.get("posts") or [{}]
    return (
        f"{event.at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}",
        str(event.reference),
        event.seq,
        event.kind,
        said,
        str(event.actor.get("name", "")),
        str(posts[0].get("agency_name", "")),
        str(event.actor.get("channel", "")),
        json.dumps(event.data, ensure_ascii=False, sort_keys=True),
        event.hash,
    )


class _Line:
    """What a csv writer writes to, to have each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(found: Iterable[tuple[str | int, ...]]) -> Iterator[bytes]:
    """The same as CSV, line by line; a cell that a spreadsheet would take for a formula is made text."""
    writer = csv.writer(_Line())
    yield b"\xef\xbb\xbf" + str(writer.writerow(COLUMNS)).encode()
    for row in found:
        cells = [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell for cell in row]
        yield str(writer.writerow(cells)).encode()
