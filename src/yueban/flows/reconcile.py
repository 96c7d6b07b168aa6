"""对账: what a running system lists beside what stands here; nothing is changed unless it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yueban.cases import selectors as cases
from yueban.cases.models import Case, Relay
from yueban.catalogue import exchange
from yueban.flows import relays
from yueban.flows.systems import RunningSystem, find_system
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid

NUMBER, STATUS, NOTE = "编号", "状态", "说明"
MOST_ROWS = 5_000


@dataclass(frozen=True)
class Told:
    """One row of the system's list."""

    row: int
    number: str
    word: str
    note: str


@dataclass(frozen=True)
class Differing:
    """One case of which the system says something else than stands here."""

    relay: Relay
    told: Told


@dataclass
class Reconciliation:
    """The three lists of a reconciliation, how many agree, and what could not be read."""

    system: RunningSystem
    same: int = 0
    ours_alone: list[Case] = field(default_factory=list)
    theirs_alone: list[Told] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    written: int = 0


def reconcile(
    actor: Actor, system_key: str, content: bytes, *, name: str, writes: bool = False
) -> Reconciliation:
    """Compare a system's list with the cases this person sees; ``writes`` = take over what differs, all or nothing."""
    system = _system(system_key)
    told = {one.number: one for one in _rows(content, name)}
    found = Reconciliation(system)
    found.faults = [
        f"第{one.row}行：{system.name}没有状态“{one.word}”。"
        for one in told.values()
        if system.outcome_of(one.word) is None
    ]
    known = {row.receipt_number: row for row in cases.relays_visible_to(actor).filter(system=system.key)}
    for number, one in told.items():
        relay = known.get(number)
        if relay is None:
            found.theirs_alone.append(one)
        elif relay.status == one.word:
            found.same += 1
        else:
            found.differing.append(Differing(relay, one))
    found.ours_alone = awaiting(actor, system)
    if writes and not found.faults:
        found.written = relays.tell_many(
            actor,
            [
                (one.relay.case.number, one.told.word, one.told.note)
                for one in found.differing
                if one.relay.closed_at is None
            ],
        )
    return found


def awaiting(actor: Actor, system: RunningSystem) -> list[Case]:
    """Cases here that should have a number there and have none."""
    return list(cases.awaiting_number(actor, system.items).order_by("accepted_at")[:MOST_ROWS])


def _system(key: str) -> RunningSystem:
    found = find_system(key)
    if found is None:
        raise Invalid("没有这个运行系统。", hint="请从列表中选择。")
    return found


def _rows(content: bytes, name: str) -> Iterator[Told]:
    sheet: Any = exchange.open_book(content, name).worksheets[0]
    heads = {str(cell.value or "").strip(): number for number, cell in enumerate(sheet[1])}
    if NUMBER not in heads or STATUS not in heads:
        raise Invalid(f"表格第一行要有“{NUMBER}”和“{STATUS}”两列。", hint="可以先在本页导出一份再改。")
    if sheet.max_row > MOST_ROWS:
        raise Invalid(f"超过 {MOST_ROWS} 行。", hint="请分几次对账。")
    for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        cells = [str(value).strip() if value is not None else "" for value in row]
        if cells[heads[NUMBER]]:
            note = cells[heads[NOTE]] if NOTE in heads else ""
            yield Told(number, "".join(cells[heads[NUMBER]].split()), cells[heads[STATUS]], note)
