"""A city's cases by the million, set-wise: cases with their application, two clocks, a task and an event each.

Everything is synthetic and follows from the case's running number, so that every load gives the same rows. One
case in so many is under way, the others have ended; people have five cases each; one citizen of the cast has
thirty, his enterprise a thousand.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from benchmarks.copying import copy_row
from yueban.audit import digests
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.codes import public_number
from yueban.postgres.roles import ROLES

PART = 100_000  # cases a transaction
WHOLE = 1_000_000  # the newest case of so many was handed in just now
SECONDS_APART = 90
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "示例试样演明安宁和平康乐文武志远思齐嘉禾雨晴书言知行景云星河清越林溪"
# What a case is at, who has it then, and how its clocks and its task stand.
UNDER_WAY = (
    ("received", "clerk", "accept", "核对材料并受理"),
    ("accepted", "reviewer", "review", "审查"),
    ("reviewing", "reviewer", "review", "审查"),
    ("deciding", "decider", "decide", "决定"),
    ("supplementing", "clerk", "accept", "核对补正并受理"),
)
Progress = Callable[[str], None]

STAGING = """
CREATE TEMP TABLE new (n int PRIMARY KEY, number text, application text, at timestamptz, hash text) ON COMMIT DROP
"""
# The items in force in turn, each with its agency and the hall that takes in for it.
OFFERS = """
CREATE TEMP TABLE offer ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY v.id) - 1 AS k, v.id AS version, v.name, a.id AS agency, d.code AS division,
    hall.id AS hall
FROM catalogue_itemversion v
JOIN agencies_agency a ON a.id = v.agency_id JOIN divisions_division d ON d.id = a.division_id
JOIN agencies_agency hall ON hall.kind = 'government-services' AND hall.division_id = a.division_id
WHERE v.state = 'published' AND v.effective_until IS NULL
"""
PEOPLE = f"""
CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT m, 'P-SYN-' || lpad(m::text, 7, '0') AS number,
    substr('{SURNAMES}', 1 + m %% {len(SURNAMES)}, 1)
    || substr('{GIVEN}', 1 + (m / 7) %% {len(GIVEN)}, 1) || substr('{GIVEN}', 1 + (m / 97) %% {len(GIVEN)}, 1)
    AS name
FROM generate_series(%(first)s / 5, (%(last)s - 1) / 5) AS m
"""  # noqa: S608 - constants
CASES = f"""
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT new.*, offer.*,
    CASE WHEN n %% %(open_every)s = 0 THEN (ARRAY{[row[0] for row in UNDER_WAY]})[1 + (n / 10) %% {len(UNDER_WAY)}]
         WHEN n %% 50 = 1 THEN 'withdrawn' ELSE 'delivered' END AS state,
    n %% %(open_every)s = 0 AS is_open, 1 + (n / 10) %% {len(UNDER_WAY)} AS step,
    CASE WHEN n %% 3333 = 7 AND n < 100000 THEN %(citizen)s WHEN n %% 100 = 9 AND n < 100000 THEN %(enterprise)s
         ELSE party.id END AS party, person.name AS applicant,
    -- The promised day lies between two days ago and a month ahead.
    %(today)s::date + ((n / 10) %% 40 - 2)::int AS due
FROM new JOIN offer ON offer.k = (new.n * 7 + new.n / 10) %% (SELECT count(*) FROM offer)
JOIN person ON person.m = new.n / 5 JOIN parties_party party ON party.number = person.number
"""  # noqa: S608 - constants
CLOCKS = """
INSERT INTO clocks_clock (reference_kind, reference_number, kind, basis, amount, unit, division_code, started_on,
    due_on, is_provisional, paused_workdays, extended, state, ended_on)
SELECT 'case', number, kind, basis, amount, '工作日', division, at::date, due + later, false, 0, 0,
    CASE WHEN is_open THEN 'running' ELSE 'met' END, CASE WHEN is_open THEN NULL ELSE at::date + 5 END
FROM made CROSS JOIN (VALUES ('promise', '公布的承诺办结时限', 10, 0), ('statutory', '法定办结时限', 20, 14))
    AS set(kind, basis, amount, later)
