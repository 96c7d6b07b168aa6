"""Writing to the audit: appending events and anchoring a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from yueban.audit import chains, digests
from yueban.audit.chains import Link
from yueban.audit.errors import AnchorOutOfOrder, ChainBusy
from yueban.audit.models import Anchor, AnchoredHead
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.kernel.writes import Statement, Write, together
from yueban.prepared import run_prepared


class Head(NamedTuple):
    """The last event of a chain, as the next one needs it."""

    seq: int
    hash: str
    division: str


# One statement for any number of chains, each head by the unique index.
HEAD_OF = """LATERAL (
    SELECT seq, hash, division_code FROM audit_event
    WHERE reference_kind = {kind} AND reference_number = {number}
    ORDER BY seq DESC LIMIT 1
)"""
HEADS_OF = f"""
SELECT chain.kind, chain.number, head.seq, head.hash, head.division_code
FROM unnest(%s::text[], %s::text[]) AS chain(kind, number)
CROSS JOIN {HEAD_OF.format(kind="chain.kind", number="chain.number")} AS head
"""  # noqa: S608 - our own names
WRITTEN = {
    "reference_kind": "text",
    "reference_number": "text",
    "seq": "int",
    "kind": "text",
    "at": "timestamptz",
    "actor": "jsonb",
    "data": "jsonb",
    "division_code": "text",
    "algorithm": "text",
    "prev_hash": "text",
    "hash": "text",
}
INSERT = f"INSERT INTO audit_event ({', '.join(WRITTEN)}) SELECT new.* FROM {{rows}}"  # noqa: S608 - the same
APPEND = Statement("events", WRITTEN, INSERT)
# Where the heads were read with the lock: what has been appended since makes the event wait for its right place.
APPEND_IF_HEAD = Statement(
    "events",
    WRITTEN,
    f"{INSERT} ON CONFLICT (reference_kind, reference_number, seq) DO NOTHING RETURNING reference_number",
)
NO_HEAD = Head(0, "", "")
# Heads at the end of a day that no anchor holds yet.
HEADS_TO_ANCHOR = """
SELECT DISTINCT ON (reference_kind, reference_number) reference_kind, reference_number, seq, hash
FROM audit_event AS event
WHERE at < %s AND NOT EXISTS (
    SELECT 1 FROM audit_anchoredhead AS held
    WHERE held.reference_kind = event.reference_kind AND held.reference_number = event.reference_number
      AND held.seq >= event.seq
)
ORDER BY reference_kind, reference_number, seq DESC
"""
ANCHOR_LOCK = 0x5945_414E  # any number of our own: two anchoring jobs wait for each other


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be appended: to which chain, what happened, with which facts, and where the thing stands.

    Without a division it stands where the chain stood before, or else where its actor has his post.
    """

    reference: Reference
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    division: str = ""


def record(
    reference: Reference,
    kind: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    division: str = "",
) -> Link:
    """Append one event to the reference's chain, inside the caller's transaction.

    The caller holds the lock of the object's row; raises ChainBusy where he does not and loses.
    """
    return record_many([NewEvent(reference, kind, data or {}, division)], actor=actor)[0]


def record_many(entries: Sequence[NewEvent], *, actor: Actor) -> list[Link]:
    """Append events to many chains with one SELECT and one INSERT; several to one chain keep their order."""
    if not entries:
        return []
    events = chained(entries, actor=actor)
    with never_busy():
        run_prepared(*together([Write(APPEND, rows_of(events))]))
    return events


def chained(
    entries: Sequence[NewEvent], *, actor: Actor, known: Mapping[Reference, Head] | None = None
) -> list[Link]:
    """The events as they will stand in their chains, each tied to the one before; not written yet.

    ``known`` are heads that the caller has read with the lock of the objects.
    """
    heads = dict(known or {})
    if asked := {entry.reference for entry in entries} - heads.keys():
        heads |= _heads_of(asked)
    at, snapshot = clock.now(), digests.plain(actor.snapshot())
    events = []
    for entry in entries:
        head = heads.get(entry.reference, NO_HEAD)
        event = _chained(entry, head, _place_of(entry, head, actor), at, snapshot)
        heads[entry.reference] = head_of(event)
        events.append(event)
    return events


