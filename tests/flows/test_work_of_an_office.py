"""Many tasks at once, each under its own guards; the workload of an office; standard phrases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskOutcome, TaskState
from yueban.approvals.models import Phrase, Task
from yueban.cases.models import Case
from yueban.flows import bulk, countersign, phrases, review, route_work, stand_in
from yueban.kernel.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db

SECOND, OFFICE = "reviewer-feng", "yuecheng-transport"


def review_of(case: Case) -> Task:
    return Task.objects.exclude(state=TaskState.RETURNED).get(reference_number=case.number, key="review")


def two_reviews() -> list[Task]:
    return [review_of(people.accepted()) for _ in range(2)]


def test_many_are_taken_and_what_a_colleague_was_faster_with_is_left_out():
    first, second = two_reviews()
    review.take(people.actor(SECOND), second.pk)
    results = bulk.take(people.actor(people.REVIEWER), [first.pk, second.pk])
    assert [(one.task.pk, one.is_done) for one in results] == [(first.pk, True)]
    second.refresh_from_db()
    assert second.taken_by_id == people.user(SECOND).pk


def test_one_that_fails_says_why_and_undoes_no_other():
    first, second = two_reviews()
    people_signing = [people.user(SECOND).pk]
    countersign.ask(
        people.actor(people.REVIEWER), second.pk, people=people_signing, offices=[], words="请会签"
    )
    results = bulk.conform(
        people.actor(people.REVIEWER), [first.pk, second.pk], opinion="材料齐全", has_checked=True
    )
    told = {one.task.pk: one.why_not for one in results}
    assert told[first.pk] == ""
    assert "冯复审" in told[second.pk]
    states = dict(Task.objects.filter(pk__in=told).values_list("pk", "state"))
    assert states == {first.pk: "done", second.pk: "open"}


def test_conforming_answers_every_point_and_keeps_the_one_opinion():
    tasks = two_reviews()
    bulk.conform(
        people.actor(people.REVIEWER), [task.pk for task in tasks], opinion="材料齐全", has_checked=True
    )
    for task in tasks:
        task.refresh_from_db()
        assert (task.outcome, task.opinion) == (TaskOutcome.CONFORMS, "材料齐全")
        assert [answer["answer"] for answer in task.answers] == ["conforms"] * len(task.checks)


def test_a_double_press_reviews_each_once():
    tasks = two_reviews()
    actor, numbers = people.actor(people.REVIEWER), [task.pk for task in tasks]
    bulk.conform(actor, numbers, opinion="", has_checked=True, key="k")
    with pytest.raises(Invalid):
        bulk.conform(actor, numbers, opinion="", has_checked=True, key="k")


def test_only_one_item_and_step_only_reviews_and_only_when_somebody_has_looked():
    case = people.accepted()
    task = review_of(case)
    check = Task.objects.get(reference_number=case.number, key="vehicle-check")
    with pytest.raises(Invalid) as unlooked:
        bulk.conform(people.actor(people.REVIEWER), [task.pk], opinion="", has_checked=False)
    assert set(unlooked.value.fields) == {"has_checked"}
    with pytest.raises(Invalid) as checking:
        bulk.conform(people.actor(people.VEHICLE_CHECKER), [check.pk], opinion="", has_checked=True)
    assert "审查环节" in checking.value.fields["tasks"]
    with pytest.raises(Invalid) as nothing:
        bulk.conform(people.actor(people.OTHER_COUNTY), [task.pk], opinion="", has_checked=True)
    assert set(nothing.value.fields) == {"tasks"}


def test_what_was_sent_back_is_worked_by_itself():
    case = people.deciding()
    opened = route_work.send_back(
        people.actor(people.DECIDER), case.number, review_of(case).pk, reason="车辆请再核"
    )
    (result,) = bulk.conform(people.actor(people.REVIEWER), [opened.pk], opinion="", has_checked=True)
    assert "单独办" in result.why_not


def test_the_head_evens_out_what_others_hold():
    tasks = two_reviews()
    for task in tasks:
        review.take(people.actor(people.REVIEWER), task.pk)
    results = bulk.hand(
        people.actor(people.DECIDER),
        [task.pk for task in tasks],
        user_id=people.user(SECOND).pk,
        reason="调整分工",
    )
    assert [one.is_done for one in results] == [True, True]
    assert approvals.inbox(people.actor(SECOND)).filter(pk__in=[task.pk for task in tasks]).count() == 2
    with pytest.raises(Invalid):
        bulk.hand(
            people.actor(people.REVIEWER),
            [tasks[0].pk],
            user_id=people.user(people.REVIEWER).pk,
            reason="还给我",
        )


def test_the_workload_counts_open_taken_overdue_and_done_by_person_and_item():
    first, second = two_reviews()
    review.take(people.actor(people.REVIEWER), first.pk)
    Task.objects.filter(pk=first.pk).update(due_on="2020-01-01")
    review.finish_task(people.actor(SECOND), second.pk, outcome=TaskOutcome.CONFORMS)
    found = approvals.workload([OFFICE])
    told = {load.name: (load.open, load.overdue, load.done) for load in found.people}
    assert told["郑审查"] == (1, 1, 0)
    assert told["冯复审"] == (0, 0, 1)
    (item,) = [load for load in found.items if load.name == first.title]
    assert (item.taken, item.overdue, item.done) == (1, 1, 1)


def test_the_workload_asks_two_questions_however_much_there_is():
    two_reviews()
    with CaptureQueriesContext(connection) as few:
        approvals.workload([OFFICE])
    two_reviews()
    with CaptureQueriesContext(connection) as many:
        approvals.workload([OFFICE])
    assert (len(few), len(many)) == (2, 2)


def test_an_office_led_in_anothers_place_is_not_ones_own():
    assert stand_in.headed_agencies(people.actor(people.DECIDER)) == {OFFICE}
    assert stand_in.headed_agencies(people.actor(people.REVIEWER)) == frozenset()


def test_the_head_keeps_the_offices_phrases_and_everybody_his_own():
    head, reviewer = people.actor(people.DECIDER), people.actor(people.REVIEWER)
    shared = phrases.add(head, agency=OFFICE, kind="review", text="同意，材料齐全。", is_shared=True)
    own = phrases.add(reviewer, agency=OFFICE, kind="", text="车辆条件符合。", is_shared=False)
    task = review_of(people.accepted())
    assert [one.pk for one in phrases.offered(reviewer, [task])] == [own.pk, shared.pk]
    assert [one.pk for one in phrases.offered(people.actor(SECOND), [task])] == [shared.pk]
    with pytest.raises(NotAllowed):
        phrases.add(reviewer, agency=OFFICE, kind="", text="给大家用", is_shared=True)
    with pytest.raises(NotAllowed):
        phrases.remove(reviewer, shared.pk)


def test_phrases_of_another_step_and_another_office_are_not_offered():
    head = people.actor(people.DECIDER)
    phrases.add(head, agency=OFFICE, kind="decide", text="同意准予。", is_shared=True)
    task = review_of(people.accepted())
    assert phrases.offered(people.actor(people.REVIEWER), [task]) == []
    with pytest.raises(Invalid):
        phrases.add(people.actor(people.OTHER_COUNTY), agency=OFFICE, kind="", text="外单位", is_shared=False)


def test_a_favourite_is_a_phrase_of_ones_own_and_kept_once():
    head, reviewer = people.actor(people.DECIDER), people.actor(people.REVIEWER)
    shared = phrases.add(head, agency=OFFICE, kind="", text="同意。", is_shared=True)
    mine = phrases.favour(reviewer, shared.pk)
    assert phrases.favour(reviewer, shared.pk).pk == mine.pk
    assert mine.owner_id == reviewer.user_id
    phrases.remove(reviewer, mine.pk)
    with pytest.raises(NotFound):
        phrases.remove(reviewer, mine.pk)


def test_what_is_used_often_comes_first_and_only_ones_own_uses_count():
    head = people.actor(people.DECIDER)
    first = phrases.add(head, agency=OFFICE, kind="", text="甲", is_shared=True)
    second = phrases.add(head, agency=OFFICE, kind="", text="乙", is_shared=True)
    phrases.used(people.actor(people.REVIEWER), [second.pk])
    phrases.used(people.actor(people.OTHER_COUNTY), [first.pk])
    assert [one.text for one in phrases.listed(people.actor(SECOND))] == ["乙", "甲"]
    assert Phrase.objects.get(pk=first.pk).uses == 0


@pytest.mark.parametrize(("field", "typed"), [("text", {"text": " "}), ("kind", {"kind": "payment"})])
def test_a_phrase_that_cannot_be_kept_says_why(field, typed):
    given = {"agency": OFFICE, "kind": "", "text": "同意", "is_shared": False} | typed
    with pytest.raises(Invalid) as refused:
        phrases.add(people.actor(people.REVIEWER), **given)
    assert set(refused.value.fields) == {field}
