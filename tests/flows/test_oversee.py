"""督办: a supervisor presses a case, the agency answers, he strikes it off; the route goes on meanwhile."""

import pytest

from tests import people, village
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.audit import selectors as audit
from yueban.cases.choices import CaseState
from yueban.flows import oversee, review
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


def test_pressed_answered_and_struck_off_as_events_of_the_case():
    case, supervisor = people.accepted(), people.actor(people.SUPERVISOR)
    oversee.press(supervisor, case.number, "已近承诺期限，请抓紧。")
    task = approvals.tasks_of(Reference("case", case.number)).get(kind=TaskKind.OVERSEE)
    worker = next(
        people.actor(name)
        for name in (people.REVIEWER, people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER)
        if approvals.inbox(people.actor(name)).filter(pk=task.pk).exists()
    )
    oversee.answer(worker, task.pk, "今天办完。")
    told = oversee.find(case)
    assert told is not None
    assert (told.state, told.answer) == (oversee.ANSWER, "今天办完。")
    oversee.close(supervisor, case.number)
    kinds = [event.kind for event in audit.events_of(Reference("case", case.number))]
    assert kinds[-3:] == [oversee.PRESS, oversee.ANSWER, oversee.CLOSE]
    case.refresh_from_db()
    assert case.state == CaseState.ACCEPTED, "he sees and asks, he moves nothing"


def test_a_town_window_is_pressed_for_what_waits_at_it():
    village.settle()
    case = village.handed_in()
    oversee.press(people.actor(people.SUPERVISOR), case.number, "请今天受理。")
    clerk = village.actor(village.CLERK)
    task = approvals.inbox(clerk).get(reference_number=case.number, kind=TaskKind.OVERSEE)
    oversee.answer(clerk, task.pk, "今天受理。")
    told = oversee.find(case)
    assert told is not None
    assert told.state == oversee.ANSWER


def test_an_open_question_holds_nothing_up():
    case = people.accepted()
    oversee.press(people.actor(people.SUPERVISOR), case.number, "请抓紧。")
    for person in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        worker = people.actor(person)
        task = approvals.inbox(worker).exclude(kind=TaskKind.OVERSEE).get(reference_number=case.number)
        review.finish_task(worker, task.pk, outcome=TaskOutcome.CONFORMS)
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING


def test_only_one_at_a_time_and_struck_off_only_after_an_answer():
    case, supervisor = people.accepted(), people.actor(people.SUPERVISOR)
    with pytest.raises(oversee.OversightOpen, match="没有可以销号"):
        oversee.close(supervisor, case.number)
    oversee.press(supervisor, case.number, "请抓紧。")
    with pytest.raises(oversee.OversightOpen, match="已经在督办"):
        oversee.press(supervisor, case.number, "再催一次。")
    with pytest.raises(oversee.OversightOpen):
        oversee.close(supervisor, case.number)


def test_nobody_but_a_supervisor_presses_and_never_without_words():
    case = people.accepted()
    with pytest.raises(NotAllowed):
        oversee.press(people.actor(people.REVIEWER), case.number, "请抓紧。")
    with pytest.raises(Invalid):
        oversee.press(people.actor(people.SUPERVISOR), case.number, "   ")
