"""The proof: every event follows from the one before, every anchor from the heads that it holds.

Whole days and the whole audit are proved in one pass over the events in the order of their chains: the digests are
worked out here, everything else in the order of the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet

from yueban.audit import chains, digests
from yueban.audit.models import Anchor, AnchoredHead, Event
from yueban.kernel import clock
from yueban.kernel.reference import Reference

Progress = Callable[[int], None]
STEP = 20_000  # events between two words of progress


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a chain holds; ``broken_at`` is the sequence number of the first event at fault."""

    ok: bool
    events: int
    broken_at: int | None
    message: str
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """Whether every chain and every anchor holds."""

    ok: bool
    chains: int
    events: int
    anchors: int
    broken: tuple[Verification, ...]
    message: str


def verify_chain(reference: Reference) -> Verification:
    """Prove one chain, and that it reaches every head that was anchored."""
    heads = AnchoredHead.objects.filter(
        reference_kind=reference.kind, reference_number=reference.number
    ).order_by("seq")
    rows = Event.objects.filter(reference_kind=reference.kind, reference_number=reference.number)
    return _verify(reference, rows.order_by("seq"), list(heads))


def verify_since(first: date, *, progress: Progress | None = None) -> AuditVerification:
    """Prove, as a whole, every chain that grew since a day, and the anchors of that day and later."""
    return _verify_many(_midnight(first), None, progress)


def verify_day(day: date, *, progress: Progress | None = None) -> AuditVerification:
    """Prove, as a whole, every chain that grew on a day, and that day's anchor."""
    return _verify_many(_midnight(day), _midnight(day + timedelta(days=1)), progress)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


def verify_all(*, progress: Progress | None = None) -> AuditVerification:
    """Prove every chain and every anchor, reading each event once."""
    return _verify_many(None, None, progress)


def _verify_many(
    first: datetime | None, before: datetime | None, progress: Progress | None
) -> AuditVerification:
    """Those chains that grew in a span of time, or all; and the anchors of its days, each after the one before."""
    count = events = told = 0
    broken: list[Verification] = []
    for reference, chain in _chains(first, before):
        count += 1
        found = _verify(reference, chain, [])
        events += found.events
        if not found.ok:
            broken.append(found)
        if progress is not None and events - told >= STEP:
            told = events
            progress(events)
    known = {found.reference for found in broken}
    broken += [found for found in _lost_heads(first, before) if found.reference not in known]
    anchors = list(_of_span(Anchor.objects.order_by("day"), "day", first, before))
    broken += _broken_anchors(anchors)
    message = (
        f"{count} 条链、{events} 个事件、{len(anchors)} 个日锚全部验证通过。"
        if not broken
        else f"发现 {len(broken)} 处不符，首处：{broken[0].message}"
    )
    return AuditVerification(not broken, count, events, len(anchors), tuple(broken), message)


def _chains(first: datetime | None, before: datetime | None) -> Iterator[tuple[Reference, Iterable[Event]]]:
    rows = Event.objects.all()
    if first is not None:
        grown = Event.objects.filter(
            reference_kind=OuterRef("reference_kind"),
            reference_number=OuterRef("reference_number"),
            at__gte=first,
        )
        rows = rows.filter(Exists(grown.filter(at__lt=before) if before is not None else grown))
    ordered = rows.order_by("reference_kind", "reference_number", "seq").iterator(chunk_size=2000)
    for (kind, number), chain in groupby(ordered, key=lambda e: (e.reference_kind, e.reference_number)):
        yield Reference(kind, number), chain


def _of_span(
    rows: QuerySet[Anchor], field: str, first: datetime | None, before: datetime | None
) -> QuerySet[Anchor]:
    if first is not None:
        rows = rows.filter(**{f"{field}__gte": first.date()})
    return rows.filter(**{f"{field}__lt": before.date()}) if before is not None else rows


