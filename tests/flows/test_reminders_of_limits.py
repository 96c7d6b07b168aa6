"""Before a limit ends, whoever must act is told of it, once; the rules stand in the city pack."""

import io

import pytest
from django.conf import settings

from tests import people
from tests.channels.visitors import visitor
from tests.flows.moments import set_now
from yueban.approvals import services as approvals
from yueban.approvals.models import Task
from yueban.clocks.choices import ClockKind
from yueban.flows import remind, review, special, supplement
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db


def told(case, title: str) -> set[str]:
    rows = Message.objects.filter(reference_number=case.number, title=title).select_related("user")
    return {row.user.username for row in rows}


def asked_for_more():
    set_now(2026, 11, 2)
    case = people.received()
    items = [{"material": "safety-rules", "what": "缺章"}]
    return review.request_supplement(people.actor(people.CLERK), case.number, items)


def test_the_pack_has_a_rule_for_every_limit():
    stated = remind.read_rules(settings.CITY_DIR / remind.FILE)
    assert {rule.clock for rule in stated} == set(ClockKind)
    for rule in stated:
        assert rule.sentence.format(item="某事项", day="11月9日")


def test_an_applicant_is_reminded_of_what_he_must_supply_three_working_days_before_and_once():
    case = asked_for_more()  # until 23 November
    set_now(2026, 11, 17)
    remind.remind()
    assert told(case, "补正快到期") == set()
    set_now(2026, 11, 18)
    assert remind.remind() == 1
    assert told(case, "补正快到期") == {people.OWNER}
    set_now(2026, 11, 19)
    assert remind.remind() == 0
    assert Message.objects.filter(reference_number=case.number, title="补正快到期").count() == 1


def test_a_limit_that_was_met_reminds_nobody():
    case = asked_for_more()
    owner = people.actor(people.OWNER)
    supplement.attach(owner, case.number, "safety-rules", io.BytesIO(people.PDF + b"2"), "a.pdf")
    supplement.supply(owner, case.number)
    set_now(2026, 11, 18)
    remind.remind()
    assert told(case, "补正快到期") == set()


def test_the_promise_reminds_who_has_taken_the_task_else_the_whole_post():
    set_now(2026, 11, 2)
    case = people.accepted()  # promised until 9 November
    task = Task.objects.get(reference_number=case.number, kind="review", state="open")
    reviewer = people.actor(people.REVIEWER)
    approvals.take_task(task=task, actor=reviewer)
    set_now(2026, 11, 5)
    remind.remind()
    reached = told(case, "承诺期限快到")
    assert {people.REVIEWER, people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER} <= reached
    assert people.OWNER not in reached
    assert people.OTHER_COUNTY not in reached


def test_a_moved_limit_is_told_again_before_its_new_last_day():
    set_now(2026, 11, 2)
    case = people.accepted()
    set_now(2026, 11, 5)
    remind.remind()
    special.extend(people.actor(people.DECIDER), case.number, "需要到外省核实")
    assert remind.remind() == 0
    set_now(2026, 11, 19)
    remind.remind()
    events = Message.objects.filter(
        reference_number=case.number, title="承诺期限快到", user__username=people.REVIEWER
    )
    assert events.count() == 2


def test_the_inbox_shows_reminders_until_they_are_read():
    set_now(2026, 11, 2)
    case = people.accepted()
    set_now(2026, 11, 5)
    remind.remind()
    client = visitor(people.REVIEWER)
    page = client.get("/desk/").content.decode()
    assert "承诺期限快到" in page
    assert f"/desk/cases/{case.number}/" in page
    client.post("/desk/reminders/read")
    assert "承诺期限快到" not in client.get("/desk/").content.decode()
