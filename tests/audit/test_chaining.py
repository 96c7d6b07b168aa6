"""Events are chained per object, in few statements, and appended only."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from yueban.audit.errors import ChainBusy
from yueban.audit.models import Anchor, AnchoredHead, Event
from yueban.audit.selectors import events_of, verify_chain
from yueban.audit.services import NewEvent, anchor_day, record, record_many
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
FIRST, SECOND = Reference("case", "A1"), Reference("case", "A2")
CLERK = Actor(user_id=7, name="窗口甲", channel="desk")


def statements(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"].split()[0] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_each_event_carries_the_digest_of_the_one_before():
    one = record(FIRST, "case.received", actor=CLERK, data={"channel": "desk"})
    two = record(FIRST, "case.accepted", actor=CLERK)
    assert (one.seq, one.prev_hash, two.seq, two.prev_hash) == (1, "", 2, one.hash)
    assert [event.kind for event in events_of(FIRST)] == ["case.received", "case.accepted"]
    assert events_of(FIRST)[0].actor["name"] == "窗口甲"
    assert one.algorithm == "SM3"
    assert verify_chain(FIRST).ok


def test_chains_of_different_objects_do_not_touch():
    record(FIRST, "case.received", actor=CLERK)
    other = record(Reference("claim", "A1"), "claim.received", actor=CLERK)
    assert (other.seq, other.prev_hash) == (1, "")


def test_one_event_takes_two_statements():
    record(FIRST, "case.received", actor=CLERK)
    assert statements(lambda: record(FIRST, "case.accepted", actor=CLERK)) == ["SELECT", "WITH"]


def test_a_thousand_events_take_two_statements():
    entries = [NewEvent(Reference("case", f"B{place}"), "case.closed") for place in range(1000)]
    record_many(entries[:500], actor=SYSTEM)
    assert statements(lambda: record_many(entries, actor=SYSTEM)) == ["SELECT", "WITH"]
    assert events_of(Reference("case", "B499")).count() == 2
    assert events_of(Reference("case", "B500")).count() == 1


def test_several_events_of_one_chain_in_one_call_keep_their_order():
    record_many([NewEvent(FIRST, "a"), NewEvent(SECOND, "b"), NewEvent(FIRST, "c")], actor=SYSTEM)
    assert [(event.seq, event.kind) for event in events_of(FIRST)] == [(1, "a"), (2, "c")]
    assert verify_chain(FIRST).ok
    assert verify_chain(SECOND).ok


def test_nothing_to_record_asks_nothing():
    assert statements(lambda: record_many([], actor=SYSTEM)) == []


def test_every_kind_of_data_survives_the_database():
    data = {"text": "䶮𠀀·é", "big": 10**30, "none": None, "list": [1, [True]], "中文键": {"z": 1, "a": 2}}
    record(FIRST, "case.changed", actor=CLERK, data=data)
    assert events_of(FIRST)[0].data == data
    assert verify_chain(FIRST).ok


def test_two_at_once_on_one_chain_is_a_conflict(monkeypatch):
    record(FIRST, "case.received", actor=CLERK)
    monkeypatch.setattr("yueban.audit.services._heads_of", lambda _references: {})
    with pytest.raises(ChainBusy, match="他人"), transaction.atomic():
        record(FIRST, "case.accepted", actor=CLERK)


@pytest.mark.parametrize("model", [Event, Anchor, AnchoredHead])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "DELETE FROM {} WHERE false"])
def test_the_database_refuses_to_change_or_delete(model, act):
    record(FIRST, "case.received", actor=CLERK)
    anchor_day(clock.today())
    refused = pytest.raises(IntegrityError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(model._meta.db_table))


def test_the_models_cannot_change_or_delete_either():
    record(FIRST, "case.received", actor=CLERK)
    event = events_of(FIRST)[0]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()
