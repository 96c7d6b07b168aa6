"""The rules R01-R15: each one statement over everything there is, which writes what is new and nothing else.

A rule gives rows of (reference_kind, reference_number, occurrence, title, agency_id, division_code, detail). It reads
tables of the apps below and changes none of them. `%(today)s` is today, `%(since)s` the moment from which events are
looked through again, so that a night without the worker loses nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from yueban.kernel import clock
from yueban.oversight.choices import EntryState, Level, Rule

# Events of so many days are looked through each time: longer than any holiday a machine may sleep through.
LOOK_BACK = timedelta(days=10)
MANY_RETURNS, SHARE_OF_RETURNS = 10, 20


@dataclass(frozen=True)
class Check:
    """One rule: how grave it is, what it looks for in words, and how."""

    rule: Rule
    level: Level
    meaning: str
    found: str


RAISE = """
WITH found AS ({found})
INSERT INTO oversight_entry (
    number, rule, level, reference_kind, reference_number, occurrence, title, agency_id, division_code,
    opened_at, detail, state, question, answer, closing, revision
)
SELECT 'JC' || %(stamp)s || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10), %(rule)s, %(level)s,
       reference_kind, reference_number, occurrence, title, agency_id, division_code, %(now)s, detail, %(state)s,
       '', '', '', 0
FROM found
WHERE NOT EXISTS (
    SELECT 1 FROM oversight_entry AS known
    WHERE known.rule = %(rule)s AND known.reference_kind = found.reference_kind
      AND known.reference_number = found.reference_number AND known.occurrence = found.occurrence
)
ON CONFLICT DO NOTHING
"""

OF_CASE = "'case' AS reference_kind, matter.number AS reference_number"
WHERE_OF_CASE = "matter.item_name AS title, matter.agency_id, matter.division_code"


def _clock_missed(kind: str) -> str:
    """Clocks of a kind whose last day is over: still running, or met too late by an event of these days."""
    late = "clock.due_on < %(today)s AND clock.state = 'running'"
    met_late = "clock.state IN ('met', 'void') AND clock.ended_on > clock.due_on AND event.at >= %(since)s"
    return f"""
        SELECT {OF_CASE}, 'clock-' || clock.id AS occurrence, {WHERE_OF_CASE},
               jsonb_build_object('due_on', clock.due_on, 'basis', clock.basis) AS detail
        FROM clocks_clock AS clock
        JOIN cases_case AS matter ON matter.number = clock.reference_number
        WHERE clock.reference_kind = 'case' AND clock.kind = '{kind}' AND {late}
        UNION
        SELECT {OF_CASE}, 'clock-' || clock.id, {WHERE_OF_CASE},
               jsonb_build_object('due_on', clock.due_on, 'basis', clock.basis)
        FROM audit_event AS event
        JOIN clocks_clock AS clock
          ON clock.reference_kind = event.reference_kind AND clock.reference_number = event.reference_number
        JOIN cases_case AS matter ON matter.number = clock.reference_number
        WHERE clock.reference_kind = 'case' AND clock.kind = '{kind}' AND {met_late}
    """  # noqa: S608 - put together from constants


def _of_events(kinds: str, condition: str, detail: str) -> str:
    """Events of these days on cases."""
    return f"""
        SELECT {OF_CASE}, 'event-' || event.seq AS occurrence, {WHERE_OF_CASE}, {detail} AS detail
        FROM audit_event AS event
        JOIN cases_case AS matter ON matter.number = event.reference_number
        WHERE event.reference_kind = 'case' AND event.at >= %(since)s AND event.kind IN ({kinds})
          AND {condition}
    """  # noqa: S608 - put together from constants


ASKED_AGAIN = _of_events(
    "'request_supplement'",
    """EXISTS (
        SELECT 1 FROM audit_event AS earlier
        WHERE earlier.reference_kind = 'case' AND earlier.reference_number = event.reference_number
          AND earlier.kind = 'request_supplement' AND earlier.seq < event.seq
    )""",
    """jsonb_build_object('allowed', (
        SELECT allowance.reason FROM cases_supplementallowance AS allowance
        WHERE allowance.case_id = matter.id ORDER BY allowance.id DESC LIMIT 1
    ))""",
)
SPECIAL = f"""
    SELECT {OF_CASE}, 'over-' || special.id AS occurrence, {WHERE_OF_CASE},
           jsonb_build_object('procedure', special.name, 'planned_end_on', special.planned_end_on) AS detail
    FROM cases_specialprocedure AS special JOIN cases_case AS matter ON matter.id = special.case_id
    WHERE special.planned_end_on < coalesce(special.ended_on, %(today)s)
      AND (special.state = 'running' OR special.ended_on >= %(since)s::date)
    UNION ALL
    SELECT {OF_CASE}, 'paper-' || special.id, {WHERE_OF_CASE},
           jsonb_build_object('procedure', special.name, 'started_on', special.started_on)
    FROM cases_specialprocedure AS special JOIN cases_case AS matter ON matter.id = special.case_id
    WHERE special.started_on >= %(since)s::date AND special.started_on < %(today)s
      AND NOT EXISTS (
          SELECT 1 FROM documents_document AS paper
          WHERE paper.subject_kind = 'case' AND paper.subject_number = matter.number
            AND paper.kind IN ('special_notice', 'extension_notice', 'hearing_notice')
      )
