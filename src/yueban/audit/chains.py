"""What an event's digest and an anchor's digest are taken over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yueban.audit import digests
from yueban.audit.models import Event


@dataclass(slots=True, kw_only=True)
class Link:
    """An event as it will stand in its chain, before it is written; its fields are those of Event."""

    reference_kind: str
    reference_number: str
    seq: int
    kind: str
    at: datetime
    actor: dict[str, Any]
    data: dict[str, Any]
    division_code: str
    algorithm: str
    prev_hash: str
    hash: str = ""


Head = tuple[str, int, str]
"""Reference, sequence number and digest of the last event of a chain."""


def event_digest(event: Event | Link) -> str:
    """Digest of everything an event says, the digest of the event before it included."""
    content: dict[str, Any] = {
        "reference": f"{event.reference_kind}:{event.reference_number}",
        "seq": event.seq,
        "kind": event.kind,
        "at": digests.moment(event.at),
        "actor": event.actor,
        "data": event.data,
        "prev_hash": event.prev_hash,
    }
    if event.division_code:  # events from before there were places keep their digests
        content["division"] = event.division_code
    return digests.digest(content, algorithm=event.algorithm)


def anchor_digest(*, day: date, prev_hash: str, heads: Iterable[Head], algorithm: str) -> str:
    """Digest of a day's heads (in the order of their references) and of the anchor before."""
    content = {
        "day": day.isoformat(),
        "prev_hash": prev_hash,
        "heads": [list(head) for head in sorted(heads)],
    }
    return digests.digest(content, algorithm=algorithm)