def _verify(reference: Reference, events: Iterable[Event], heads: list[AnchoredHead]) -> Verification:
    expected_seq, prev_hash = 1, ""
    by_seq: dict[int, str] = {}
    first_fault: tuple[int, str] | None = None
    for event in events:
        fault = _fault(event, expected_seq, prev_hash)
        if fault and first_fault is None:
            first_fault = (min(event.seq, expected_seq), fault)
        expected_seq, prev_hash = event.seq + 1, event.hash
        by_seq[event.seq] = event.hash
    if first_fault is None:
        first_fault = next(
            ((head.seq, _head_fault(head)) for head in heads if by_seq.get(head.seq) != head.hash), None
        )
    if first_fault is None:
        return Verification(True, len(by_seq), None, f"{len(by_seq)} 个事件验证通过。", reference)
    seq, fault = first_fault
    return Verification(False, len(by_seq), seq, f"{reference}：{fault}", reference)


def _fault(event: Event, expected_seq: int, prev_hash: str) -> str:
    if event.seq != expected_seq:
        return f"第 {expected_seq} 个事件缺失（其后是第 {event.seq} 个“{event.kind}”）。"
    if event.prev_hash != prev_hash:
        return f"第 {event.seq} 个事件“{event.kind}”与前一事件不相连。"
    if event.algorithm not in digests.ALGORITHMS:
        return f"第 {event.seq} 个事件“{event.kind}”的杂凑算法“{event.algorithm}”不明。"
    if event.hash != chains.event_digest(event):
        return f"第 {event.seq} 个事件“{event.kind}”的内容与杂凑值不符，记录被改动过。"
    return ""


def _head_fault(head: AnchoredHead) -> str:
    return f"第 {head.seq} 个事件缺失或与日锚所记不符，链尾被删改过。"


def _lost_heads(first: datetime | None, before: datetime | None) -> list[Verification]:
    """Anchored heads whose event is gone or differs, whole chains that vanished included."""
    same = Event.objects.filter(
        reference_kind=OuterRef("reference_kind"),
        reference_number=OuterRef("reference_number"),
        seq=OuterRef("seq"),
        hash=OuterRef("hash"),
    )
    days = _of_span(Anchor.objects.all(), "day", first, before)
    lost = AnchoredHead.objects.filter(~Exists(same), anchor__in=days)
    lost = lost.order_by("reference_kind", "reference_number", "seq")
    found: dict[Reference, Verification] = {}
    for head in lost:
        reference = Reference(head.reference_kind, head.reference_number)
        message = f"{reference}：{_head_fault(head)}"
        found.setdefault(reference, Verification(False, 0, head.seq, message, reference))
    return list(found.values())


def _broken_anchors(anchors: list[Anchor]) -> list[Verification]:
    broken = []
    before = Anchor.objects.filter(day__lt=anchors[0].day).order_by("-day").first() if anchors else None
    prev_hash = before.hash if before else ""
    for anchor in anchors:
        heads = [
            (f"{head.reference_kind}:{head.reference_number}", head.seq, head.hash)
            for head in anchor.heads.all()
        ]
        if not _anchor_holds(anchor, prev_hash, heads):
            message = f"{anchor.day} 的日锚与其所含链尾不符，锚被改动过。"
            broken.append(Verification(False, len(heads), None, message))
        prev_hash = anchor.hash
    return broken


def _anchor_holds(anchor: Anchor, prev_hash: str, heads: list[chains.Head]) -> bool:
    if anchor.algorithm not in digests.ALGORITHMS or anchor.prev_hash != prev_hash:
        return False
    expected = chains.anchor_digest(
        day=anchor.day, prev_hash=prev_hash, heads=heads, algorithm=anchor.algorithm
    )
    return anchor.hash == expected


def compare_anchor(day: date, digest: str) -> AuditVerification:
    """Whether the anchor of a day is the one whose digest was kept outside: the newest cannot vanish unnoticed."""
    anchor = Anchor.objects.filter(day=day).first()
    same = anchor is not None and anchor.hash == digest.strip().lower()
    if same:
        message = f"{day} 的日锚与外部副本一致。"
        return AuditVerification(True, 0, 0, 1, (), message)
    message = f"{day} 的日锚与外部副本不同。" if anchor else f"{day} 的日锚不在了，外部副本却记着它。"
    return AuditVerification(
        False, 0, 0, int(anchor is not None), (Verification(False, 0, None, message),), message
    )
