"""数据异议: what a person says is wrong in what a source holds of him, and the answer of the source's department."""

import secrets
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.certificates.choices import ObjectionState
from yueban.certificates.errors import ObjectionAnswered, ObjectionNotFound
from yueban.certificates.models import DataObjection, Exchange
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.parties.models import Party


def find_open(party_id: int, source: str, element: str) -> DataObjection | None:
    """The objection to this value that is being looked into."""
    rows = DataObjection.objects.filter(party_id=party_id, source=source, element=element, exchange=None)
    return rows.filter(state=ObjectionState.OPEN).first()


def find_open_to(exchange: Exchange) -> DataObjection | None:
    """The objection to this answer that is being looked into."""
    return DataObjection.objects.filter(exchange=exchange, state=ObjectionState.OPEN).first()


def make(
    *,
    party: Party,
    source: str,
    about: str,
    text: str,
    agency: Agency,
    actor: Actor,
    element: str = "",
    exchange: Exchange | None = None,
) -> DataObjection:
    """Keep an objection; the caller has looked for an open one and gives it to the department."""
    row = DataObjection.objects.create(
        number=f"YY{clock.today():%Y%m%d}{secrets.token_hex(5).upper()}",
        party=party,
        source=source,
        element=element,
        exchange=exchange,
        about=about[:200],
        text=text,
        agency=agency,
        made_by_user_id=actor.user_id,
        made_at=clock.now(),
    )
    data = {"source": source, "about": row.about, "agency": agency.name}
    audit.record(row.reference, "data_objected", actor=actor, data=data)
    return row


def schedule(row: DataObjection, *, due_on: date | None) -> None:
    """Write down by when it is answered."""
    row.due_on = due_on
    row.save(update_fields=["due_on"])


def lock(number: str) -> DataObjection:
    """The objection, locked for the transaction; raises ObjectionNotFound."""
    rows = DataObjection.objects.select_for_update(of=("self",)).select_related("party", "agency", "exchange")
    row = rows.filter(number=number).first()
    if row is None:
        raise ObjectionNotFound("没有找到这条数据异议。", hint="请从待办列表重新打开。")
    return row


def answer(row: DataObjection, *, is_upheld: bool, text: str, actor: Actor) -> DataObjection:
    """Keep the department's answer; once. Raises ObjectionAnswered."""
    if row.state != ObjectionState.OPEN:
        raise ObjectionAnswered("这条数据异议已经答复。", hint="请刷新页面查看答复。")
    row.state = ObjectionState.UPHELD if is_upheld else ObjectionState.DISMISSED
    row.answered_at, row.answer = clock.now(), text
    row.save(update_fields=["state", "answered_at", "answer"])
    audit.record(row.reference, "data_objection_answered", actor=actor, data={"state": row.state})
    return row


def objections_of(party_ids: list[int]) -> QuerySet[DataObjection]:
    """What these parties have objected to, the newest first."""
    rows = DataObjection.objects.filter(party_id__in=party_ids).select_related("agency", "party")
    return rows.order_by("-made_at", "-pk")


def disputed(party_id: int) -> frozenset[tuple[str, str]]:
    """Source and element of each value of the party that is under objection."""
    return frozenset((source, element) for _, source, element in disputed_of([party_id]))


def upheld_of(party_ids: Iterable[int]) -> dict[tuple[int, str, str], date]:
    """Party, source and element of each value that was found wrong, with the day of the answer; one query."""
    rows = DataObjection.objects.filter(
        party_id__in=list(party_ids), state=ObjectionState.UPHELD, exchange=None, answered_at__isnull=False
    )
    return {
        (row.party_id, row.source, row.element): row.answered_at.astimezone(clock.BEIJING).date()
        for row in rows.order_by("answered_at")
        if row.answered_at is not None
    }


def disputed_of(party_ids: Iterable[int]) -> frozenset[tuple[int, str, str]]:
    """Party, source and element of each value of these parties that is under objection; one query."""
    rows = DataObjection.objects.filter(
        party_id__in=list(party_ids), state=ObjectionState.OPEN, exchange=None
    )
    return frozenset(rows.values_list("party_id", "source", "element"))
