"""Whoever owns the tables can switch the triggers off; the chain and the anchors still tell."""

from datetime import timedelta

import pytest

from yueban.audit.errors import AnchorOutOfOrder
from yueban.audit.models import Anchor, AnchoredHead
from yueban.audit.selectors import verify_all, verify_chain
from yueban.audit.services import anchor_day, record
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db(transaction=True)
CASE, OTHER = Reference("case", "T1"), Reference("case", "T2")


@pytest.fixture
def chains():
    for kind in ("case.received", "case.accepted", "case.decided"):
        record(CASE, kind, actor=SYSTEM, data={"result": "granted"})
    record(OTHER, "case.received", actor=SYSTEM)


@pytest.fixture
def tamper(owner_connection):
    """Run a statement as the tables' owner with the triggers switched off."""

    def run(statement: str) -> None:
        for table in ("audit_event", "audit_anchor", "audit_anchoredhead"):
            owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        changed = owner_connection.execute(statement).rowcount
        assert changed >= 1, "the tampering touched nothing"

    return run


@pytest.mark.parametrize(
    "act", ["UPDATE audit_event SET kind = kind", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_even_the_owner_is_refused_while_the_triggers_stand(chains, owner_connection, act):
    with pytest.raises(Exception, match="append-only"):
        owner_connection.execute(act)
    assert verify_all().ok


@pytest.mark.parametrize(
    "change",
    [
        """data = '{"result": "refused"}'""",
        "kind = 'case.refused'",
        "at = at + interval '1 second'",
        """actor = jsonb_set(actor, '{name}', '"别人"')""",
        "hash = repeat('0', 64)",
        "prev_hash = ''",
        "algorithm = 'SM2'",
        "division_code = '330681000000'",
        "reference_number = 'T2', seq = 2",
    ],
)
def test_an_altered_event_is_found_and_named(chains, tamper, change):
    tamper(f"UPDATE audit_event SET {change} WHERE reference_number = 'T1' AND seq = 2")
    result = verify_all()
    assert not result.ok
    assert result.broken[0].reference == CASE
    assert result.broken[0].broken_at in {2, 3}
    assert "case:T1" in result.message


def test_the_first_altered_event_is_named_with_its_kind(chains, tamper):
    tamper("UPDATE audit_event SET data = '{}' WHERE reference_number = 'T1' AND seq = 2")
    found = verify_chain(CASE)
    assert (found.ok, found.broken_at, found.events) == (False, 2, 3)
    assert found.message == "case:T1：第 2 个事件“case.accepted”的内容与杂凑值不符，记录被改动过。"
    assert verify_chain(OTHER).ok


def test_a_missing_event_in_the_middle_is_found(chains, tamper):
    tamper("DELETE FROM audit_event WHERE reference_number = 'T1' AND seq = 2")
    found = verify_chain(CASE)
    assert (found.ok, found.broken_at) == (False, 2)
    assert "第 2 个事件缺失" in found.message


def test_a_deleted_last_event_is_found_through_the_anchor(chains, tamper):
    anchor_day(clock.today())
    tamper("DELETE FROM audit_event WHERE reference_number = 'T1' AND seq = 3")
    found = verify_chain(CASE)
    assert (found.ok, found.broken_at) == (False, 3)
    assert "日锚" in found.message
    assert [broken.reference for broken in verify_all().broken] == [CASE]


def test_a_chain_that_vanished_is_found_through_the_anchor(chains, tamper):
    anchor_day(clock.today())
    tamper("DELETE FROM audit_event WHERE reference_number = 'T2'")
    assert [broken.reference for broken in verify_all().broken] == [OTHER]


def test_a_chain_written_anew_is_found_through_the_anchor(chains, tamper):
    anchor_day(clock.today())
    tamper("DELETE FROM audit_event WHERE reference_number = 'T2'")
    record(OTHER, "case.refused", actor=SYSTEM)
    assert not verify_chain(OTHER).ok
    assert not verify_all().ok


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_anchoredhead WHERE reference_number = 'T2'",
        (
            "UPDATE audit_anchoredhead AS held SET seq = 2, hash = event.hash FROM audit_event AS event"
            " WHERE held.reference_number = 'T1' AND event.reference_number = 'T1' AND event.seq = 2"
        ),
        "UPDATE audit_anchor SET hash = repeat('0', 64)",
        "UPDATE audit_anchor SET day = day - 1",
        "UPDATE audit_anchor SET algorithm = 'SM2'",
    ],
)
def test_an_altered_anchor_is_found(chains, tamper, statement):
    anchor_day(clock.today())
    tamper(statement)
    result = verify_all()
    assert not result.ok
    assert "日锚" in result.message


def test_a_removed_anchor_breaks_the_next(chains, tamper):
    day = clock.today()
    anchor_day(day)
    record(CASE, "case.delivered", actor=SYSTEM)
    anchor_day(day + timedelta(days=1))
    tamper("DELETE FROM audit_anchoredhead WHERE anchor_id = (SELECT min(id) FROM audit_anchor)")
    tamper("DELETE FROM audit_anchor WHERE id = (SELECT min(id) FROM audit_anchor)")
    assert not verify_all().ok


def test_anchoring_a_day_twice_changes_nothing(chains):
    first = anchor_day(clock.today())
    record(CASE, "case.delivered", actor=SYSTEM)
    assert anchor_day(clock.today()) == first
    assert Anchor.objects.count() == 1
    assert verify_all().ok


def test_an_anchor_holds_only_chains_that_grew(chains):
    day = clock.today()
    anchor_day(day)
    record(CASE, "case.delivered", actor=SYSTEM)
    second = anchor_day(day + timedelta(days=1))
    held = AnchoredHead.objects.filter(anchor=second)
    assert [(head.reference_number, head.seq) for head in held] == [("T1", 4)]
    assert verify_all().ok


def test_an_anchor_ends_with_its_day(chains):
    today = clock.today()
    for day, held in [(today - timedelta(days=1), 0), (today, 2)]:
        assert anchor_day(day).heads.filter(reference_number__in=["T1", "T2"]).count() == held


def test_the_proof_says_how_much_it_read():
    before = verify_all()
    record(CASE, "case.received", actor=SYSTEM)
    record(CASE, "case.accepted", actor=SYSTEM)
    anchor_day(clock.today())
    after = verify_all()
    grown = (after.chains - before.chains, after.events - before.events, after.anchors - before.anchors)
    assert grown == (1, 2, 1)


def test_a_day_before_the_last_anchor_cannot_be_anchored(chains):
    anchor_day(clock.today())
    with pytest.raises(AnchorOutOfOrder):
        anchor_day(clock.today() - timedelta(days=1))