"""
EVENTS = """
INSERT INTO audit_event (reference_kind, reference_number, seq, kind, at, actor, data, algorithm, prev_hash, hash)
SELECT 'case', number, 1, 'submit', at, %(actor)s, '{}', 'SM3', '', hash FROM made
"""


def load(address: str, wanted: int, *, open_every: int, begun: float, progress: Progress) -> float:
    """Fill a database up to so many synthetic cases; returns the seconds that this, or an earlier load, took.

    `address` is the superuser's: the rows are known to fit, so that no foreign key is looked up a million times.
    """
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET work_mem = '256MB'")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_loaded (cases int NOT NULL, seconds float NOT NULL)"
        )
        connection.execute(f"ALTER TABLE bench_loaded OWNER TO {ROLES['owner']}")
        connection.commit()
        there, seconds = _loaded(connection)
        for first in range(there, wanted, PART):
            last = min(first + PART, wanted)
            _load_part(connection, first, last, open_every)
            connection.commit()
            progress(f"  {last}/{wanted}")
        if there < wanted:
            connection.autocommit = True
            connection.execute("VACUUM (ANALYZE)")
            seconds += time.perf_counter() - begun
            connection.execute("INSERT INTO bench_loaded VALUES (%s, %s)", [wanted - there, seconds])
        return seconds


def _loaded(connection: psycopg.Connection[Any]) -> tuple[int, float]:
    """How many synthetic cases a database has, and how long they took."""
    row = connection.execute(
        "SELECT coalesce(sum(cases), 0), coalesce(sum(seconds), 0) FROM bench_loaded"
    ).fetchone()
    assert row is not None
    return int(row[0]), float(row[1])


def _load_part(connection: psycopg.Connection[Any], first: int, last: int, open_every: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STAGING)
        with cursor.copy("COPY new FROM STDIN") as copy:
            for row in _rows(first, last):
                copy.write_row(row)
        cursor.execute(OFFERS)
        cursor.execute(PEOPLE, {"first": first, "last": last})
        _copy_people(cursor)
        values = {"today": clock.today(), "open_every": open_every, **_cast(cursor)}
        cursor.execute(CASES, values)
        _copy_cases(cursor)
        cursor.execute(CLOCKS)
        cursor.execute(EVENTS, {"actor": digests.canonical(_actor()).decode()})


def _rows(first: int, last: int) -> Iterator[tuple[object, ...]]:
    """Number, application, moment and the digest of its event, of each case."""
    now, actor = clock.now(), _actor()
    for n in range(first, last):
        at = datetime.fromtimestamp(int(now.timestamp()) - (WHOLE - n) * SECONDS_APART, UTC)
        day = at.astimezone(clock.BEIJING).date()
        number = public_number.case_number("330602", day, 60_000_000 + n)
        event = {
            "reference": f"case:{number}",
            "seq": 1,
            "kind": "submit",
            "at": digests.moment(at),
            "actor": actor,
            "data": {},
            "prev_hash": "",
        }
        yield n, number, f"SQSYN{n:09d}", at, digests.digest(event)


def _actor() -> dict[str, Any]:
    snapshot: dict[str, Any] = digests.plain(SYSTEM.snapshot())
    return snapshot


def _cast(cursor: Any) -> dict[str, int]:
    """The citizen with many cases, and his enterprise with more."""
    found = {}
    for name, kind in (("citizen", "person"), ("enterprise", "enterprise")):
        cursor.execute(
            "SELECT r.party_id FROM parties_representation r JOIN accounts_user u ON u.id = r.user_id"
            " JOIN parties_party p ON p.id = r.party_id WHERE u.username = 'chen' AND p.kind = %s",
            [kind],
        )
        found[name] = cursor.fetchone()[0]
    return found


def _copy_people(cursor: Any) -> None:
    changed = {
        "number": "person.number",
        "name": "person.name",
        "id_index": "sha256(person.number::bytea)",
        "phone_cipher": "NULL",
        "division_code": "'330602001001'",
    }
    source = (
        "(SELECT * FROM person WHERE NOT EXISTS"
        " (SELECT 1 FROM parties_party p WHERE p.number = person.number)) AS person"
    )
    copy_row(cursor, "parties_party", "kind = 'person'", changed, (source, ()))


def _copy_cases(cursor: Any) -> None:
    changed = {
        "number": "made.application",
        "party_id": "made.party",
        "item_version_id": "made.version",
        "started_at": "made.at",
        "saved_at": "made.at",
        "submitted_at": "made.at",
    }
    copy_row(cursor, "cases_application", "state = 'submitted'", changed, ("made", ()))
    changed = {
        "number": "made.number",
        "application_id": "made.application_id",
        "item_version_id": "made.version",
        "agency_id": "made.agency",
        "intake_agency_id": "made.hall",
        "party_id": "made.party",
        "item_name": "made.name",
        "applicant_name": "made.applicant",
        "division_code": "made.division",
        "intake_division": "made.division",
        "place_division": "made.division",
        "state": "made.state",
        "state_since": "made.at",
        "applied_at": "made.at",
        "promised_on": "made.due",
        "ended_at": "CASE WHEN made.is_open THEN NULL ELSE made.at + interval '5 days' END",
    }
    source = (
        "(SELECT made.*, a.id AS application_id FROM made JOIN cases_application a ON a.number = made.application)"
        " AS made"
    )
    copy_row(cursor, "cases_case", "assisted_by_id IS NULL", changed, (source, ()))
    copy_row(cursor, "approvals_task", "kind = 'receive'", _TASK, ("made", ()))


def _of_step(part: int) -> str:
    """The task's role, kind or name at the case's step."""
    return f"(ARRAY{[row[part] for row in UNDER_WAY]})[made.step]"


_TASK = {
    "reference_number": "made.number",
    "key": "'synthetic'",
    "kind": _of_step(2),
    "name": _of_step(3),
    "role": _of_step(1),
    "title": "made.name",
    "applicant_name": "made.applicant",
    "agency_id": f"CASE {_of_step(1)} WHEN 'clerk' THEN made.hall ELSE made.agency END",
    "division_code": "made.division",
    "state": "CASE WHEN made.is_open THEN 'open' ELSE 'done' END",
    "opened_at": "made.at",
    "due_on": "made.due",
    "taken_by_id": "NULL",
    "taken_at": "NULL",
    "done_by_id": "NULL",
    "done_at": "CASE WHEN made.is_open THEN NULL ELSE made.at + interval '4 days' END",
}