def head_of(event: Link) -> Head:
    """What the event after this one is tied to."""
    return Head(event.seq, event.hash, event.division_code)


def _place_of(entry: NewEvent, head: Head, actor: Actor) -> str:
    """Where the thing stands: as told, as before, or where its actor has his post; one's own doings there first."""
    post = next((post.division for post in actor.posts if post.stands_in_for is None), "")
    is_own = entry.reference == Reference("user", str(actor.user_id))
    return entry.division or (post if is_own else "") or head.division or post


def appended(events: Sequence[Link]) -> Write:
    """What writes chained events whose heads still hold; it tells the reference numbers of those it wrote."""
    return Write(APPEND_IF_HEAD, rows_of(events))


def rows_of(events: Sequence[Link]) -> list[dict[str, Any]]:
    """What is written of each event."""
    return [{name: getattr(event, name) for name in WRITTEN} for event in events]


@contextmanager
def never_busy() -> Iterator[None]:
    """Whoever writes to a chain holds the lock of its object; who does not, and loses, is told so."""
    try:
        yield
    except IntegrityError as error:
        if "audit_event_one_per_seq" not in str(error):
            raise
        raise ChainBusy("同一事项正由他人办理。", hint="请刷新页面，看清最新状态后再操作。") from error


def anchor_day(day: date) -> Anchor:
    """Anchor the heads of all chains as they stood at the end of a day; a second call changes nothing."""
    end_of_day = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.BEIJING)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ANCHOR_LOCK])
        last = Anchor.objects.order_by("-day").first()
        if last is not None and last.day >= day:
            return _anchor_of(day)
        with connection.cursor() as cursor:
            cursor.execute(HEADS_TO_ANCHOR, [end_of_day])
            heads: list[tuple[str, str, int, str]] = cursor.fetchall()
        return _store_anchor(day, last.hash if last else "", heads)


def _heads_of(references: set[Reference]) -> dict[Reference, Head]:
    ordered = sorted(references)
    found = run_prepared(HEADS_OF, [[r.kind for r in ordered], [r.number for r in ordered]])
    return {Reference(kind, number): Head(*head) for kind, number, *head in found}


def _chained(entry: NewEvent, head: Head, place: str, at: datetime, snapshot: dict[str, Any]) -> Link:
    event = Link(
        reference_kind=entry.reference.kind,
        reference_number=entry.reference.number,
        seq=head.seq + 1,
        kind=entry.kind,
        at=at,
        actor=snapshot,
        data=digests.plain(entry.data),
        division_code=place,
        algorithm=digests.SM3,
        prev_hash=head.hash,
    )
    event.hash = chains.event_digest(event)
    return event


def _anchor_of(day: date) -> Anchor:
    found = Anchor.objects.filter(day=day).first()
    if found is None:
        raise AnchorOutOfOrder(
            f"{day} 之后的日期已经锚定，不能再补。", hint="较晚的锚已包含这一天的全部事件，无需处理。"
        )
    return found


def _store_anchor(day: date, prev_hash: str, heads: list[tuple[str, str, int, str]]) -> Anchor:
    anchor = Anchor.objects.create(
        day=day,
        at=clock.now(),
        algorithm=digests.SM3,
        prev_hash=prev_hash,
        hash=chains.anchor_digest(
            day=day,
            prev_hash=prev_hash,
            heads=((f"{kind}:{number}", seq, hash_) for kind, number, seq, hash_ in heads),
            algorithm=digests.SM3,
        ),
    )
    AnchoredHead.objects.bulk_create(
        [
            AnchoredHead(anchor=anchor, reference_kind=kind, reference_number=number, seq=seq, hash=hash_)
            for kind, number, seq, hash_ in heads
        ],
        batch_size=1000,
    )
    return anchor
