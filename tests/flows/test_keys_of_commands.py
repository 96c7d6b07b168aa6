"""A key belongs to one command on one case; anything else under it is refused, never quietly taken as done."""

import pytest

from tests import people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.errors import TaskTaken
from yueban.cases.choices import CaseState
from yueban.cases.errors import CaseMoveNotPossible
from yueban.flows import review

pytestmark = pytest.mark.django_db


def test_the_key_of_one_case_does_nothing_on_another():
    first, second = people.submitted(), people.submitted(people.STRANGER)
    clerk = people.actor(people.CLERK)
    review.receive(clerk, first.number, key="k")
    with pytest.raises(CaseMoveNotPossible, match="用在另一件办件上"):
        review.receive(clerk, second.number, key="k")
    second.refresh_from_db()
    assert second.state == CaseState.APPLIED


def test_agreeing_and_then_disagreeing_from_the_same_page_is_refused():
    case = people.accepted()
    reviewer = people.actor(people.REVIEWER)
    task = approvals.inbox(reviewer).get(reference_number=case.number, kind=TaskKind.REVIEW)
    review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS, key="k")
    review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS, key="k")
    with pytest.raises(TaskTaken):
        review.finish_task(reviewer, task.pk, outcome=TaskOutcome.DEVIATES, opinion="不符", key="k")
    task.refresh_from_db()
    assert task.outcome == TaskOutcome.CONFORMS


def test_refusing_and_then_granting_under_one_key_is_refused():
    case = people.deciding()
    decider = people.actor(people.DECIDER)
    review.decide(decider, case.number, is_granted=False, reason="车辆检验已过期。", key="k")
    with pytest.raises(CaseMoveNotPossible):
        review.decide(decider, case.number, is_granted=True, key="k")
