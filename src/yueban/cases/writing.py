"""What a move writes, sent to the database as one statement: the cases, their clocks, their events.

Every part of the house says in its own SQL what goes into its own tables (kernel/writes.py); the statement is put
together once for each shape that a move has, and takes one case or a thousand alike.
"""

from collections.abc import Sequence
from dataclasses import replace

from yueban.audit import services as audit
from yueban.cases.models import Case
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.kernel.writes import Statement, Write, together
from yueban.prepared import run_prepared

# Everything of a case that a move, or the flow around it, may have changed on the object, with its type.
WRITTEN = {
    "state": "text",
    "state_since": "timestamptz",
    "revision": "int",
    "resumes_to": "text",
    "promised_on": "date",
    "extended_on": "date",
    "received_at": "timestamptz",
    "accepted_at": "timestamptz",
    "decided_at": "timestamptz",
    "decision_reason": "text",
    "delivered_at": "timestamptz",
    "delivery_method": "text",
    "ended_at": "timestamptz",
    "revoked_at": "timestamptz",
}
UPDATE = Statement(
    "cases",
    {"id": "bigint", **WRITTEN},
    f"""
    UPDATE cases_case AS c SET {", ".join(f"{name} = new.{name}" for name in WRITTEN)}
    FROM {{rows}} WHERE c.id = new.id
    """,  # noqa: S608 - put together from the names above
)


def written(cases: Sequence[Case]) -> Write:
    """What writes everything that has been set on these locked cases."""
    names = ("id", *WRITTEN)
    return Write(UPDATE, [{name: getattr(case, name) for name in names} for case in cases])


def write(cases: Sequence[Case], *others: Write) -> None:
    """Write the cases, and with them what the move writes elsewhere."""
    run_prepared(*together([written(cases), *others]))


def write_told(
    cases: Sequence[Case], entries: Sequence[audit.NewEvent], *others: Write, actor: Actor
) -> None:
    """The same with an event for each case, tied to the head of its chain as it was when the case was locked.

    What the flow itself has told since then comes before: such an event is tied anew. Raises ChainBusy without
    the lock.
    """
    known = {
        Reference("case", case.number): case.locked_with.head
        for case in cases
        if case.locked_with is not None
    }
    events = audit.chained(entries, actor=actor, known=known)
    statement, values = together(
        [written(cases), *others, audit.appended(events)], told="reference_number FROM events"
    )
    told = {number for (number,) in run_prepared(statement, values)}
    if late := [entry for entry in entries if entry.reference.number not in told]:
        events += audit.record_many(late, actor=actor)
    heads = {event.reference_number: audit.head_of(event) for event in events}
    for case in cases:
        if case.locked_with is not None:
            case.locked_with = replace(case.locked_with, head=heads[case.number])
