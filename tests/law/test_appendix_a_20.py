"""Appendix A 20 (and 19): altering one row breaks verification, and no log line tells a number of anybody."""

import json
import logging
import re
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import connection

from tests import people
from tests.channels.visitors import visitor
from tests.flows.journeys import carry_a_case
from yueban import cli
from yueban.audit import selectors as audit_read
from yueban.audit.models import Anchor
from yueban.audit.services import anchor_day
from yueban.commands import audit
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.settings.logs import JsonFormatter

# 18 digits whose middle is a day of birth (codes of agencies and numbers of cases have none), and mobile numbers.
ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")


@pytest.fixture
def verify(monkeypatch, capsys):
    """`yueban audit verify …` on the test's own database: exit code and answer."""
    monkeypatch.setattr(audit, "running_instance", nullcontext)

    def run(*words: str) -> tuple[int, dict[str, object]]:
        code = cli.main(["audit", "verify", "--json", *words])
        return code, json.loads(capsys.readouterr().out.strip().splitlines()[-1])

    return run


@pytest.mark.django_db(transaction=True)
def test_one_altered_row_breaks_every_way_of_verifying_and_is_named(verify, owner_connection):
    altered, sound = people.accepted(), people.received(people.STRANGER)
    today = clock.today().isoformat()
    ways = ([], ["--day", today], ["--since", today], ["--case", altered.number])
    assert [verify(*words)[0] for words in ways] == [0, 0, 0, 0]
    owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    change = "UPDATE audit_event SET actor = jsonb_set(actor, '{name}', '\"别人\"') WHERE reference_number = %s AND seq = 2"
    assert owner_connection.execute(change, [altered.number]).rowcount == 1
    for words in ways:
        code, answer = verify(*words)
        assert (code, answer["ok"]) == (1, False), words
        (broken,) = answer["broken"]
        assert (broken["reference"], broken["broken_at"]) == (f"case:{altered.number}", 2), words
        assert "记录被改动过" in broken["message"]
    assert verify("--case", sound.number)[0] == 0


@pytest.mark.django_db(transaction=True)
def test_a_deleted_newest_anchor_is_noticed_with_the_copy_kept_outside(verify, owner_connection):
    people.submitted()
    yesterday, today = clock.today() - timedelta(days=1), clock.today()
    anchor_day(yesterday)
    copy = f"{today}={anchor_day(today).hash}"
    assert verify("--anchor", copy)[0] == 0
    for table in ("audit_anchor", "audit_anchoredhead"):
        owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    newest = "(SELECT max(id) FROM audit_anchor)"
    owner_connection.execute(f"DELETE FROM audit_anchoredhead WHERE anchor_id = {newest}")
    owner_connection.execute(f"DELETE FROM audit_anchor WHERE id = {newest}")
    assert verify()[0] == 0, "inside the database nothing tells that it was there"
    code, answer = verify("--anchor", copy)
    assert code == 1
    assert "外部副本却记着它" in str(answer["message"])


@pytest.mark.django_db(transaction=True)
def test_an_anchor_written_anew_differs_from_its_copy(verify, owner_connection):
    people.submitted()
    copy = f"{clock.today()}={anchor_day(clock.today()).hash}"
    owner_connection.execute("ALTER TABLE audit_anchor DISABLE TRIGGER USER")
    owner_connection.execute("UPDATE audit_anchor SET hash = repeat('a', 64)")
    assert verify("--anchor", copy)[0] == 1
    assert verify()[0] == 1


@pytest.mark.django_db
def test_days_without_an_anchor_are_told():
    people.submitted()
    today = clock.today()
    assert audit_read.days_without_anchor(today) == [today]
    page = visitor("auditor-shen").get("/desk/audit/").content.decode()
    assert "有日锚缺失" not in page, "today is not over"
    anchor_day(today)
    assert audit_read.days_without_anchor(today) == []
    shown = visitor("auditor-shen").get("/desk/audit/").content.decode()
    assert Anchor.objects.get().hash in shown


@pytest.mark.django_db
def test_a_number_that_is_none_is_refused_and_one_unknown_verifies_nothing(verify):
    assert verify("--case", "33060220261122000099995")[0] == 1
    answer = visitor("auditor-shen").post("/desk/audit/", {"number": "不是编号"})
    assert answer.status_code == 422
    assert audit_read.verify_chain(Reference("case", "X1")).events == 0


@pytest.mark.django_db
def test_a_whole_case_with_every_statement_logged_tells_no_number_of_anybody():
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keeper = Keep(level=logging.DEBUG)
    keeper.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(name) for name in ("", "django", "django.db.backends", "django.request")]
    levels = [one.level for one in loggers]
    loggers[0].addHandler(keeper)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    number, phone = people.FORM["contact.id_number"], people.FORM["contact.phone"]
    try:
        carry_a_case()
        client = visitor(people.CLERK)
        client.raise_request_exception = False
        client.get(f"/desk/cases/?text={number}")
        client.get(f"/desk/cases/?text={phone}")
        client.post("/desk/intake/", {"who": number})
        client.post("/progress", {"number": number, "phone_tail": phone})
    finally:
        connection.force_debug_cursor = False
        loggers[0].removeHandler(keeper)
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
    statements = [line for line in lines if "django.db.backends" in line]
    assert len(statements) > 100, "the statements are caught"
    assert any("SELECT" in line for line in statements)
    assert [line for line in lines if ID_NUMBER.search(line) or PHONE.search(line)] == []
