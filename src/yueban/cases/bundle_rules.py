"""What follows from the outcomes of a bundle's children: who begins now, who never will, who is stopped.

Pure: rows in, keys out; nothing is asked of the database.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yueban.cases.choices import BundleState, CaseState, ChildOutcome, ChildState

AFTER_A_GRANT = frozenset({"result_input", "approve_start"})
AFTER_A_START = "start_start"
# Whatever came of it: granted, refused, or never begun.
AFTER_THE_END = "all_finish"
BLOCK_ALL, CAN_REDO = "block_all", "can_redo"
DONE_WELL = frozenset({ChildOutcome.GRANTED})
BY_CASE_STATE: Mapping[str, ChildOutcome] = {
    CaseState.GRANTED: ChildOutcome.GRANTED,
    CaseState.READY: ChildOutcome.GRANTED,
    CaseState.REFUSED: ChildOutcome.REFUSED,
    CaseState.NOT_ACCEPTED: ChildOutcome.NOT_ACCEPTED,
    CaseState.RETURNED: ChildOutcome.RETURNED,
    CaseState.WITHDRAWN: ChildOutcome.WITHDRAWN,
    CaseState.TERMINATED: ChildOutcome.TERMINATED,
    CaseState.REVOKED: ChildOutcome.REVOKED,
}


class EdgeLike(Protocol):
    """What is read of an edge."""

    @property
    def kind(self) -> str:
        """result_input, approve_start, start_start …"""

    @property
    def source(self) -> str:
        """Key of the child that comes first."""

    @property
    def target(self) -> str:
        """Key of the child that follows."""


class RowLike(Protocol):
    """What is read of a child, and written by nobody here."""

    child_key: str
    row: int
    name: str
    state: str
    outcome: str


@dataclass
class Settled:
    """What is to be done: rows to begin, rows that never begin with the reason, rows whose cases are stopped."""

    begin: list[RowLike] = field(default_factory=list)
    drop: list[tuple[RowLike, str]] = field(default_factory=list)
    stop: list[tuple[RowLike, str]] = field(default_factory=list)


def waits_for(edges: Iterable[EdgeLike], keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By child, the children it cannot begin without; of those that are needed at all."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    chosen = [edge for edge in edges if edge.source in found and edge.target in found]
    for edge in chosen:
        if edge.kind in AFTER_A_GRANT or edge.kind == AFTER_THE_END:
            found[edge.target].append(edge.source)
    # Who starts together with one that waits, waits with it.
    changed = True
    while changed:
        changed = False
        for edge in chosen:
            waits = found[edge.source] and edge.source not in found[edge.target]
            if edge.kind == AFTER_A_START and waits:
                found[edge.target].append(edge.source)
                changed = True
    return {key: tuple(dict.fromkeys(sources)) for key, sources in found.items()}


def settle(rows: Sequence[RowLike], edges: Sequence[EdgeLike], on_refusal: Mapping[str, str]) -> Settled:
    """Read the rows as they stand and say what follows."""
    blocker = next((row for row in rows if _failed(row) and on_refusal.get(row.child_key) == BLOCK_ALL), None)
    if blocker is not None:
        return _blocked(rows, blocker)
    settled = Settled()
    state = {(row.child_key, row.row): str(row.state) for row in rows}
    has_changed = True
    while has_changed:
        has_changed = False
        for row in [row for row in rows if state[row.child_key, row.row] == ChildState.WAITING]:
            verdict, why = _verdict(row, rows, edges, on_refusal, state)
            if verdict == ChildState.WAITING:
                continue
            state[row.child_key, row.row], has_changed = verdict, True
            if verdict == ChildState.STARTED:
                settled.begin.append(row)
            else:
                settled.drop.append((row, why))
    return settled


def _blocked(rows: Sequence[RowLike], blocker: RowLike) -> Settled:
    """阻断全部: what has not begun never does, what is not decided is stopped."""
    word = ChildOutcome(blocker.outcome).label
    why = f"“{blocker.name}”{word}，这件事规定此项没有办成的，其余不再办理。"
    return Settled(
        drop=[(row, why) for row in rows if row.state == ChildState.WAITING],
        stop=[(row, why) for row in rows if row.state == ChildState.STARTED],
    )


def _verdict(
    row: RowLike,
    rows: Sequence[RowLike],
    edges: Sequence[EdgeLike],
    on_refusal: Mapping[str, str],
    state: Mapping[tuple[str, int], str],
) -> tuple[str, str]:
    """Whether this row begins, waits on, or never begins, and why not."""
    waits = False
    for edge in edges:
        kinds = (*AFTER_A_GRANT, AFTER_A_START, AFTER_THE_END)
        if edge.target != row.child_key or edge.kind not in kinds:
            continue
        for source in (one for one in rows if one.child_key == edge.source):
            now = state[source.child_key, source.row]
            if edge.kind == AFTER_THE_END:
                waits |= now in (ChildState.WAITING, ChildState.STARTED)
            elif edge.kind == AFTER_A_START:
                if now == ChildState.NOT_STARTED:
                    return ChildState.NOT_STARTED, f"要和“{source.name}”一起办，而它没有开始。"
                waits |= now == ChildState.WAITING
            elif now == ChildState.NOT_STARTED or _failed(source):
                if on_refusal.get(source.child_key) != CAN_REDO:
                    return ChildState.NOT_STARTED, f"要先办成“{source.name}”，而它没有办成。"
                waits = True
            else:
                waits |= source.outcome != ChildOutcome.GRANTED
    return (ChildState.WAITING if waits else ChildState.STARTED), ""


def _failed(row: RowLike) -> bool:
    return row.state == ChildState.ENDED and row.outcome not in DONE_WELL


def state_of(rows: Sequence[RowLike]) -> tuple[BundleState, bool]:
    """The state of the parent, and whether nothing of it is open any more."""
    outcomes = [row.outcome for row in rows if row.state in (ChildState.ENDED, ChildState.NOT_STARTED)]
    well = sum(outcome in DONE_WELL for outcome in outcomes)
    is_over = len(outcomes) == len(rows)
    if not is_over:
        return (BundleState.PART_DONE if outcomes else BundleState.OPEN), False
    if well == len(rows):
        return BundleState.DONE, True
    if well:
        return BundleState.PART_DONE, True
    taken_back = all(
        outcome in (ChildOutcome.WITHDRAWN, ChildOutcome.BLOCKED, "") for outcome in outcomes
    ) and any(outcome == ChildOutcome.WITHDRAWN for outcome in outcomes)
    return (BundleState.WITHDRAWN if taken_back else BundleState.REFUSED), True
