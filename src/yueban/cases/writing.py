"""What a move writes, sent to the database as one statement: the cases, their clocks, their events.

Every part of the house says in its own SQL what goes into its own tables (kernel/writes.py); the statement is put
together once for each shape that a move has, and takes one case or a thousand alike.
"""

from collections.abc import Sequence

from yueban.audit import services as audit
from yueban.cases.models import Case
from yueban.kernel.writes import Write, together
from yueban.prepared import prepared_cursor

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
UPDATE = f"""
UPDATE cases_case AS c SET {", ".join(f"{name} = v.{name}" for name in WRITTEN)}
FROM unnest(
    %(case_id)s::bigint[], {", ".join(f"%(case_{name})s::{kind}[]" for name, kind in WRITTEN.items())}
) AS v(id, {", ".join(WRITTEN)})
WHERE c.id = v.id
"""  # noqa: S608 - put together from the names above


def written(cases: Sequence[Case]) -> Write:
    """What writes everything that has been set on these locked cases."""
    values: dict[str, object] = {f"case_{name}": [_plain(case, name) for case in cases] for name in WRITTEN}
    values["case_id"] = [case.pk for case in cases]
    return Write("cases", UPDATE, values)


def _plain(case: Case, name: str) -> object:
    value = getattr(case, name)
    return str(value) if isinstance(value, str) else value


def write(cases: Sequence[Case], *others: Write) -> None:
    """Write the cases, and with them what the move writes elsewhere; raises ChainBusy without their lock."""
    statement, values = together([written(cases), *others])
    with audit.never_busy(), prepared_cursor() as cursor:
        cursor.execute(statement, values)
