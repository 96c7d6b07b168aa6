"""The event of a move is tied to the head read with the lock, and anew where that is no longer the last."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import people
from yueban.audit import selectors as audit_read
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.transitions import reference_of
from yueban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


def told(case):
    return [event.kind for event in audit_read.events_of(reference_of(case))]


def test_a_move_takes_two_statements_with_its_lock_its_event_and_its_clocks():
    number, clerk = people.submitted().number, people.actor(people.CLERK)
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as sent,
    ):
        case = cases.lock_case(number=number, actor=clerk)
        cases.move(case=case, event=CaseEvent.RECEIVE, actor=clerk)
    assert [query["sql"].split()[0] for query in sent] == ["SELECT", "WITH"]
    assert told(case)[-1] == "receive"
    assert audit_read.verify_chain(reference_of(case)).ok


def test_what_the_flow_told_after_the_lock_comes_before_the_move():
    number, clerk = people.submitted().number, people.actor(people.CLERK)
    with transaction.atomic():
        case = cases.lock_case(number=number, actor=clerk)
        audit.record(reference_of(case), "noted", actor=SYSTEM)
        cases.move(case=case, event=CaseEvent.RECEIVE, actor=clerk)
    assert told(case)[-2:] == ["noted", "receive"]
    assert audit_read.verify_chain(reference_of(case)).ok


def test_two_moves_under_one_lock_follow_each_other():
    number, clerk = people.submitted().number, people.actor(people.CLERK)
    with transaction.atomic():
        case = cases.lock_case(number=number, actor=clerk)
        cases.move(case=case, event=CaseEvent.RECEIVE, actor=clerk)
        cases.move(case=case, event=CaseEvent.ACCEPT, actor=clerk)
    assert told(case)[-2:] == ["receive", "accept"]
    assert audit_read.verify_chain(reference_of(case)).ok