"""  # noqa: S608 - put together from constants
FEES = f"""
    SELECT {OF_CASE}, 'paper-' || paper.id AS occurrence, {WHERE_OF_CASE},
           jsonb_build_object('paper', paper.number) AS detail
    FROM documents_document AS paper
    JOIN cases_case AS matter ON matter.number = paper.subject_number
    JOIN catalogue_itemversion AS version ON version.id = matter.item_version_id
    WHERE paper.subject_kind = 'case' AND paper.kind = 'payment_notice' AND paper.issued_at >= %(since)s
      AND version.definition #>> '{{fee,charged}}' = 'false'
"""  # noqa: S608 - put together from constants
BEYOND_LIST = _of_events(
    "'request_supplement'",
    """EXISTS (
        SELECT 1 FROM cases_supplement AS asked, jsonb_array_elements(asked.items) AS wanted
        WHERE asked.case_id = matter.id AND asked.asked_at >= %(since)s AND NOT EXISTS (
            SELECT 1 FROM cases_casematerial AS listed
            WHERE listed.case_id = matter.id AND listed.key = wanted ->> 'material'
        )
    )""",
    "'{}'::jsonb",
)
DONE_AT_ONCE = _of_events(
    "'grant', 'refuse'",
    """matter.decided_at - matter.accepted_at < interval '1 minute' AND EXISTS (
        SELECT 1 FROM clocks_clock AS promise
        WHERE promise.reference_kind = 'case' AND promise.reference_number = matter.number
          AND promise.kind = 'promise' AND promise.amount > 1
    )""",
    "jsonb_build_object('accepted_at', matter.accepted_at, 'decided_at', matter.decided_at)",
)
BACKDATED = f"""
    SELECT {OF_CASE}, 'event-' || event.seq AS occurrence, {WHERE_OF_CASE},
           jsonb_build_object('at', event.at, 'before', earlier.at) AS detail
    FROM audit_event AS event
    JOIN audit_event AS earlier
      ON earlier.reference_kind = event.reference_kind AND earlier.reference_number = event.reference_number
     AND earlier.seq = event.seq - 1
    JOIN cases_case AS matter ON matter.number = event.reference_number
    WHERE event.reference_kind = 'case' AND event.at >= %(since)s AND event.at < earlier.at
    UNION
    SELECT {OF_CASE}, 'times', {WHERE_OF_CASE},
           jsonb_build_object('applied_at', matter.applied_at, 'accepted_at', matter.accepted_at)
    FROM audit_event AS event JOIN cases_case AS matter ON matter.number = event.reference_number
    WHERE event.reference_kind = 'case' AND event.at >= %(since)s
      AND (matter.applied_at::date > matter.accepted_at::date OR matter.accepted_at > matter.decided_at)
"""  # noqa: S608 - put together from constants
MANY_RETURNED = f"""
    SELECT 'agency' AS reference_kind, office.code AS reference_number,
           to_char(%(today)s::date, 'YYYY-MM') AS occurrence,
           '退件率' AS title, office.id AS agency_id, place.code AS division_code,
           jsonb_build_object('returned', counted.returned, 'received', counted.received) AS detail
    FROM (
        SELECT matter.intake_agency_id,
               count(*) FILTER (WHERE event.kind IN ('return', 'refuse_acceptance')) AS returned,
               count(*) FILTER (WHERE event.kind = 'submit') AS received
        FROM audit_event AS event JOIN cases_case AS matter ON matter.number = event.reference_number
        WHERE event.reference_kind = 'case' AND event.at >= date_trunc('month', %(now)s)
          AND event.kind IN ('submit', 'return', 'refuse_acceptance')
        GROUP BY matter.intake_agency_id
    ) AS counted
    JOIN agencies_agency AS office ON office.id = counted.intake_agency_id
    JOIN divisions_division AS place ON place.id = office.division_id
    WHERE counted.returned >= {MANY_RETURNS} AND counted.returned * 100 > counted.received * {SHARE_OF_RETURNS}
