"""The practical limit: psycopg by hand, the same rows and commits as ours in two statements a move.

It knows beforehand what ours works out or reads each time: the moves, who makes them, the due days, the words
of the clocks. It checks no rights and no state.
"""

import json
import secrets
import threading
from datetime import date
from typing import Any

import psycopg

from benchmarks.cases.fill import MOVES, Template
from yueban.audit import digests
from yueban.cases.choices import ENDED, CaseState
from yueban.cases.limits import find_limit
from yueban.cases.transitions import find_edge
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.divisions import selectors as divisions
from yueban.kernel import clock

LOCK = """
SELECT c.id, c.state, coalesce(e.seq, 0), coalesce(e.hash, '')
FROM cases_case c LEFT JOIN LATERAL (
    SELECT seq, hash FROM audit_event
    WHERE reference_kind = 'case' AND reference_number = c.number ORDER BY seq DESC LIMIT 1
) e ON true
WHERE c.number = %(number)s FOR UPDATE OF c
"""
WRITE = """
WITH moved AS (
    UPDATE cases_case SET state = %(to)s, state_since = %(at)s, revision = revision + 1, ended_at = %(ended)s{set}
    WHERE id = %(id)s
), told AS (
    INSERT INTO audit_event
        (reference_kind, reference_number, seq, kind, at, actor, data, division_code, algorithm,
            prev_hash, hash)
    VALUES ('case', %(number)s, %(seq)s, %(kind)s, %(at)s, %(actor)s, %(data)s, %(division)s, 'SM3',
        %(prev)s, %(hash)s)
)
"""
MEET = """, met AS (
    UPDATE clocks_clock SET state = 'met', ended_on = %(day)s
    WHERE reference_kind = 'case' AND reference_number = %(number)s AND kind = ANY(%(meets)s)
      AND state IN ('running', 'paused')
)
"""
START = """, started AS (
    INSERT INTO clocks_clock (reference_kind, reference_number, kind, basis, amount, unit, division_code,
        started_on, due_on, is_provisional, paused_on, paused_workdays, extended, state, ended_on)
    SELECT 'case', %(number)s, kind, basis, amount, unit, %(division)s, %(day)s, due, provisional, NULL, 0,
        0, 'running', NULL
    FROM unnest(%(kinds)s::text[], %(bases)s::text[], %(amounts)s::int[], %(units)s::text[], %(dues)s::date[],
        %(provisionals)s::bool[]) AS new(kind, basis, amount, unit, due, provisional)
)
"""
RATE = """, rateable AS (
    INSERT INTO ratings_rateableservice (reference_kind, reference_number, code, item_key, item_name,
        agency_id, division_code, party_id, is_offline, ended_at)
    VALUES ('case', %(number)s, %(code)s, %(item_key)s, %(item_name)s, %(agency)s, %(division)s, %(party)s,
        false, %(at)s)
)
"""
END = "SELECT 1"


class Raw:
    """One connection a thread; what never changes between cases is made once."""

    def __init__(self, template: Template, address: str) -> None:
        self._address = address
        self._kept = threading.local()
        self._moves = _moves(template)

    def carry(self, number: str) -> int:
        """Carry one case through all moves, a commit each; returns the statements sent."""
        connection = self._connection()
        for step in range(len(self._moves)):
            with connection.transaction():
                self.move(connection, number, step)
        return 2 * len(self._moves)

    def move(self, connection: psycopg.Connection[Any], number: str, step: int) -> None:
        """Lock the case and write all rows of one move, in two statements of the caller's transaction."""
        sql, kind, to, ended, actor_json, actor, fixed = self._moves[step]
        row = connection.execute(LOCK, {"number": number}).fetchone()
        assert row is not None
        at = clock.now()
        event = {
            "reference": f"case:{number}",
            "seq": row[2] + 1,
            "kind": kind,
            "at": digests.moment(at),
            "actor": actor,
            "data": {"from": row[1], "to": to},
            "prev_hash": row[3],
            "division": fixed["division"],
        }
        values = {
            **fixed,
            "id": row[0],
            "number": number,
            "at": at,
            "to": to,
            "ended": at if ended else None,
            "seq": event["seq"],
            "kind": kind,
            "actor": actor_json,
            "data": json.dumps(event["data"]),
            "prev": event["prev_hash"],
            "hash": digests.digest(event),
        }
        if ended:
            values["code"] = secrets.token_hex(16)
        connection.execute(sql, values)

    def statements(self, number: str) -> int:
        """How many statements carrying a case takes, BEGIN and COMMIT left out."""
        return self.carry(number)

    def close(self) -> None:
        """Close this thread's connection."""
        self._connection().close()

    def _connection(self) -> psycopg.Connection[Any]:
        if not hasattr(self._kept, "connection"):
            self._kept.connection = psycopg.connect(self._address, autocommit=True)
        return self._kept.connection


def _moves(template: Template) -> list[tuple[Any, ...]]:
    """Each move ready to be sent: its statement and the values that are the same for every case."""
    found: list[tuple[Any, ...]] = []
    state: str = CaseState.APPLIED
    case, day = template.case, clock.today()
    for event, username in MOVES:
        edge = find_edge(state, event)
        assert edge is not None
        sets = f", {edge.stamps} = %(at)s" if edge.stamps else ""
        sets += ", promised_on = %(promised)s" if ClockKind.PROMISE in edge.starts else ""
        sql, fixed = WRITE.replace("{set}", sets), {"day": day, "division": case.division_code}
        if edge.meets:
            sql, fixed = sql + MEET, {**fixed, "meets": [str(kind) for kind in edge.meets]}
        if started := _clocks(template, edge.starts, day):
            sql, fixed = sql + START, {**fixed, **started, "promised": started["dues"][0]}
        if edge.to in ENDED:
            sql += RATE
            fixed |= {
                "item_key": case.item_version.item.key,
                "item_name": case.item_name,
                "agency": case.agency_id,
                "party": case.party_id,
            }
        actor = digests.plain(template.actors[username].snapshot())
        found.append((sql + END, str(event), str(edge.to), edge.to in ENDED, json.dumps(actor), actor, fixed))
        state = edge.to
    return found


def _clocks(template: Template, kinds: tuple[Any, ...], day: date) -> dict[str, list[Any]]:
    """The clocks that a move starts, worked out once for all cases."""
    limits = [(str(kind), limit) for kind in kinds if (limit := find_limit(template.case, kind)) is not None]
    if not limits:
        return {}
    division = template.case.division_code
    dues = [clocks.due_on(day, limit.limit, division) for _kind, limit in limits]
    return {
        "kinds": [kind for kind, _limit in limits],
        "bases": [limit.basis for _kind, limit in limits],
        "amounts": [limit.limit.amount for _kind, limit in limits],
        "units": [str(limit.limit.unit) for _kind, limit in limits],
        "dues": dues,
        "provisionals": [divisions.is_provisional_year(due.year) for due in dues],
    }
