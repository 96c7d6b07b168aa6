"""A row of the audit altered by the owner of the tables after a whole case is found by the command and by the button."""

import json
from contextlib import nullcontext

import pytest

from tests import people
from tests.channels.visitors import visitor
from tests.flows.journeys import carry_a_case
from yueban import cli
from yueban.commands import audit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def verify(monkeypatch, capsys):
    """`yueban audit verify --json` on the test's own database: exit code and answer."""
    monkeypatch.setattr(audit, "running_instance", nullcontext)

    def run() -> tuple[int, dict[str, object]]:
        code = cli.main(["audit", "verify", "--json"])
        return code, json.loads(capsys.readouterr().out.strip().splitlines()[-1])

    return run


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_event SET data = data || '{\"to\": \"refused\"}' WHERE reference_number = %s AND kind = 'grant'",
        "DELETE FROM audit_event WHERE reference_number = %s AND kind = 'request_supplement'",
    ],
)
def test_an_altered_row_is_found_by_the_command_and_by_the_supervisors_button(
    verify, owner_connection, change
):
    case = carry_a_case()
    button = f"/desk/cases/{case.number}/verify"
    assert verify()[0] == 0
    assert "首尾相连" in visitor(people.SUPERVISOR).get(button).content.decode()
    owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    assert owner_connection.execute(change, [case.number]).rowcount == 1
    code, answer = verify()
    assert (code, answer["ok"]) == (1, False)
    assert [broken["reference"] for broken in answer["broken"]] == [f"case:{case.number}"]
    assert "记录对不上" in visitor(people.SUPERVISOR).get(button).content.decode()


def test_the_application_itself_may_not_alter_a_row():
    from django.db import DatabaseError, connection

    case = people.submitted()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET kind = 'accept' WHERE reference_number = %s", [case.number])