"""  # noqa: S608 - put together from constants
BAD_RATINGS = """
    SELECT 'rating' AS reference_kind, rating.number AS reference_number,
           followed.state || '-' || coalesce(followed.rectify_by, followed.verify_by) AS occurrence,
           service.item_name AS title, service.agency_id, service.division_code,
           jsonb_build_object('due_on', coalesce(followed.rectify_by, followed.verify_by)) AS detail
    FROM ratings_followup AS followed
    JOIN ratings_rating AS rating ON rating.id = followed.rating_id
    JOIN ratings_rateableservice AS service ON service.id = rating.service_id
    WHERE followed.state <> 'closed' AND coalesce(followed.rectify_by, followed.verify_by) < %(today)s
"""
PROMISED = f"""
    SELECT {OF_CASE}, 'task-' || task.id AS occurrence, {WHERE_OF_CASE},
           jsonb_build_object('due_on', task.due_on, 'task', task.name) AS detail
    FROM approvals_task AS task JOIN cases_case AS matter ON matter.number = task.reference_number
    WHERE task.reference_kind = 'case' AND task.kind = 'aftercheck' AND task.state = 'open'
      AND task.due_on < %(today)s
"""  # noqa: S608 - put together from constants
OUTSIDE = _of_events(
    "'receive', 'accept', 'accept_tolerant', 'refuse_acceptance'",
    """jsonb_array_length(event.actor -> 'posts') > 0 AND NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements(event.actor -> 'posts') AS post
        JOIN agencies_agency AS office ON office.code = post ->> 'agency'
        WHERE office.id IN (matter.intake_agency_id, matter.agency_id)
    )""",
    "jsonb_build_object('by', event.actor ->> 'name')",
)

CHECKS: tuple[Check, ...] = (
    Check(
        Rule.PROMISE, Level.YELLOW, "承诺办结期限已过，还没有办结或办结晚于期限。", _clock_missed("promise")
    ),
    Check(
        Rule.STATUTORY, Level.RED, "法定办结期限已过，还没有办结或办结晚于期限。", _clock_missed("statutory")
    ),
    Check(
        Rule.NOTICE,
        Level.RED,
        "收件后没有在期限内受理、告知补正或作出不予受理决定。",
        _clock_missed("notice"),
    ),
    Check(Rule.ASKED_AGAIN, Level.YELLOW, "同一办件第二次要求补正；补正应当一次告知全部内容。", ASKED_AGAIN),
    Check(Rule.SPECIAL, Level.YELLOW, "特别程序超过计划的天数，或者没有书面告知申请人。", SPECIAL),
    Check(Rule.DELIVERY, Level.YELLOW, "作出决定后没有在期限内送达。", _clock_missed("delivery")),
    Check(Rule.FEES, Level.RED, "公布为不收费的事项发出了缴费通知书。", FEES),
    Check(Rule.BEYOND_LIST, Level.RED, "补正要求了公布的材料清单以外的材料。", BEYOND_LIST),
    Check(Rule.INSTANT, Level.WARN, "承诺件在受理后一分钟内就办结，可能是线下办完后补录。", DONE_AT_ONCE),
    Check(Rule.BACKDATED, Level.RED, "记录的先后与时间不符，可能倒填。", BACKDATED),
    Check(Rule.RETURNS, Level.WARN, "本月退件和不予受理的份额超过两成，且不少于十件。", MANY_RETURNED),
    Check(Rule.RATING, Level.YELLOW, "差评没有在期限内核实或整改。", BAD_RATINGS),
    Check(Rule.OWED, Level.YELLOW, "容缺的材料没有在期限内补交。", _clock_missed("owed")),
    Check(Rule.PROMISED, Level.YELLOW, "告知承诺的事项没有在期限内核查。", PROMISED),
    Check(Rule.OUTSIDE, Level.RED, "收件或受理的人在受理窗口和办理部门都没有岗位。", OUTSIDE),
)
MEANINGS: dict[str, str] = {check.rule: check.meaning for check in CHECKS}


def run() -> Iterator[tuple[Rule, int]]:
    """Every rule in turn: how many new entries each has raised."""
    values = _values()
    for check in CHECKS:
        with connection.cursor() as cursor:
            # The braces of a statement are PostgreSQL's; only the rule's own part is put in.
            statement = RAISE.replace("{found}", check.found)
            cursor.execute(statement, {**values, "rule": check.rule, "level": check.level})
            yield check.rule, cursor.rowcount


def _values() -> dict[str, Any]:
    today = clock.today()
    return {
        "now": clock.now(),
        "today": today,
        "stamp": f"{today:%Y%m%d}",
        "since": datetime.combine(today - LOOK_BACK, time(), tzinfo=clock.BEIJING),
        "state": EntryState.OPEN,
    }
