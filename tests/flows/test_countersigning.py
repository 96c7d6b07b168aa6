"""会签: whoever asks waits until all have signed, and everybody reads the others' words."""

import pytest

from tests import people
from yueban.agencies import services as agencies
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.errors import SignaturesMissing
from yueban.approvals.models import Task
from yueban.cases.choices import CaseState
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.flows import countersign, review, route_work, stand_in
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accepted_once")]

SECOND, OFFICE = "reviewer-feng", "yuecheng-human-resources"


def review_task(case: Case) -> Task:
    return Task.objects.get(reference_number=case.number, key="review")


def asked(case: Case, task: Task, by: str = people.REVIEWER, **how: object) -> list[Task]:
    options = {"people": [people.user(SECOND).pk], "offices": [OFFICE], "words": "车辆条件是否相适应"} | how
    return countersign.ask(people.actor(by), task.pk, **options)


def sign(task: Task, outcome: TaskOutcome = TaskOutcome.CONFORMS, opinion: str = "同意") -> None:
    who = SECOND if task.taken_by_id else "reviewer-tao"
    review.finish_task(people.actor(who), task.pk, outcome=outcome, opinion=opinion)


def test_a_named_colleague_and_another_agency_are_asked_in_the_same_stage():
    case = people.accepted()
    named, office = asked(case, review_task(case))
    assert (named.kind, named.stage, named.taken_by_id) == (TaskKind.COUNTERSIGN, 1, people.user(SECOND).pk)
    assert approvals.inbox(people.actor(SECOND)).filter(pk=named.pk).exists()
    assert approvals.inbox(people.actor("reviewer-tao")).filter(pk=office.pk).exists()
    assert named.sent_words == "车辆条件是否相适应"


def test_whoever_asked_waits_for_every_signature():
    case = people.accepted()
    task = review_task(case)
    named, office = asked(case, task)
    reviewer = people.actor(people.REVIEWER)
    sign(named)
    with pytest.raises(SignaturesMissing, match="人社局"):
        review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS)
    sign(office)
    assert review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS).state == TaskState.DONE


def test_each_reads_what_the_others_said():
    case = people.accepted()
    named, _ = asked(case, review_task(case))
    sign(named, opinion="车型相符")
    told = {one.opinion for one in approvals.tasks_of(Reference("case", case.number)) if one.opinion}
    assert "车型相符" in told


def test_a_decider_waits_for_signatures_and_one_against_keeps_him_from_granting():
    case = people.deciding()
    task = Task.objects.get(reference_number=case.number, key="decide")
    named, office = asked(case, task, people.DECIDER)
    decider = people.actor(people.DECIDER)
    with pytest.raises(CaseMoveNotPossible):
        review.decide(decider, case.number, is_granted=True)
    sign(named)
    sign(office, TaskOutcome.DEVIATES, "材料有疑问")
    with pytest.raises(CaseMoveNotPossible, match="会签"):
        review.decide(decider, case.number, is_granted=True)
    assert (
        review.decide(decider, case.number, is_granted=False, reason="不符合条件").state == CaseState.REFUSED
    )


def test_a_signature_no_longer_needed_is_dropped_by_whoever_asked():
    case = people.accepted()
    task = review_task(case)
    named, office = asked(case, task)
    sign(named)
    with pytest.raises(NotAllowed):
        countersign.drop(people.actor(SECOND), office.pk)
    countersign.drop(people.actor(people.REVIEWER), office.pk)
    done = review.finish_task(people.actor(people.REVIEWER), task.pk, outcome=TaskOutcome.CONFORMS)
    assert done.state == TaskState.DONE


def test_a_double_press_asks_once():
    case = people.accepted()
    task = review_task(case)
    assert len(asked(case, task, key="one")) == 2
    assert asked(case, task, key="one") == []
    assert Task.objects.filter(reference_number=case.number, kind=TaskKind.COUNTERSIGN).count() == 2


@pytest.mark.parametrize(
    ("how", "field"),
    [({"people": [], "offices": []}, "signers"), ({"words": " "}, "words"), ({"days": 11}, "days")],
)
def test_what_is_missing_is_said_beside_its_field(how, field):
    case = people.accepted()
    with pytest.raises(Invalid) as refused:
        asked(case, review_task(case), **how)
    assert set(refused.value.fields) == {field}


def test_only_whoever_reviews_or_decides_asks():
    case = people.accepted()
    check = Task.objects.get(reference_number=case.number, key="vehicle-check")
    with pytest.raises(NotAllowed):
        asked(case, check, people.VEHICLE_CHECKER)
    review.take(people.actor(SECOND), review_task(case).pk)
    with pytest.raises(NotAllowed):
        asked(case, review_task(case))


def test_signatures_on_what_was_sent_back_are_asked_for_again():
    case = people.deciding()
    task = Task.objects.get(reference_number=case.number, key="decide")
    named, office = asked(case, task, people.DECIDER)
    sign(named)
    route_work.send_back(people.actor(people.DECIDER), case.number, review_task(case).pk, reason="请补充核查")
    again = Task.objects.get(reference_number=case.number, returned_from=named)
    assert again.state == TaskState.WAITING
    office.refresh_from_db()
    assert office.state == TaskState.WAITING


def test_a_county_with_many_agencies_offers_only_those_that_review():
    agencies.give_post(
        user=people.user(SECOND), role="reviewer", agency="yuecheng-market-regulation", actor=SYSTEM
    )
    case = people.accepted()
    offered = {
        one.code for one in countersign.choices_for(people.actor(people.REVIEWER), review_task(case)).agencies
    }
    assert {OFFICE, "yuecheng-market-regulation"} <= offered
    assert "yuecheng-transport" not in offered
    assert "keqiao-transport" not in offered


def test_who_asked_does_not_sign_in_the_name_of_the_colleague_he_asked():
    case = people.accepted()
    task = review_task(case)
    named, _ = asked(case, task)
    today = clock.today()
    stand_in.name(
        people.actor(SECOND),
        user_id=people.user(SECOND).pk,
        substitute_id=people.user(people.REVIEWER).pk,
        starts_on=today,
        ends_on=today,
        reason="出差",
    )
    with pytest.raises(NotAllowed, match="自己发起"):
        review.finish_task(people.actor(people.REVIEWER), named.pk, outcome=TaskOutcome.CONFORMS)
    named.refresh_from_db()
    assert named.state == TaskState.OPEN
