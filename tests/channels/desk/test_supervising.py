"""验证: the chain of a case and all chains, proved on demand."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.kernel import clock


@pytest.mark.django_db
def test_the_page_says_that_the_chain_holds_and_how_long_it_is():
    case = people.accepted()
    page = visitor(people.SUPERVISOR).get(f"/desk/cases/{case.number}/verify").content.decode()
    assert "记录完整，没有被改动过" in page
    assert "3 个事件首尾相连" in page


@pytest.mark.django_db(transaction=True)
def test_an_altered_event_is_named(owner_connection):
    case = people.accepted()
    owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    owner_connection.execute(
        'UPDATE audit_event SET data = \'{"to": "granted"}\' WHERE reference_number = %s AND seq = 2',
        [case.number],
    )
    client = visitor(people.SUPERVISOR)
    page = client.get(f"/desk/cases/{case.number}/verify").content.decode()
    assert "记录对不上" in page
    assert "请从第 2 个事件起核查" in page
    everything = client.post("/desk/audit/", {"day": clock.today().isoformat()}).content.decode()
    assert "有记录对不上" in everything
    assert case.number in everything


@pytest.mark.django_db
def test_all_chains_are_proved_when_asked():
    people.accepted()
    client = visitor(people.SUPERVISOR)
    assert "验证全部记录" in client.get("/desk/audit/").content.decode()
    today = {"day": clock.today().isoformat()}
    assert "全部完整，没有被改动过" in client.post("/desk/audit/", today).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("username", [people.CLERK, people.REVIEWER, people.DECIDER])
def test_only_supervisors_verify(username):
    case = people.accepted()
    client = visitor(username)
    assert client.get(f"/desk/cases/{case.number}/verify").status_code == 403
    assert client.post("/desk/audit/").status_code == 403
    assert "验证" not in client.get(f"/desk/cases/{case.number}/").content.decode()


@pytest.mark.django_db
def test_a_verification_changes_nothing():
    case = people.accepted()
    before = clock.now()
    visitor(people.SUPERVISOR).get(f"/desk/cases/{case.number}/verify")
    case.refresh_from_db()
    assert case.state_since < before
