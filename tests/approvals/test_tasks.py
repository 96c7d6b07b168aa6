"""Tasks: who sees which, in what order, and what may be done with one."""

import pytest

from tests import people
from yueban.agencies.selectors import get_agency
from yueban.approvals import selectors, services
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.errors import TaskNotFound, TaskNotYours, TaskTaken
from yueban.approvals.models import Task
from yueban.kernel import roles
from yueban.kernel.actor import ANONYMOUS
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
CASE = Reference("case", "33060220261122000000017")


def plan(
    key: str, *, stage: int = 1, role: str = roles.REVIEWER, agency: str = "yuecheng-transport", days: int = 0
):
    return services.TaskPlan(
        key=key,
        kind=TaskKind.REVIEW,
        name=key,
        agency_id=get_agency(agency).pk,
        role=role,
        stage=stage,
        days=days,
    )


def planned(*plans: services.TaskPlan, open_stage: int = 1, reference: Reference = CASE) -> list[Task]:
    subject = services.Subject(
        reference=reference,
        title="道路普通货物运输经营许可",
        applicant_name="示例运输有限公司",
        division_code="330602000000",
    )
    return services.plan_tasks(subject=subject, plans=plans, open_stage=open_stage)


def test_tasks_of_the_first_stage_are_open_and_later_ones_wait():
    now, later = planned(plan("a", days=2), plan("b", stage=2, days=2))
    assert (now.state, later.state) == (TaskState.OPEN, TaskState.WAITING)
    assert now.due_on is not None
    assert later.due_on is None, "a limit counts from the day the task is opened"


def test_the_next_stage_opens_only_when_all_of_this_one_is_done():
    first, second, third = planned(plan("a"), plan("b"), plan("c", stage=2, days=1))
    reviewer = people.actor(people.REVIEWER)
    services.finish_task(task=first, actor=reviewer, outcome=TaskOutcome.CONFORMS)
    assert services.open_next_stage(reference=CASE) == []
    services.finish_task(task=second, actor=reviewer, outcome=TaskOutcome.CONFORMS)
    assert services.open_next_stage(reference=CASE) == [third]
    third.refresh_from_db()
    assert (third.state, third.due_on is None) == (TaskState.OPEN, False)
    assert services.open_next_stage(reference=CASE) == [], "a stage is opened once"


def test_the_inbox_holds_the_work_of_ones_posts_and_not_what_a_colleague_has_taken():
    (mine,) = planned(plan("a"))
    planned(plan("b", role=roles.DECIDER), reference=Reference("case", "2"))
    planned(plan("c", agency="zhuji-transport"), reference=Reference("case", "3"))
    reviewer, colleague = people.actor(people.REVIEWER), people.actor("reviewer-feng")
    assert list(selectors.inbox(reviewer)) == list(selectors.inbox(colleague)) == [mine]
    services.take_task(task=mine, actor=colleague)
    assert list(selectors.inbox(reviewer)) == []
    assert list(selectors.inbox(colleague)) == [mine]
    assert not selectors.inbox(ANONYMOUS).exists()


def test_the_most_urgent_comes_first_and_work_without_a_limit_last():
    planned(plan("none"), plan("late", days=5), plan("soon", days=1))
    found = [task.key for task in selectors.inbox(people.actor(people.REVIEWER))]
    assert found == ["soon", "late", "none"]


def test_a_supervisor_sees_the_tasks_of_his_division_and_cannot_do_them():
    (task,) = planned(plan("a"))
    supervisor = people.actor(people.SUPERVISOR)
    assert list(selectors.tasks_visible_to(supervisor)) == [task]
    assert not selectors.inbox(supervisor).exists()
    with pytest.raises(TaskNotYours):
        services.lock_task(task_id=task.pk, actor=supervisor)


@pytest.mark.parametrize("username", [people.OTHER_COUNTY, people.CLERK, people.OWNER, people.DECIDER])
def test_nobody_works_on_what_is_not_of_his_post(username):
    (task,) = planned(plan("a"))
    with pytest.raises(TaskNotYours):
        services.lock_task(task_id=task.pk, actor=people.actor(username))


def test_a_task_that_does_not_exist_is_not_found():
    with pytest.raises(TaskNotFound):
        services.lock_task(task_id=0, actor=people.actor(people.REVIEWER))


def test_taking_ones_own_task_again_changes_nothing_and_a_colleague_is_told_who_has_it():
    (task,) = planned(plan("a"))
    reviewer = people.actor(people.REVIEWER)
    services.take_task(task=task, actor=reviewer)
    taken_at, revision = task.taken_at, task.revision
    services.take_task(task=task, actor=reviewer)
    assert (task.taken_at, task.revision) == (taken_at, revision)
    with pytest.raises(TaskTaken) as refusal:
        services.take_task(task=task, actor=people.actor("reviewer-feng"))
    assert refusal.value.data == {"by": reviewer.name}


def test_a_task_is_finished_once_with_its_outcome_and_words():
    (task,) = planned(plan("a"))
    reviewer = people.actor(people.REVIEWER)
    answers = [{"check": "车辆相符", "answer": "conforms", "note": ""}]
    services.finish_task(
        task=task, actor=reviewer, outcome=TaskOutcome.CONFORMS, opinion="相符", answers=answers
    )
    task.refresh_from_db()
    assert (task.state, task.outcome, task.opinion, task.answers) == ("done", "conforms", "相符", answers)
    assert list(selectors.done_by(reviewer)) == [task]
    with pytest.raises(TaskTaken, match="已经办过"):
        services.finish_task(task=task, actor=reviewer, outcome=TaskOutcome.DEVIATES)


def test_cancelling_ends_open_and_waiting_work_and_leaves_what_is_done():
    done, open_one, waiting = planned(plan("a"), plan("b"), plan("c", stage=2))
    services.finish_task(task=done, actor=people.actor(people.REVIEWER), outcome=TaskOutcome.CONFORMS)
    assert services.cancel_open(reference=CASE) == 2
    states = dict(Task.objects.values_list("key", "state"))
    assert states == {"a": TaskState.DONE, "b": TaskState.CANCELLED, "c": TaskState.CANCELLED}
    assert services.cancel_open(reference=CASE) == 0
    assert {open_one.pk, waiting.pk}.isdisjoint(t.pk for t in selectors.inbox(people.actor(people.REVIEWER)))


def test_waiting_work_opens_no_case_to_an_agency():
    planned(plan("check", stage=2, role=roles.CHECKER, agency="yuecheng-transport"), open_stage=1)
    from dataclasses import replace

    checker = people.actor(people.VEHICLE_CHECKER)
    bureau = get_agency("yuecheng-transport")
    post = replace(
        checker.posts[0], agency=bureau.code, agency_id=bureau.pk, agency_ids=frozenset((bureau.pk,))
    )
    asked = replace(checker, posts=(post,))
    assert list(selectors.references_with_task_for(asked, "case")) == []
    services.open_next_stage(reference=CASE)
    assert list(selectors.references_with_task_for(asked, "case")) == [CASE.number]


def test_the_inbox_is_one_query_however_long(django_assert_num_queries):
    reviewer = people.actor(people.REVIEWER)
    for count in (1, 10):
        planned(*(plan(f"{count}-{number}") for number in range(count)))
        with django_assert_num_queries(1):
            assert len([(task.agency.name, task.taken_by) for task in selectors.inbox(reviewer)]) >= count
