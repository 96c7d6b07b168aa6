"""终止办理: the subject is gone in the middle; nothing more is granted, announced, done or waited for."""

import pytest

from tests import benefits, people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskState
from yueban.approvals.errors import NoticeNotFound
from yueban.approvals.models import Task
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.cases.errors import CaseInputInvalid, CaseMoveNotAllowed, CaseMoveNotPossible
from yueban.clocks import selectors as clocks
from yueban.documents import selectors as documents
from yueban.flows import review
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message
from yueban.parties.models import Party

pytestmark = pytest.mark.django_db
WHY = "申请人已于11月20日注销，登记机关来函核实。"


@pytest.mark.parametrize(
    ("make", "who"),
    [
        (people.received, people.CLERK),
        (people.accepted, people.REVIEWER),
        (people.accepted, people.CLERK),
        (people.deciding, people.DECIDER),
    ],
)
def test_the_window_the_reviewer_and_the_decider_may_end_it_with_a_reason(make, who):
    case = make()
    review.terminate(people.actor(who), case.number, WHY)
    case.refresh_from_db()
    reference = Reference("case", case.number)
    assert (case.state, case.decision_reason) == (CaseState.TERMINATED, WHY)
    assert not Task.objects.filter(
        reference_number=case.number, state__in=[TaskState.OPEN, TaskState.WAITING]
    ).exists()
    assert clocks.live_clocks_of("case", [case.number]) == {}
    assert documents.documents_of(reference).get(kind="termination").title == "终止办理通知书"
    told = Message.objects.get(reference_number=case.number, event="terminated")
    assert WHY in told.body
    assert "终止办理通知书" in cases.next_step(case).sentence


def test_without_a_reason_nothing_ends():
    case = people.accepted()
    with pytest.raises(CaseInputInvalid):
        review.terminate(people.actor(people.REVIEWER), case.number, " ")
    case.refresh_from_db()
    assert case.state == CaseState.ACCEPTED


def test_a_checker_and_the_applicant_end_nothing():
    case = people.accepted()
    for name in (people.VEHICLE_CHECKER, people.OWNER):
        with pytest.raises(CaseMoveNotAllowed):
            review.terminate(people.actor(name), case.number, WHY)


def test_after_the_decision_it_is_too_late():
    with pytest.raises(CaseMoveNotPossible):
        review.terminate(people.actor(people.DECIDER), people.granted().number, WHY)


def test_a_subject_that_ends_in_the_middle_is_not_granted_and_its_notice_goes_off_the_net():
    case = people.accepted()
    notice = benefits.notice_of(case)
    Party.objects.filter(pk=case.party_id).update(ended_on=clock.today())
    review.terminate(people.actor(people.REVIEWER), case.number, WHY, key="k")
    review.terminate(people.actor(people.REVIEWER), case.number, WHY, key="k")
    with pytest.raises(NoticeNotFound):
        approvals.get_public_notice(notice.number)
